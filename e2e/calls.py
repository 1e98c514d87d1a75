"""Which calls the Python client has for operations of ours, and which of them the tests have made."""

import inspect
import json
import re
from pathlib import Path
from types import SimpleNamespace

from runai import api

from versions import NAMES

DOCUMENT = Path(__file__).parent.parent / "openapi.json"

# (transport, the client's class, its method) of each call that succeeded.
MADE = set()


class Calls:
    """The client's calls about one noun, by the names of its newest version. Each that succeeds is noted."""

    def __init__(self, group, transport):
        self._group = group
        self._transport = transport

    def __getattr__(self, name):
        name = NAMES.get(name, name)
        method = getattr(self._group, name)

        def call(*arguments, **named):
            answer = method(*arguments, **named)
            MADE.add((self._transport, type(self._group).__name__, name))
            return answer

        return call


def calls_for_our_operations():
    """The operation, such as `GET /api/v1/users/{}`, that each call of the client asks for, where it is one of ours."""
    document = json.loads(DOCUMENT.read_text())
    ours = {
        f"{method.upper()} {re.sub(r'{[^}]*}', '{}', path)}"
        for path, operations in document["paths"].items()
        for method in operations
    }
    calls = {}
    for name, group in inspect.getmembers(api, inspect.isclass):
        for method, function in inspect.getmembers(group, inspect.isfunction):
            operation = _operation(group, function)
            if operation in ours:
                calls[(name, method)] = operation
    return calls


def _operation(group, function):
    """What a call asks for, told by letting it ask someone who only listens. None for what is no call."""
    asked = []
    listener = SimpleNamespace(
        call_api=lambda method, resource_path, **_: asked.append(f"{method} {resource_path}"),
        logger=SimpleNamespace(warning=lambda _: None),
    )
    # What is deprecated is wrapped in a function that hides its parameters.
    function = inspect.getclosurevars(function).nonlocals.get("func", function)
    parameters = list(inspect.signature(function).parameters)[1:]
    if function.__name__.startswith("_") or function.__name__ == "options":
        return None
    function(group(listener), *["{}" for _ in parameters])
    return asked[0] if asked else None
