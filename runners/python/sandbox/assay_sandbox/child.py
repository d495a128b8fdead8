"""One child: loads the source, waits for its one call, answers it. From here on everything is user code's to break."""

import ctypes
import errno
import gc
import json
import os
import resource
import sys
import threading
import types

from assay_sandbox import channel, output, sdk
from assay_sandbox.link import Link
from assay_sandbox.warm import FILE_NAME, diagnostic

CHANNEL = 3
THREAD_STACK_BYTES = 1 << 20
# Beyond any limit: a descriptor that was open before the limit was set keeps its number.
DESCRIPTORS_MAX = 1 << 20
PR_SET_NO_NEW_PRIVS = 38
PR_SET_SECCOMP = 22
SECCOMP_MODE_FILTER = 2

RETURNED, NOT_FOUND, PROBLEM = b"r", b"n", b"p"

DENIED_HINT = "a source has no sockets, processes or files of its own; for requests use context.http, urllib.request, http.client, requests or httpx"

_settings = None
_filter = None
_prctl = None


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def prepare(init):
    """Once, in the zygote, so that a fork has little to do."""
    global _settings, _filter, _prctl
    _settings = init
    _filter = bytes.fromhex(init["leafFilter"])
    _prctl = ctypes.CDLL(None, use_errno=True).prctl


def _lock_down():
    seconds = _settings["cpuSecondsMax"]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    own_pid, placeholder = (number.to_bytes(4, "little") for number in (os.getpid(), _settings["ownPidPlaceholder"]))
    code = _filter.replace(placeholder, own_pid)
    program = _Program(len(code) // 8, code)
    if _prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program), 0, 0):
        os._exit(78)


def _message(error):
    try:
        text = str(error)
    except BaseException:  # noqa: BLE001
        text = "(its message cannot be shown)"
    name = type(error).__name__
    shown = ("%s: %s" % (name, text) if text else name)[:2000]
    is_denied = isinstance(error, OSError) and (error.errno == errno.EPERM or name == "gaierror")
    return "%s (%s)" % (shown[:1800], DENIED_HINT) if is_denied else shown


def _line(trace):
    """The author's innermost line, 0 where there is none."""
    line = 0
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == FILE_NAME:
            line = trace.tb_lineno or 0
        trace = trace.tb_next
    return line


def _load(program):
    """The source's fetch_data, or None after the reason has been sent."""
    module = types.ModuleType("source")
    module.__file__ = FILE_NAME
    sys.modules["source"] = module
    try:
        exec(program, module.__dict__)
        fetch = getattr(module, "fetch_data", None)
        if callable(fetch):
            return fetch
        problem = diagnostic("error", "The source has no function fetch_data(indicator, context).", 0, 0)
    except BaseException as error:  # noqa: BLE001
        problem = diagnostic("error", _message(error), _line(error.__traceback__), 0)
    channel.write_all(CHANNEL, channel.frame(channel.LOAD_FAILED, json.dumps([problem]).encode()))
    return None


def _arguments(fetch, indicator, context):
    """The older shape is recognised by the names of its parameters: fetch_data(data, kind), or (data, kind, context)."""
    code = getattr(fetch, "__code__", None)
    names = code.co_varnames[: code.co_argcount] if code is not None else ()
    if names[:2] == ("data", "kind"):
        return (indicator.data, indicator.kind, context)[: max(2, len(names))]
    return (indicator,) if len(names) == 1 else (indicator, context)


def _call(fetch, payload, link):
    given = json.loads(payload)
    context = sdk.Context(link, given)
    result = fetch(*_arguments(fetch, sdk.Indicator(**given["indicator"]), context))
    if hasattr(result, "__await__"):
        import asyncio

        async def wait():
            return await result

        result = asyncio.run(wait())
    return result


def _json(result, dumps=json.dumps):
    """The result as JSON text in UTF-8. Raises sdk.BadResponse where it has none."""
    if result is None:
        raise sdk.BadResponse("fetch_data returned nothing: return a dict, or call context.not_found().")
    try:
        text = dumps(result, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
    except RecursionError:
        raise sdk.BadResponse("The result is nested too deeply to be JSON.") from None
    except (TypeError, ValueError, OverflowError) as error:
        raise sdk.BadResponse("The result cannot be written as JSON: %s" % _message(error)) from None
    # Halves of surrogate pairs: joined where they belong together, U+FFFD where they do not.
    try:
        data = text.encode()
    except UnicodeEncodeError:
        data = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()
    if len(data) > _settings["resultBytesMax"]:
        raise sdk.BadResponse("The result has %d bytes; at most %d are taken." % (len(data), _settings["resultBytesMax"]))
    return data


def _problem(error):
    if isinstance(error, sdk.Verdict):
        return {**error.problem, "line": _line(error.__traceback__)}
    if isinstance(error, MemoryError):
        return {"what": "memory", "line": _line(error.__traceback__)}
    if isinstance(error, sdk.BadResponse):
        return {"what": "badResponse", "message": _message_text(error), "line": _line(error.__traceback__)}
    return sdk.upstream_problem(error) or {
        "what": "error",
        "message": _message(error),
        "line": _line(error.__traceback__),
    }


def _message_text(error):
    return str(error)[:2000]


def main(program, fd, null):
    """Never returns."""
    try:
        os.dup2(fd, CHANNEL)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.closerange(4, DESCRIPTORS_MAX)
        gc.enable()
        # Of address space, which is limited; the default is eight times that.
        threading.stack_size(THREAD_STACK_BYTES)
        _lock_down()
        link = Link(CHANNEL)
        sdk.current_link = link
        output.install(link)
        fetch = _load(program)
        if fetch is None:
            os._exit(0)
        channel.write_all(CHANNEL, channel.frame(channel.READY))
        payload = link.read_call()
        try:
            answer = RETURNED, _json(_call(fetch, payload, link))
        except sdk.NotFound:
            answer = NOT_FOUND, b""
        except BaseException as error:  # noqa: BLE001
            answer = PROBLEM, json.dumps(_problem(error)).encode()
        output.flush()
        link.answer(*answer)
    finally:
        os._exit(0)
