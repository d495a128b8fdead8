"""What the zygote knows of one of its children:

    LOADING ──ready──► WAITING ──call──► RUNNING ──answer──► DYING
       └── load failed, ended ──────── ended, stopped ─────────┘
"""

import time

from assay_sandbox.channel import FrameBuffer

LOADING, WAITING, RUNNING, DYING = range(4)


class ForkedChild:
    """A child as the zygote sees it."""

    def __init__(self, pid, sock):
        self.pid = pid
        self.sock = sock
        self.state = LOADING
        self.call = 0
        self.incoming = FrameBuffer()
        self.outgoing = bytearray()
        self.waiting_since = 0.0
        self.cpu_when_loaded = 0.0
        self.looks = 0
        self.logs = 0
        self.requests = 0
        self.request_bytes = 0
        # Why the zygote killed it; the exit status alone would not tell.
        self.fault = None
        self.answered = False

    def cpu_seconds(self):
        # The clock of another process, as clock_getcpuclockid(3) composes its number.
        try:
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0
