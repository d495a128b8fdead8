"""print, standard error and context.log as log lines of the call, bounded."""

import io
import sys

LINES_MAX = 200
LINE_CHARS_MAX = 2000

_streams = []


class LogStream(io.TextIOBase):
    def __init__(self, link, level):
        self._link = link
        self._level = level
        self._pending = ""

    encoding = "utf-8"
    errors = "replace"

    def writable(self):
        return True

    def write(self, text):
        if not isinstance(text, str):
            raise TypeError("write() argument must be str, not %s" % type(text).__name__)
        lines = (self._pending + text).split("\n")
        # A line without end is cut, not kept.
        self._pending = lines.pop()[:LINE_CHARS_MAX]
        for line in lines:
            self._link.log(self._level, line)
        return len(text)

    def finish(self):
        if self._pending:
            self._link.log(self._level, self._pending)
            self._pending = ""


def install(link):
    sys.stdin = None
    sys.stdout = sys.__stdout__ = LogStream(link, "info")
    sys.stderr = sys.__stderr__ = LogStream(link, "warn")
    _streams[:] = [sys.stdout, sys.stderr]


def flush():
    for stream in _streams:
        stream.finish()
