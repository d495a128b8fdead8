"""The socket between a child and the zygote: the call in, log lines, requests and the answer out."""

import json
import os
import threading

from assay_sandbox import channel
from assay_sandbox.output import LINE_CHARS_MAX, LINES_MAX

_LEVELS = {"debug": b"d", "info": b"i", "warn": b"w", "error": b"e"}


class EgressError(OSError):
    """The broker refused or failed a request. `code` is EGRESS_DENIED, TIMEOUT, UPSTREAM_ERROR or BAD_RESPONSE."""

    def __init__(self, reply, request_id):
        super().__init__(reply["message"])
        self.code = reply["code"]
        self.host = reply.get("host")
        self.request_id = request_id


class EgressTimeout(EgressError, TimeoutError):
    """The upstream took too long."""


class Link:
    """The socket to the zygote. Threads may use it at the same time: one reads for all."""

    def __init__(self, fd):
        self._fd = fd
        self._incoming = channel.FrameBuffer()
        self._write = threading.Lock()
        self._changed = threading.Condition()
        self._replies = {}
        self._callbacks = {}
        self._is_pumping = False
        self._is_reading = False
        self._next_id = 0
        self._lines = 0
        self._early = []
        self._is_called = False

    def _send(self, kind, *parts):
        with self._write:
            channel.write_all(self._fd, channel.frame(kind, *parts))

    def _receive(self):
        while (item := self._incoming.take()) is None:
            data = os.read(self._fd, 1 << 16)
            if not data:
                os._exit(0)
            self._incoming.feed(data)
        return item

    def read_call(self):
        _, payload = self._receive()
        self._is_called = True
        for parts in self._early:
            self._send(channel.LOG, *parts)
        return payload

    def log(self, level, text):
        self._lines += 1
        if self._lines > LINES_MAX:
            return
        if self._lines == LINES_MAX:
            text = "… more was logged; only the first %d lines are kept" % (LINES_MAX - 1)
        if len(text) > LINE_CHARS_MAX:
            text = text[: LINE_CHARS_MAX - 1] + "…"
        parts = _LEVELS[level], text.encode("utf-8", "replace")
        # While the source is loaded there is no call yet that the line could belong to.
        if self._is_called:
            self._send(channel.LOG, *parts)
        else:
            self._early.append(parts)

    def answer(self, kind, data):
        self._send(channel.ANSWER, kind, data)

    def exchange(self, message):
        """Hands one message to the broker and waits for its reply. Raises EgressError when it says no."""
        request_id = self._new_request()
        self._ask(request_id, message)
        with self._changed:
            self._read_until(lambda: request_id in self._replies)
            payload = self._replies.pop(request_id)
        return _reply(request_id, payload)

    def submit(self, message, done):
        """The same without waiting: another thread calls `done` with the reply and None, or with None and the EgressError."""
        request_id = self._new_request()
        with self._changed:
            self._callbacks[request_id] = done
        self._ask(request_id, message)
        with self._changed:
            if self._is_pumping:
                return
            self._is_pumping = True
        threading.Thread(target=self._pump, daemon=True).start()

    def _new_request(self):
        if not self._is_called:
            raise RuntimeError("A source can make requests only inside fetch_data, not while it is loaded.")
        with self._changed:
            self._next_id += 1
            return self._next_id

    def _ask(self, request_id, message):
        self._send(channel.EGRESS, request_id.to_bytes(4, "big"), json.dumps(message).encode())

    def _pump(self):
        with self._changed:
            self._read_until(lambda: not self._callbacks)
            self._is_pumping = False

    def _read_until(self, is_done):
        """With `_changed` held. Whoever comes first reads for all, and hands the reading on when it has what it wants."""
        while not is_done():
            if self._is_reading:
                self._changed.wait()
                continue
            self._is_reading = True
            self._changed.release()
            try:
                _, payload = self._receive()
            finally:
                self._changed.acquire()
                self._is_reading = False
            self._sort(int.from_bytes(payload[:4], "big"), payload[4:])
            self._changed.notify_all()

    def _sort(self, request_id, payload):
        done = self._callbacks.pop(request_id, None)
        if done is None:
            self._replies[request_id] = payload
            return
        try:
            outcome = _reply(request_id, payload), None
        except EgressError as error:
            outcome = None, error
        try:
            done(*outcome)
        except RuntimeError:
            # The loop that waited for it has ended.
            return


def _reply(request_id, payload):
    reply = json.loads(payload)
    if reply["ok"]:
        return reply
    raise (EgressTimeout if reply["code"] == "TIMEOUT" else EgressError)(reply, request_id)


def body_bytes(reply):
    if "bodyBase64" in reply:
        import base64

        return base64.b64decode(reply["bodyBase64"])
    return reply.get("bodyText", "").encode("utf-8", "surrogatepass")


def body_fields(body):
    """The body of a request as a field of the message."""
    if body is None or len(body) == 0:
        return {}
    if isinstance(body, str):
        return {"bodyText": body}
    try:
        return {"bodyText": bytes(body).decode()}
    except UnicodeDecodeError:
        import base64

        return {"bodyBase64": base64.b64encode(body).decode()}
