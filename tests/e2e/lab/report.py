"""What is printed while scenarios run: one line for each thing that was proven."""

import contextlib
import time


class CheckFailed(Exception):
    """What was to be shown is not so. The text says what was seen instead."""


def check(condition, what_was_seen):
    """Ends the step when the condition does not hold."""
    if not condition:
        raise CheckFailed(what_was_seen)


def check_equal(seen, wanted, what):
    """Ends the step when two values differ."""
    if seen != wanted:
        raise CheckFailed(f"{what}: wanted {wanted!r}, saw {seen!r}")


def check_in(part, whole, what):
    """Ends the step when a text lacks a part."""
    if part not in whole:
        raise CheckFailed(f"{what}: no {part!r} in: {whole.strip()}")


def wait_for(condition, what, seconds=30.0, every=0.1):
    """Waits until condition() is true and returns what it gave; ends the step when time is up.

    An answer that is not true is kept as what was seen: `what` may be a function of it.
    """
    end = time.monotonic() + seconds
    while True:
        seen = condition()
        if seen:
            return seen
        if time.monotonic() > end:
            raise CheckFailed(f"not within {seconds:g} s: {what() if callable(what) else what}")
        time.sleep(every)


class Report:
    """Counts and prints steps. One thread."""

    def __init__(self):
        self.passed = 0
        self.failed = []
        self._scenario = ""
        self._notes = None
        self._started = time.monotonic()

    def scenario(self, title):
        """Prints the heading of a group of steps."""
        self._scenario = title
        print(f"\n== {title}", flush=True)

    def note(self, text):
        """Prints a figure or a circumstance that is no check; within a step, after its line."""
        if self._notes is not None:
            self._notes.append(text)
        else:
            for line in text.splitlines():
                print(f"       {line}", flush=True)

    @contextlib.contextmanager
    def step(self, proves):
        """One step: `proves` is what a reader may believe when it passes.

        A failed check is printed and counted; the steps after it still run.
        """
        before = time.monotonic()
        self._notes = []
        try:
            yield
        except CheckFailed as failure:
            self._fail(proves, str(failure))
        else:
            self.passed += 1
            print(f"  ok   {proves} ({time.monotonic() - before:.1f} s)", flush=True)
        finally:
            notes, self._notes = self._notes, None
            for text in notes:
                self.note(text)

    def _fail(self, proves, why):
        self.failed.append(f"{self._scenario}: {proves}")
        print(f"  FAIL {proves}", flush=True)
        for line in why.splitlines() or [""]:
            print(f"       {line}", flush=True)

    def broken(self, why):
        """Something outside of steps went wrong."""
        self.failed.append(why)

    def summary(self):
        """Prints the end and returns the exit status."""
        seconds = time.monotonic() - self._started
        print(f"\ne2e: {seconds // 60:.0f} min {seconds % 60:02.0f} s")
        for name in self.failed:
            print(f"failed: {name}")
        print(f"{self.passed} passed, {len(self.failed)} failed", flush=True)
        return 1 if self.failed or not self.passed else 0
