"""The part of a kubelet's own API that `kubectl logs` and Helm's hooks ask for: a container's log."""

import http.server
import ssl
import threading
import urllib.parse

PORT = 10250


class LogServer:
    """Serves /containerLogs/NAMESPACE/POD/CONTAINER over TLS, on all addresses of the host."""

    def __init__(self, certificate, key, log_path_of):
        class Handler(http.server.BaseHTTPRequestHandler):
            """One request of the API server."""

            protocol_version = "HTTP/1.1"

            def do_GET(self):  # pylint: disable=invalid-name
                url = urllib.parse.urlparse(self.path)
                parts = url.path.split("/")
                path = log_path_of(parts[3], parts[4]) if parts[1] == "containerLogs" else None
                if path is None:
                    self.send_error(404)
                    return
                with open(path, "rb") as file:
                    text = file.read()
                self.send_response(200)
                self.send_header("Content-Type", "text/plain")
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, format, *args):  # pylint: disable=redefined-builtin
                pass

        self._server = http.server.ThreadingHTTPServer(("0.0.0.0", PORT), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self):
        self._server.shutdown()
        self._server.server_close()
