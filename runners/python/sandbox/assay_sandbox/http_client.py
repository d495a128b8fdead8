"""Makes http.client, and what is built on it (urllib.request), speak through the broker, so that unmodified code works.

A connection gets a socket of ours: it reads the request that http.client wrote, has the broker make it, and plays back an answer."""

import importlib.machinery
import io
import sys

from assay_sandbox import link, sdk

# Of the connection, which is the broker's, not of the request.
CONNECTION_HEADERS = {"host", "connection", "content-length", "transfer-encoding", "accept-encoding", "proxy-connection", "te"}
BODY_HEADERS = {"content-length", "transfer-encoding", "content-encoding", "connection", "keep-alive"}


def _chunks(data):
    """The body of a chunked request, or None until its last chunk is there."""
    body = bytearray()
    while True:
        head, mark, data = data.partition(b"\r\n")
        if not mark:
            return None
        size = int(head.split(b";")[0], 16)
        if len(data) < size + 2:
            return None
        if size == 0:
            return bytes(body)
        body += data[:size]
        data = data[size + 2 :]


class BrokerSocket:
    def __init__(self, scheme, host, port, timeout):
        self._host = "[%s]" % host.strip("[]") if ":" in host else host
        default = 443 if scheme == "https" else 80
        self._origin = "%s://%s%s" % (scheme, self._host, "" if port in (None, default) else ":%d" % port)
        self._timeout = timeout
        self._request = bytearray()
        self._answer = b""

    def sendall(self, data):
        self._request += data
        head, mark, rest = bytes(self._request).partition(b"\r\n\r\n")
        if not mark:
            return
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ", 2)
        headers = [[name.strip(), value.strip()] for name, _, value in (line.partition(":") for line in lines)]
        known = {name.lower(): value for name, value in headers}
        if "chunked" in known.get("transfer-encoding", ""):
            body = _chunks(rest)
        else:
            body = rest if len(rest) >= int(known.get("content-length", 0)) else None
        if body is None:
            return
        self._request.clear()
        self._exchange(method, target, [pair for pair in headers if pair[0].lower() not in CONNECTION_HEADERS], body)

    def _exchange(self, method, target, headers, body):
        url = target if "://" in target else self._origin + target
        message = {"op": "http", "method": method, "url": url, "headers": headers, "redirect": "manual", **link.body_fields(body)}
        if isinstance(self._timeout, (int, float)) and self._timeout > 0:
            message["timeoutMs"] = max(1, round(self._timeout * 1000))
        reply = sdk.current_link.exchange(message)
        content = link.body_bytes(reply)
        lines = ["HTTP/1.1 %d %s" % (reply["status"], reply.get("statusText", ""))]
        lines += ["%s: %s" % (name, value) for name, value in reply["headers"] if name.lower() not in BODY_HEADERS]
        lines.append("Content-Length: %d" % len(content))
        self._answer = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + content

    def makefile(self, *_args, **_kwargs):
        answer, self._answer = self._answer, b""
        return io.BytesIO(answer)

    def settimeout(self, timeout):
        self._timeout = timeout

    def setsockopt(self, *_args):
        """Nothing to set: the connection is the broker's."""

    def shutdown(self, _how):
        """Nothing to close: the connection is the broker's."""

    def close(self):
        """Nothing to close: the connection is the broker's."""

    def fileno(self):
        return -1


def _patch(module):
    def connect_with(scheme):
        def connect(self):
            # A tunnel through a proxy is for the broker to make; it is asked for the host at the tunnel's end.
            host, port = (self._tunnel_host, self._tunnel_port) if self._tunnel_host else (self.host, self.port)
            timeout = self.timeout if isinstance(self.timeout, (int, float)) else None
            self.sock = BrokerSocket(scheme, host, port, timeout)

        return connect

    module.HTTPConnection.connect = connect_with("http")
    if hasattr(module, "HTTPSConnection"):
        module.HTTPSConnection.connect = connect_with("https")


class _Finder:
    """Lets http.client be imported when it is wanted, and only then patched: most sources never need it."""

    def find_spec(self, name, path=None, target=None):
        if name != "http.client":
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path, target)
        load = spec.loader.exec_module

        def exec_module(module):
            load(module)
            _patch(module)

        spec.loader.exec_module = exec_module
        return spec


def install():
    sys.meta_path.insert(0, _Finder())
