"""An application's addresses as OpenAPI with the fields of their bodies, and calls that are nearly right."""

import random
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any

import schemathesis
from fastapi import FastAPI
from schemathesis import Case
from schemathesis.core.result import Ok

Values = Mapping[str, Sequence[object]]
"""What holds, by the name of a field, a header or a part of a path."""
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
RIGHT = 0.9
"""The share of values that are right in a call."""
_ENCODING = {"name": "content-encoding", "in": "header", "schema": {"type": "string"}}


def operations(app: FastAPI, bodies: Mapping[str, Sequence[str]], kind: str) -> list[Any]:
    """The addresses of an application whose POSTs take `bodies`: fields by address, KeyError for others."""
    described = app.openapi()
    for path, methods in described["paths"].items():
        if "post" in methods:
            methods["post"]["requestBody"] = _body(bodies[path], kind)
            methods["post"].setdefault("parameters", []).append(_ENCODING)
    schema = schemathesis.openapi.from_dict(described)
    schema.app = app
    return [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]


def put_right(case: Case[Any], values: Values, chance: random.Random) -> None:
    """Most values of a call become right ones: it comes past the first check, and is wrong further in."""
    for name in (header.name for header in case.operation.headers.items):
        case.headers.setdefault(name, "")
    for part in (case.path_parameters, case.query, case.headers, case.body):
        if isinstance(part, MutableMapping):
            for name in [*part]:
                good = values.get(name.lower()) or values.get(name)
                if good and chance.random() < RIGHT:
                    part[name] = chance.choice(good)  # type: ignore[assignment]


def _body(fields: Sequence[str], kind: str) -> dict[str, object]:
    any_value: dict[str, object] = {"type": "string"} if kind == FORM else {}
    schema = {"type": "object", "properties": dict.fromkeys(fields, any_value), "required": list(fields)}
    return {"required": True, "content": {kind: {"schema": schema}}}
