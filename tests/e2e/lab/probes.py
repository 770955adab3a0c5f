"""Startup, readiness and liveness probes of a container, as the kubelet runs them."""

import http.client
import socket
import ssl
import time


def _port(container, port):
    """A number, or the name of one of the container's ports."""
    if isinstance(port, int):
        return port
    for known in container.get("ports", []):
        if known.get("name") == port:
            return known["containerPort"]
    return int(port)


def http_get(container, action, address, timeout):
    """True for a status of 200 to 399. A kubelet does not verify certificates either."""
    port = _port(container, action["port"])
    host = action.get("host") or address
    if action.get("scheme", "HTTP").upper() == "HTTPS":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection(host, port, timeout=timeout, context=context)
    else:
        connection = http.client.HTTPConnection(host, port, timeout=timeout)
    headers = {h["name"]: h["value"] for h in action.get("httpHeaders", [])}
    try:
        connection.request("GET", action.get("path", "/"), headers=headers)
        return 200 <= connection.getresponse().status < 400
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


class Probe:
    """One probe. due(now) says when to run it; `passing` is its verdict by its thresholds."""

    def __init__(self, container, spec, address, passing):
        self._container = container
        self._spec = spec
        self._address = address
        self.passing = passing
        self.failed_for_good = False
        self._in_a_row = 0
        self._next = time.monotonic() + spec.get("initialDelaySeconds", 0)

    def run_if_due(self):
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + self._spec.get("periodSeconds", 10)
        good = self._attempt()
        if good == self.passing:
            self._in_a_row = 0
            return
        self._in_a_row += 1
        key, default = ("successThreshold", 1) if good else ("failureThreshold", 3)
        if self._in_a_row >= self._spec.get(key, default):
            self.passing = good
            self._in_a_row = 0
        self.failed_for_good = not self.passing

    def _attempt(self):
        timeout = self._spec.get("timeoutSeconds", 1)
        if "httpGet" in self._spec:
            return http_get(self._container, self._spec["httpGet"], self._address, timeout)
        if "tcpSocket" in self._spec:
            port = _port(self._container, self._spec["tcpSocket"]["port"])
            try:
                with socket.create_connection((self._address, port), timeout):
                    return True
            except OSError:
                return False
        raise ValueError(f"a kind of probe that this kubelet does not know: {self._spec}")
