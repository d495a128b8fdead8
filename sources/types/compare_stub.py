"""Prints, as JSON, how assay.pyi differs from the classes of the sandbox. The argument is the folder of the sandbox's code."""

import ast
import inspect
import json
import os
import sys

sys.path.insert(0, sys.argv[1])

from assay_sandbox import sdk

CLASSES = ["Indicator", "Context", "Secrets", "Log", "Http", "Headers", "Response", "Records", "Dns"]


class Link:
    """Stands for the channel, of which nothing is asked here."""


REPLY = {"status": 200, "headers": [], "records": [], "rcode": "NODATA"}
OBJECTS = {
    "Indicator": sdk.Indicator("8.8.8.8", "IPV4"),
    "Context": sdk.Context(Link(), {}),
    "Secrets": sdk.Secrets({}),
    "Log": sdk.Log(Link()),
    "Http": sdk.Http(Link()),
    "Headers": sdk.Headers([]),
    "Response": sdk.Response(REPLY),
    "Records": sdk.Records(REPLY),
    "Dns": sdk.Dns(Link()),
}


def parameters(function):
    every = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
    return sorted(argument.arg for argument in every if argument.arg != "self")


def is_open(function):
    return function.args.vararg is not None or function.args.kwarg is not None


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "assay.pyi"), encoding="utf-8") as file:
    stub = ast.parse(file.read())

differences = []
for node in stub.body:
    if not isinstance(node, ast.ClassDef) or node.name not in CLASSES:
        continue
    stated = {item.target.id for item in node.body if isinstance(item, ast.AnnAssign)}
    functions = {item.name: item for item in node.body if isinstance(item, ast.FunctionDef)}
    # What dict and list have is known to everybody.
    inherited = set(dir(type(OBJECTS[node.name]).__base__))
    real = {name for name in dir(OBJECTS[node.name]) if not name.startswith("_")} - inherited
    public = {name for name in functions if not name.startswith("_")}
    differences += ["%s.%s" % (node.name, name) for name in sorted(real ^ (stated | public))]
    for name, function in functions.items():
        method = inspect.getattr_static(type(OBJECTS[node.name]), name)
        if not inspect.isfunction(method) or is_open(function):
            continue
        own = sorted(parameter for parameter in inspect.signature(method).parameters if parameter != "self")
        if own != parameters(function):
            differences.append("%s.%s(%s)" % (node.name, name, ", ".join(own)))
missing = set(CLASSES) - {node.name for node in stub.body if isinstance(node, ast.ClassDef)}
kinds = next(node.value for node in stub.body if isinstance(node, ast.Assign) and node.targets[0].id == "IndicatorKind")
print(json.dumps({"differences": differences + sorted(missing), "kinds": [item.value for item in kinds.slice.elts]}))
