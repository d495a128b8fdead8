"""Process 1 of a source's sandbox. It holds the compiled source and keeps children forked from itself: each loads the
source, waits for one call, answers it and is killed. The zygote runs no user code, so its word on who died of what is good."""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

import collections
import gc
import json
import resource
import select
import signal
import socket
import time

from assay_sandbox import channel, child, replumbing, scratch, warm
from assay_sandbox.channel import FrameBuffer, ProtocolError, frame
from assay_sandbox.forked_child import DYING, LOADING, RUNNING, WAITING, ForkedChild

SUPERVISOR = 3
LOG_FRAMES_MAX = 256
LOG_BYTES_MAX = 16 * 1024
# Far above what the broker lets through; here so that a flood ends at the sandbox.
REQUESTS_MAX = 256
REQUEST_BYTES_MAX = 16 * 1024 * 1024
SPARES_MAX = 4
CHILDREN_MAX = 12
IDLE_MS = 5000
WATCH_MS = 50
# A child that has used so much of the processor is told of while it goes on.
TELL_SPENT_MS = 20
# Seconds after it is loaded at which a spare child is looked at: it should wait, not work.
LOOK_AT_S = (0.1, 1, 10)
SPARE_CPU_S = 0.05
# A fork takes milliseconds in which no answer is relayed; a call gets this long before its replacement is forked.
FORK_GRACE_S = 0.005


class Zygote:
    def __init__(self):
        self.children = {}
        self.queue = collections.deque()
        self.incoming = FrameBuffer()
        self.poller = select.poll()
        self.poller.register(SUPERVISOR, select.POLLIN)
        self.null = os.open("/dev/null", os.O_RDWR)
        self.scratch = scratch.Scratch(os.getcwd())
        self.program = None
        self.is_diagnosed = False
        self.may_spare = False
        self.spares = 1
        self.last_dispatch = 0.0
        self.next_watch = 0.0
        self.fork_again_at = 0.0

    # -- what the supervisor says

    def send(self, kind, call, *parts):
        channel.write_all(SUPERVISOR, frame(kind, call.to_bytes(4, "big"), *parts))

    def read_supervisor(self):
        data = os.read(SUPERVISOR, 1 << 18)
        if not data:
            os._exit(0)
        self.incoming.feed(data)
        while (item := self.incoming.take()) is not None:
            kind, payload = item
            call, payload = int.from_bytes(payload[:4], "big"), payload[4:]
            if kind == channel.CALL:
                self.queue.append((call, payload))
                self.may_spare = True
            elif kind == channel.EGRESS:
                for one in self.running(call):
                    self.write_child(one, frame(channel.EGRESS, payload))
            elif kind == channel.STOP:
                self.queue = collections.deque(item for item in self.queue if item[0] != call)
                for one in self.running(call):
                    self.kill(one, None)
            elif kind == channel.INIT:
                self.load(json.loads(payload))

    def load(self, init):
        self.init = init
        sys.path.extend(init["libraries"])
        diagnostics, self.program = warm.compile_source(init["code"])
        if self.program is None:
            self.diagnose(diagnostics)
            return
        self.warnings = diagnostics
        replumbing.install()
        warm.import_libraries(init["code"])
        child.prepare(init)
        gc.collect()
        gc.freeze()
        gc.disable()
        self.may_spare = True

    def diagnose(self, diagnostics):
        if not self.is_diagnosed:
            self.is_diagnosed = True
            self.send(channel.DIAGNOSED, 0, json.dumps(diagnostics).encode())

    # -- what children say

    def running(self, call):
        return [one for one in self.children.values() if one.state == RUNNING and one.call == call]

    def read_child(self, one):
        try:
            data = one.sock.recv(1 << 18)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self.kill(one, None)
            return
        one.incoming.feed(data)
        try:
            while one.state != DYING and (item := one.incoming.take()) is not None:
                self.hear(one, *item)
        except ProtocolError as error:
            self.kill(one, {"protocol": str(error)})

    def hear(self, one, kind, payload):
        if one.state == LOADING and kind == channel.READY and not payload:
            one.state = WAITING
            one.waiting_since = time.monotonic()
            one.cpu_when_loaded = one.cpu_seconds()
            self.diagnose(self.warnings)
        elif one.state == LOADING and kind == channel.LOAD_FAILED:
            self.fail_load(one, kind, payload)
            self.kill(one, None)
        elif one.state == RUNNING and kind == channel.LOG and len(payload) <= LOG_BYTES_MAX:
            one.logs += 1
            if one.logs <= LOG_FRAMES_MAX:
                self.send(kind, one.call, payload)
        elif one.state == RUNNING and kind == channel.EGRESS and len(payload) > 4:
            one.requests += 1
            one.request_bytes += len(payload)
            if one.requests > REQUESTS_MAX or one.request_bytes > REQUEST_BYTES_MAX:
                self.kill(one, {"limit": "requests"})
            else:
                self.send(kind, one.call, payload)
        elif one.state == RUNNING and kind == channel.ANSWER and one.incoming.is_empty():
            one.answered = True
            self.send(kind, one.call, payload)
            self.kill(one, None)
        else:
            raise ProtocolError("an unexpected frame of kind %s" % ascii(kind))

    def fail_load(self, one, kind, payload):
        """Nobody asked for this child yet: the oldest waiting call learns what happened, or whoever asked for diagnostics."""
        one.answered = True
        self.may_spare = False
        if not self.is_diagnosed:
            self.is_diagnosed = True
            self.send(channel.ENDED if kind == channel.ENDED else channel.DIAGNOSED, 0, payload)
        if self.queue:
            call, _ = self.queue.popleft()
            self.send(kind, call, payload)
            self.may_spare = bool(self.queue)

    def write_child(self, one, data):
        one.outgoing += data
        self.flush_child(one)

    def flush_child(self, one):
        try:
            sent = one.sock.send(one.outgoing)
            del one.outgoing[:sent]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            one.outgoing.clear()
        self.poller.register(one.sock, select.POLLIN | (select.POLLOUT if one.outgoing else 0))

    # -- children come and go

    def fork(self):
        ours, theirs = socket.socketpair()
        try:
            pid = os.fork()
        except OSError:
            # The threads of one call may have used up all processes; they end with it.
            ours.close()
            theirs.close()
            self.fork_again_at = time.monotonic() + 0.02
            return
        if pid == 0:
            child.main(self.program, theirs.fileno(), self.null)
        theirs.close()
        ours.setblocking(False)
        one = ForkedChild(pid, ours)
        self.children[ours.fileno()] = one
        self.poller.register(ours, select.POLLIN)

    def kill(self, one, fault):
        if one.state == DYING:
            return
        one.fault = fault
        was_running = one.state == RUNNING
        was_loading = one.state == LOADING
        one.state = DYING
        os.kill(one.pid, signal.SIGKILL)
        self.poller.unregister(one.sock)
        _, status, usage = os.wait4(one.pid, 0)
        if was_running:
            self.tell_cpu(channel.USED, one, usage.ru_utime + usage.ru_stime)
        del self.children[one.sock.fileno()]
        one.sock.close()
        if one.answered:
            return
        code = os.waitstatus_to_exitcode(status)
        cpu_ms = round((usage.ru_utime + usage.ru_stime) * 1000)
        end = json.dumps({"code": code, "cpuMs": cpu_ms, **(fault or {})}).encode()
        if was_running:
            self.send(channel.ENDED, one.call, end)
        elif was_loading:
            self.fail_load(one, channel.ENDED, end)
        else:
            self.may_spare = bool(self.queue)

    def tell_cpu(self, kind, one, seconds):
        used_ms = max(0, round((seconds - one.cpu_when_loaded) * 1000))
        self.send(kind, one.call, used_ms.to_bytes(4, "big"))

    def tell_of_long(self):
        """Also of one that is loaded without end; it has no call yet."""
        for one in [one for one in self.children.values() if one.state in (LOADING, RUNNING)]:
            seconds = one.cpu_seconds()
            if (seconds - one.cpu_when_loaded) * 1000 >= TELL_SPENT_MS:
                self.tell_cpu(channel.SPENT, one, seconds)

    def dispatch(self):
        # Files of one call are not for the next: calls under way end first, then the folder is wiped.
        if self.queue and self.scratch.is_dirty():
            if any(one.state == RUNNING for one in self.children.values()):
                return
            if not self.scratch.wipe():
                os._exit(0)
        waiting = [one for one in self.children.values() if one.state == WAITING]
        while self.queue and waiting:
            call, payload = self.queue.popleft()
            one = waiting.pop(0)
            one.state, one.call = RUNNING, call
            self.last_dispatch = time.monotonic()
            self.send(channel.STARTED, call)
            self.write_child(one, frame(channel.CALL, payload))
        if self.queue:
            self.spares = min(self.spares + 1, SPARES_MAX)

    def wants_fork(self):
        if self.program is None or not self.may_spare or len(self.children) >= CHILDREN_MAX:
            return False
        fresh = sum(one.state in (LOADING, WAITING) for one in self.children.values())
        return fresh < max(self.spares, min(len(self.queue), SPARES_MAX))

    def refuse_queue(self):
        """The source does not compile: every call is told so."""
        while self.queue:
            call, _ = self.queue.popleft()
            self.send(channel.LOAD_FAILED, call, b"")

    def timeout_ms(self):
        is_running = any(one.state == RUNNING for one in self.children.values())
        if self.wants_fork():
            grace = 0 if self.queue or not is_running else self.last_dispatch + FORK_GRACE_S
            wait = max(grace, self.fork_again_at) - time.monotonic()
            return 0 if wait <= 0 else 1 + int(wait * 1000)
        if is_running or any(one.state == LOADING for one in self.children.values()):
            return WATCH_MS
        return IDLE_MS if self.spares > 1 else None

    def watch(self):
        """A file without content costs the kernel memory that no size limit counts."""
        now = time.monotonic()
        if now >= self.next_watch:
            self.next_watch = now + WATCH_MS / 1000
            self.tell_of_long()
            if self.scratch.has_too_many_files():
                for one in [one for one in self.children.values() if one.state == RUNNING]:
                    self.kill(one, {"limit": "files"})

    def look_at_spares(self):
        """Seconds until the next look is due, None where none is. A spare that works behind the calls' backs is not kept."""
        now = time.monotonic()
        due = None
        for one in [one for one in self.children.values() if one.state == WAITING and one.looks < len(LOOK_AT_S)]:
            wait = one.waiting_since + LOOK_AT_S[one.looks] - now
            if wait <= 0:
                one.looks += 1
                if one.cpu_seconds() - one.cpu_when_loaded > SPARE_CPU_S:
                    self.kill(one, None)
                    continue
                wait = 0.1 if one.looks < len(LOOK_AT_S) else None
            if wait is not None:
                due = wait if due is None else min(due, wait)
        return due

    def rest(self):
        self.spares = 1
        waiting = [one for one in self.children.values() if one.state == WAITING]
        for one in waiting[1:]:
            self.kill(one, None)

    def serve(self):
        while True:
            timeout, look = self.timeout_ms(), self.look_at_spares()
            if look is not None and (timeout is None or look * 1000 < timeout):
                events = self.poller.poll(1 + look * 1000)
            else:
                events = self.poller.poll(timeout)
            for fd, event in events:
                if fd == SUPERVISOR:
                    self.read_supervisor()
                elif (one := self.children.get(fd)) is not None:
                    if event & select.POLLOUT:
                        self.flush_child(one)
                    if event & ~select.POLLOUT:
                        self.read_child(one)
            self.watch()
            self.dispatch()
            if self.program is None and self.is_diagnosed:
                self.refuse_queue()
            if self.spares > 1 and time.monotonic() - self.last_dispatch > IDLE_MS / 1000:
                self.rest()
            if self.wants_fork() and self.timeout_ms() == 0:
                self.fork()


if __name__ == "__main__":
    # Process 1 is deaf to every signal that it has no handler for; Python's own for SIGINT would be one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    Zygote().serve()
