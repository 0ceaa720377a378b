"""A report read back from its JSON, so that it can be shown in one more format."""

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints

from grader.report import CheckResult, CorpusFacts, IsolationFacts, Report, SubmissionFacts


def report_from(content: Mapping[str, Any]) -> Report:
    """Return the report that `grader.renderers.json` wrote, as a mapping.

    Raises: KeyError, TypeError or ValueError where it is something else.
    """
    return Report(
        grader_version=content["grader"]["version"],
        corpus=_made(CorpusFacts, content["corpus"]),
        submission=_made(SubmissionFacts, content["submission"]),
        isolation=_made(IsolationFacts, content["isolation"]),
        checks=[_made(CheckResult, check) for check in content["checks"]],
    )


def _made(kind: Any, content: Any) -> Any:
    """Make a value of the declared type out of what JSON has left of it."""
    if kind is float:
        return float(content)  # "nan" and "inf" are strings in JSON
    origin, arguments = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return None if content is None else _made(arguments[0], content)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        known = [field.name for field in fields(kind) if field.name in content]
        return kind(**{name: _made(hints[name], content[name]) for name in known})  # type: ignore[operator]
    if origin is not None and isinstance(content, dict) and issubclass(origin, Mapping):
        return {name: _made(arguments[1], part) for name, part in content.items()}
    if isinstance(content, list) and isinstance(origin, type) and issubclass(origin, Sequence):
        return tuple(_made(arguments[0], part) for part in content)
    return content
