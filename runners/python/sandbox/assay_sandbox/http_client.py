"""Makes http.client, and what is built on it (urllib.request, urllib3, requests), speak through the broker.

A connection gets a socket of ours: it reads the request that http.client wrote, has the broker make it, and plays back an answer."""

import io

from assay_sandbox import sdk
from assay_sandbox.exchange import answer_parts, origin_of, request_message


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
    """`is_patient`: the request is made when its answer is wanted, which is when urllib3 has set the time for it."""

    def __init__(self, origin, timeout, is_patient=False):
        self._origin = origin
        self._timeout = timeout
        self._is_patient = is_patient
        self._request = bytearray()
        self._answer = b""

    def sendall(self, data):
        self._request += data
        if not self._is_patient:
            self._ask()

    def _ask(self):
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
        url = target if "://" in target else self._origin + target
        reply = sdk.current_link.exchange(request_message(method, url, headers, body, self._timeout))
        headers, content = answer_parts(method, reply)
        lines = ["HTTP/1.1 %d %s" % (reply["status"], reply.get("statusText", ""))]
        lines += ["%s: %s" % (name, value) for name, value in headers]
        self._answer = "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + content

    def makefile(self, *_args, **_kwargs):
        if self._request:
            self._ask()
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


def socket_for(connection, scheme, is_patient=False):
    """A tunnel through a proxy is for the broker to make; it is asked for the host at the tunnel's end."""
    is_tunnelled = bool(getattr(connection, "_tunnel_host", None))
    host = connection._tunnel_host if is_tunnelled else connection.host
    port = connection._tunnel_port if is_tunnelled else connection.port
    timeout = connection.timeout if isinstance(connection.timeout, (int, float)) else None
    return BrokerSocket(origin_of(scheme, host, port), timeout, is_patient)


def patch(module):
    def connect_with(scheme):
        def connect(self):
            self.sock = socket_for(self, scheme)

        return connect

    module.HTTPConnection.connect = connect_with("http")
    if hasattr(module, "HTTPSConnection"):
        module.HTTPSConnection.connect = connect_with("https")
