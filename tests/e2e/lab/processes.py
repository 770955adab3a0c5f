"""Processes that this run started, and only those."""

import os
import signal
import subprocess
import time


class Process:
    """A running program whose output goes to a file. Stopped by its own pid."""

    def __init__(self, name, arguments, log_path, env=None):
        self.name = name
        self.log_path = log_path
        with open(log_path, "ab") as log:
            self._child = subprocess.Popen(
                arguments, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env,
                start_new_session=True)

    @property
    def pid(self):
        return self._child.pid

    def exit_status(self):
        """None while it runs; minus the signal's number where a signal ended it."""
        return self._child.poll()

    def signal(self, number):
        if self._child.poll() is None:
            os.kill(self._child.pid, number)

    def stop(self, grace_seconds=1.0):
        """SIGTERM, and SIGKILL when it is still there after the grace. Returns the exit status."""
        self.signal(signal.SIGTERM)
        try:
            return self._child.wait(grace_seconds)
        except subprocess.TimeoutExpired:
            self.kill()
            return self._child.wait()

    def kill(self):
        """SIGKILL: what a lost node does to a pod."""
        self.signal(signal.SIGKILL)
        self._child.wait()

    def kill_group(self):
        """SIGKILL to it and to what it has started."""
        if self._child.poll() is None:
            os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()

    def resident_mib(self):
        """Resident memory, 0 when it has ended."""
        try:
            with open(f"/proc/{self.pid}/status", encoding="utf-8") as status:
                for line in status:
                    if line.startswith("VmRSS:"):
                        return int(line.split()[1]) // 1024
        except OSError:
            pass
        return 0

    def log_tail(self, lines=15):
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])


def run(arguments, stdin=None, env=None, timeout=120):
    """Runs a program to its end: (exit status, standard output, standard error)."""
    done = subprocess.run(arguments, input=stdin, capture_output=True, text=True, env=env,
                          timeout=timeout, check=False)
    return done.returncode, done.stdout, done.stderr


def must_run(arguments, stdin=None, env=None, timeout=120):
    """Runs a program that the scenario takes for granted; its output."""
    status, out, err = run(arguments, stdin, env, timeout)
    if status != 0:
        raise RuntimeError(f"{' '.join(arguments)}: status {status}: {err or out}")
    return out


def sleep_until(moment):
    """Sleeps until a moment of the monotonic clock."""
    left = moment - time.monotonic()
    if left > 0:
        time.sleep(left)
