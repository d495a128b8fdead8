"""Compiles a source and imports the libraries that it names, so that children are forked with both at hand."""

import importlib
import sys
import warnings

FILE_NAME = "source.py"
LIBRARIES_MAX = 64
# They open a browser, print, or are test programs.
NEVER = {"__main__", "antigravity", "this", "test", "idlelib", "turtledemo", "source"}
ONLY_AST = 0x400


def diagnostic(severity, message, line, column):
    return {"severity": severity, "message": message[:2000], "line": line or 0, "column": column or 0}


def compile_source(code):
    """Diagnostics and the program, which is None when it does not compile. Runs none of it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            program = compile(code, FILE_NAME, "exec", dont_inherit=True)
        except SyntaxError as error:
            return [diagnostic("error", "%s: %s" % (type(error).__name__, error.msg), error.lineno, error.offset)], None
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            return [diagnostic("error", "%s: %s" % (type(error).__name__, error), 0, 0)], None
    return [diagnostic("warning", str(item.message), item.lineno, 0) for item in caught[:20]], program


def _imports(tree):
    pending = [tree]
    while pending:
        node = pending.pop()
        kind = type(node).__name__
        if kind == "Import":
            yield from (alias.name for alias in node.names)
        elif kind == "ImportFrom" and not node.level and node.module:
            yield node.module
            yield from ("%s.%s" % (node.module, alias.name) for alias in node.names)
        elif kind == "AsyncFunctionDef" and node.name == "fetch_data":
            yield "asyncio"
        for field in node._fields:
            value = getattr(node, field, None)
            if isinstance(value, list):
                pending.extend(item for item in value if hasattr(item, "_fields"))
            elif hasattr(value, "_fields"):
                pending.append(value)


def import_libraries(code):
    """Imports what the source's import statements name. What fails here fails again, with its reason, when the source is loaded."""
    wanted = dict.fromkeys(_imports(compile(code, FILE_NAME, "exec", ONLY_AST, dont_inherit=True)))
    if ".http" in code:
        wanted.update(dict.fromkeys(["urllib.parse", "base64"]))
    for name in list(wanted)[:LIBRARIES_MAX]:
        parent = name.rpartition(".")[0]
        is_member = parent in sys.modules and not hasattr(sys.modules[parent], "__path__")
        if name.partition(".")[0] in NEVER or name.endswith(".*") or is_member:
            continue
        try:
            importlib.import_module(name)
        except BaseException:  # noqa: BLE001
            continue
