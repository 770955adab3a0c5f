"""A client of the API server: plain HTTPS with a client certificate, one connection a thread."""

import http.client
import json
import ssl
import threading
import time


class ApiError(Exception):
    """An answer of 400 and above: its status and what the API server says."""

    def __init__(self, status, message):
        super().__init__(f"{status}: {message}")
        self.status = status
        self.message = message


class Answer:
    """One answer: status, object, and the warnings that a person would see."""

    def __init__(self, status, body, warnings):
        self.status = status
        self.body = body
        self.warnings = warnings

    @property
    def message(self):
        return self.body.get("message", "") if isinstance(self.body, dict) else str(self.body)


class Api:
    """Any number of threads may call; each has a connection of its own."""

    def __init__(self, host, port, ca_file, cert_file=None, key_file=None, token=None):
        self.host = host
        self.port = port
        self._token = token
        self._context = ssl.create_default_context(cafile=ca_file)
        if cert_file:
            self._context.load_cert_chain(cert_file, key_file)
        self._threads = threading.local()

    def _connection(self):
        connection = getattr(self._threads, "connection", None)
        if connection is None:
            connection = http.client.HTTPSConnection(
                self.host, self.port, timeout=35, context=self._context)
            self._threads.connection = connection
        return connection

    def send(self, method, path, body=None, content_type="application/json"):
        """One request, its answer whatever its status. OSError: there was none."""
        connection = self._connection()
        headers = {"Accept": "application/json"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        data = None
        if body is not None:
            data = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers["Content-Type"] = content_type
        try:
            connection.request(method, path, body=data, headers=headers)
            response = connection.getresponse()
            text = response.read()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            self._threads.connection = None
            raise ConnectionError(f"{type(error).__name__}: {error}") from error
        warnings = [w.split(" ", 2)[2].strip('"') for w in response.headers.get_all("Warning", [])]
        try:
            parsed = json.loads(text)
        except ValueError:
            parsed = text.decode(errors="replace")
        return Answer(response.status, parsed, warnings)

    def call(self, method, path, body=None, content_type="application/json"):
        """One request that is expected to succeed; its object.

        As kubectl's library does, it tries again where the API server asks for that (429) and,
        once, where a connection was closed while it was idle.
        """
        end = time.monotonic() + 30
        connections = 2
        while True:
            try:
                answer = self.send(method, path, body, content_type)
            except OSError:
                connections -= 1
                if connections == 0:
                    raise
                continue
            if answer.status != 429 or time.monotonic() > end:
                break
            time.sleep(0.2)
        if answer.status >= 400:
            raise ApiError(answer.status, answer.message)
        return answer.body

    def get(self, path):
        return self.call("GET", path)

    def find(self, path):
        """The object, or None where there is none."""
        try:
            return self.get(path)
        except ApiError as error:
            if error.status == 404:
                return None
            raise

    def create(self, path, body):
        return self.call("POST", path, body)

    def merge(self, path, body):
        return self.call("PATCH", path, body, "application/merge-patch+json")

    def delete(self, path, body=None):
        """Asks for deletion; one that is gone already is as good."""
        try:
            return self.call("DELETE", path, body)
        except ApiError as error:
            if error.status != 404:
                raise
            return None
