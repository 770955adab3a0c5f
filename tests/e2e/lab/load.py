"""Many submissions a second, each one's answer held against what it has to be."""

import collections
import itertools
import threading
import time

from lab.processes import sleep_until

# Enough to hold the rate where one answer takes a quarter of a second.
WORKERS = 64


class Submission:
    """One kind of call: what is sent, and what a judged answer looks like.

    `verdict` of an answer is None when it is as it must be, else what is wrong with it.
    """

    def __init__(self, name, make, verdict):
        self.name = name
        self.make = make
        self.verdict = verdict


def must_be_rewritten(spec):
    """The spec that Ballast makes of it, and a record of that."""
    def verdict(answer):
        if answer.status != 201:
            return f"failed: {answer.status} {answer.message}"
        if "ballast.dev/decision" not in (answer.body["metadata"].get("annotations") or {}):
            return "unjudged: stored without a decision"
        if answer.body["spec"] != spec:
            return f"unjudged: stored as {answer.body['spec']}"
        return None
    return verdict


def must_be_refused(reason):
    """422 with the reason."""
    def verdict(answer):
        if answer.status < 300:
            return "unjudged: admitted though it had to be refused"
        if answer.status != 422 or reason not in answer.message:
            return f"failed: {answer.status} {answer.message}"
        return None
    return verdict


class Load(threading.Thread):
    """Sends `rate` calls a second, evenly, until stop().

    What is late is sent at once, but no more than a second's calls: an API server that comes back is
    not met by all that was not sent while it was away.
    """

    def __init__(self, api, path, submissions, rate):
        super().__init__(name="load", daemon=True)
        self._api = api
        self._path = path
        self._submissions = submissions
        self._rate = rate
        self._numbers = itertools.count()
        self._next = 0.0
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._tried_again = 0
        self._latencies = []
        self.wrong = collections.Counter()
        self.answered = 0
        self._begin = time.monotonic()
        self.api_server_may_be_away = False

    def run(self):
        self._begin = time.monotonic()
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def stop(self):
        self._over.set()
        self.join()

    def wait_for(self, calls, limit_seconds):
        """Waits until so many calls have been answered."""
        end = time.monotonic() + limit_seconds
        while self.answered < calls and time.monotonic() < end:
            time.sleep(0.1)

    def take_wrong(self):
        """What was wrong since the last time, and forgets it."""
        with self._lock:
            wrong, self.wrong = self.wrong, collections.Counter()
        return wrong

    def figures(self):
        """One line about all calls."""
        with self._lock:
            took = sorted(self._latencies)
        if not took:
            return "no call was answered"
        seconds = time.monotonic() - self._begin
        at = lambda share: took[min(len(took) - 1, int(share * len(took)))] * 1000
        return (f"{len(took)} calls in {seconds:.0f} s; API server's answer p50 {at(0.5):.0f} ms, p99 {at(0.99):.0f} ms, "
                f"longest {took[-1] * 1000:.0f} ms; {self._tried_again} sent again while the API "
                "server was away")

    def _moment(self):
        """When the next call is due."""
        with self._lock:
            self._next = max(self._next + 1 / self._rate, time.monotonic() - 1)
            return self._next

    def _work(self):
        while not self._over.is_set():
            sleep_until(self._moment())
            number = next(self._numbers)
            submission = self._submissions[number % len(self._submissions)]
            # One of ten is stored; the others are judged all the same.
            real = (number // len(self._submissions)) % 10 == 0
            path = self._path + ("" if real else "?dryRun=All")
            self._send(submission, path, submission.make(f"load-{number}"))

    def _send(self, submission, path, manifest):
        while True:
            before = time.monotonic()
            try:
                answer = self._api.send("POST", path, manifest)
            except OSError as error:
                # No answer at all comes from the API server, never from a webhook: a client that
                # finds no API server tries again, as kubectl's own library does.
                if not self.api_server_may_be_away:
                    self._count(f"failed: no answer of the API server: {error}", None)
                    return
                self._tried_again += 1
                time.sleep(0.05)
                continue
            if self.api_server_may_be_away and (answer.status in (429, 503) or (
                    answer.status == 409 and "already exists" in answer.message)):
                # It says itself that it is coming or going; 409: it had stored it before it went.
                self._tried_again += 1
                if answer.status == 409:
                    return
                time.sleep(0.05)
                continue
            self._count(submission.verdict(answer), time.monotonic() - before, submission.name)
            return

    def _count(self, what_is_wrong, seconds, name=""):
        with self._lock:
            if seconds is not None:
                self.answered += 1
                self._latencies.append(seconds)
            if what_is_wrong:
                self.wrong[f"{name}: {what_is_wrong[:300]}"] += 1
