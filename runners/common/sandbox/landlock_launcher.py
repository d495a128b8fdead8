"""Starts one program behind Landlock, where bubblewrap can make no namespaces, and stays its supervisor.

It reads its order from descriptor 4: u32 length (big-endian), JSON. When that descriptor ends, or the program does, every process that
came of the program is killed, and its temporary folder removed. `abi` as an argument prints the kernel's Landlock ABI instead."""

import ctypes
import errno
import json
import os
import resource
import select
import signal
import stat
import sys

ORDER = 4
# The same numbers on every architecture that the fence knows.
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION_FLAG = 1
RULE_PATH_BENEATH = 1

EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE = (1 << n for n in range(6))
MAKE_DIR, MAKE_REG, MAKE_SYM, REFER, TRUNCATE = 1 << 7, 1 << 8, 1 << 12, 1 << 13, 1 << 14
# All rights on files that an ABI knows; whatever is handled and not granted is denied.
FILE_RIGHTS = {3: (1 << 15) - 1, 5: (1 << 16) - 1}
TCP_RIGHTS = 3
SCOPES = 3
READ_ONLY = EXECUTE | READ_FILE | READ_DIR
OF_FILES = EXECUTE | WRITE_FILE | READ_FILE | TRUNCATE
# No devices, sockets or pipes.
SCRATCH = WRITE_FILE | READ_FILE | READ_DIR | REMOVE_DIR | REMOVE_FILE | MAKE_DIR | MAKE_REG | MAKE_SYM | REFER | TRUNCATE

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_SECCOMP, PR_CAPBSET_DROP = 1, 4, 22, 24
PR_SET_CHILD_SUBREAPER, PR_SET_NO_NEW_PRIVS, PR_CAP_AMBIENT = 36, 38, 47
CAPABILITY_VERSION_3 = 0x20080522

libc = ctypes.CDLL(None, use_errno=True)


class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def checked(what, result):
    if result < 0:
        code = ctypes.get_errno()
        raise OSError(code, "%s: %s" % (what, os.strerror(code)))
    return result


def landlock_abi():
    return checked("landlock_create_ruleset", libc.syscall(CREATE_RULESET, None, ctypes.c_size_t(0), VERSION_FLAG))


def allow(ruleset, path, rights):
    handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    if not stat.S_ISDIR(os.fstat(handle).st_mode):
        rights &= OF_FILES
    rule = rights.to_bytes(8, sys.byteorder) + handle.to_bytes(4, sys.byteorder)
    checked(path, libc.syscall(ADD_RULE, ruleset, RULE_PATH_BENEATH, rule, 0))
    os.close(handle)


def restrict_files(order):
    abi = landlock_abi()
    rights = FILE_RIGHTS[5 if abi >= 5 else 3]
    attributes = [rights, TCP_RIGHTS if abi >= 4 else 0, SCOPES if abi >= 6 else 0]
    data = b"".join(number.to_bytes(8, sys.byteorder) for number in attributes)
    ruleset = checked("landlock_create_ruleset", libc.syscall(CREATE_RULESET, data, ctypes.c_size_t(len(data)), 0))
    for path in order["readOnly"]:
        allow(ruleset, path, READ_ONLY)
    allow(ruleset, "/dev/null", READ_FILE | WRITE_FILE)
    allow(ruleset, "/dev/urandom", READ_FILE)
    if order["scratch"] is not None:
        allow(ruleset, order["scratch"], SCRATCH)
    checked("landlock_restrict_self", libc.syscall(RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def set_limits(limits):
    for name, limit in {"CORE": 0, **limits}.items():
        resource.setrlimit(getattr(resource, "RLIMIT_" + name), (limit, limit))


def drop_privileges(uid):
    if uid is not None:
        # Beyond the last one there is nothing to drop; no new privileges makes up for what may not be dropped.
        for capability in range(64):
            libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
        os.setgroups([])
        os.setresgid(uid, uid, uid)
        os.setresuid(uid, uid, uid)
    # Kernels without ambient capabilities have none to clear.
    libc.prctl(PR_CAP_AMBIENT, 4, 0, 0, 0)
    header = CAPABILITY_VERSION_3.to_bytes(4, sys.byteorder) + bytes(4)
    checked("capset", libc.capset(header, bytes(24)))
    checked("no new privileges", libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))


def filter_system_calls(order):
    placeholder = order["ownPidPlaceholder"].to_bytes(4, "little")
    code = bytes.fromhex(order["filter"]).replace(placeholder, os.getpid().to_bytes(4, "little"))
    program = Program(len(code) // 8, code)
    checked("seccomp", libc.prctl(PR_SET_SECCOMP, 2, ctypes.byref(program), 0, 0))


def run(order, supervisor):
    """In the child. Never returns."""
    os.setsid()
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    os.umask(0o077)
    os.closerange(ORDER, 1 << 16)
    set_limits(order["limits"])
    drop_privileges(order["uid"])
    # After the change of user, which clears it. The supervisor may have died before.
    checked("parent's death", libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0))
    if os.getppid() != supervisor:
        os._exit(125)
    restrict_files(order)
    os.chdir(order["scratch"] or "/")
    filter_system_calls(order)
    try:
        os.execve(order["program"], order["arguments"], order["env"])
    except OSError as error:
        os.write(2, ("%s: %s\n" % (order["program"], error.strerror)).encode())
        os._exit(127)


def descendants():
    """Whatever has come of this process: orphans become its own children."""
    parents = {}
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open("/proc/%s/stat" % name, "rb") as file:
                parents[int(name)] = int(file.read().rpartition(b") ")[2].split()[1])
        except OSError:
            continue
    found, layer = set(), {os.getpid()}
    while layer:
        layer = {pid for pid, parent in parents.items() if parent in layer}
        found |= layer
    return found


def send(pids, number):
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


class Supervisor:
    def __init__(self):
        self.wake, write = os.pipe()
        os.set_blocking(self.wake, False)
        os.set_blocking(write, False)
        signal.set_wakeup_fd(write, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        self.main = None
        self.status = None
        self.is_alone = False

    def reap(self):
        try:
            while True:
                pid, status = os.waitpid(-1, os.WNOHANG)
                if pid == 0:
                    return
                if pid == self.main:
                    self.status = status
        except ChildProcessError:
            self.is_alone = True

    def wait(self, timeout_ms, *descriptors):
        poller = select.poll()
        for descriptor in (self.wake, *descriptors):
            poller.register(descriptor, select.POLLIN)
        ready = {descriptor for descriptor, _ in poller.poll(timeout_ms)}
        if self.wake in ready:
            os.read(self.wake, 4096)
        self.reap()
        return ready

    def watch(self):
        """Until the program has ended or the runner wants its end."""
        while self.status is None and ORDER not in self.wait(None, ORDER):
            continue

    def kill_all(self):
        """Stops all before it kills any, so that nobody forks away meanwhile."""
        self.reap()
        while not self.is_alone:
            stopped = set()
            while new := descendants() - stopped:
                send(new, signal.SIGSTOP)
                stopped |= new
            send(stopped, signal.SIGKILL)
            self.wait(50)


def remove(folder):
    """Brings every level up to the first one, so that no depth is too deep; each folder is its owner's again before it is opened."""
    # Nobody inside could know these names.
    token, number = os.urandom(8).hex(), 0
    pending = os.listdir(folder)
    while pending:
        path = os.path.join(folder, pending.pop())
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            os.unlink(path)
            continue
        os.chmod(path, 0o700)
        for name in os.listdir(path):
            number += 1
            lifted = "%s-%d" % (token, number)
            inner = os.path.join(path, name)
            if stat.S_ISDIR(os.lstat(inner).st_mode):
                # A folder that may not be written cannot be moved to another parent.
                os.chmod(inner, 0o700)
            os.rename(inner, os.path.join(folder, lifted))
            pending.append(lifted)
        os.rmdir(path)
    os.rmdir(folder)


def read_exactly(length):
    data = b""
    while len(data) < length:
        piece = os.read(ORDER, length - len(data))
        if not piece:
            os._exit(137)
        data += piece
    return data


def make_scratch(order):
    folder = order["scratchFolder"]
    if folder is None:
        return None
    # The outer folder stays the supervisor's, so that what is left of a killed one can be told and swept.
    os.mkdir(folder, 0o711)
    path = os.path.join(folder, "tmp")
    os.mkdir(path, 0o700)
    if order["uid"] is not None:
        os.chown(path, order["uid"], order["uid"])
    return path


def main():
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGPIPE):
        signal.signal(number, signal.SIG_IGN)
    order = json.loads(read_exactly(int.from_bytes(read_exactly(4), "big")))
    libc.prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    checked("subreaper", libc.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
    order["scratch"] = make_scratch(order)
    supervisor = Supervisor()
    own_pid = os.getpid()
    supervisor.main = os.fork()
    if supervisor.main == 0:
        try:
            run(order, own_pid)
        except BaseException as error:  # noqa: BLE001
            os.write(2, ("Landlock sandbox: %s\n" % (getattr(error, "strerror", None) or error)).encode())
            os._exit(125)
    # The channel and the output are the program's alone: their ends must be seen when it closes them.
    null = os.open("/dev/null", os.O_RDWR)
    for descriptor in (0, 1, 3):
        os.dup2(null, descriptor)
    supervisor.watch()
    supervisor.kill_all()
    if order["scratch"] is not None:
        remove(order["scratch"])
        os.rmdir(order["scratchFolder"])
    code = os.waitstatus_to_exitcode(supervisor.status)
    os._exit(code if code >= 0 else 128 - code)


if __name__ == "__main__":
    if sys.argv[1:] == ["abi"]:
        try:
            print(landlock_abi())
        except OSError as error:
            print(errno.errorcode.get(error.errno, error.errno))
    else:
        main()
