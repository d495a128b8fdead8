"""Frames on a stream socket: u32 length of what follows, one byte kind, payload. Big-endian."""

import os

BYTES_MAX = 8 * 1024 * 1024

# Supervisor to zygote, with a call id before the payload.
INIT, CALL, STOP = b"I", b"C", b"K"
# Zygote to supervisor, with a call id before the payload. The last two: u32 milliseconds of processor time, of a child under way and
# of a call that has ended.
DIAGNOSED, STARTED, ENDED, SPENT, USED = b"D", b"S", b"X", b"P", b"U"
# Both ways, child to zygote to supervisor and back.
READY, LOAD_FAILED, LOG, EGRESS, ANSWER = b"R", b"F", b"L", b"E", b"A"


class ProtocolError(Exception):
    """The other side does not speak this protocol."""


def frame(kind, *parts):
    length = 1 + sum(map(len, parts))
    return b"".join((length.to_bytes(4, "big"), kind, *parts))


def write_all(fd, data, write=os.write):
    view = memoryview(data)
    while view:
        view = view[write(fd, view) :]


class FrameBuffer:
    """Bytes as they come; whole frames as they are wanted."""

    def __init__(self):
        self._bytes = bytearray()

    def feed(self, data):
        self._bytes += data

    def is_empty(self):
        return not self._bytes

    def take(self):
        """The next frame as (kind, payload), or None until it is whole."""
        held = self._bytes
        if len(held) < 5:
            return None
        length = int.from_bytes(held[:4], "big")
        if not 1 <= length <= BYTES_MAX:
            raise ProtocolError("a frame of %d bytes" % length)
        if len(held) < 4 + length:
            return None
        kind, payload = bytes(held[4:5]), bytes(held[5 : 4 + length])
        del held[: 4 + length]
        return kind, payload
