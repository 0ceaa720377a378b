"""The report as JSON, for programs: the form is in `grader/report.schema.json`."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from grader.report import SCHEMA, Report


def render(report: Report) -> str:
    """Return the report as indented JSON; the same report gives the same bytes.

    JSON has no NaN and no infinity: they are the strings "nan", "inf" and "-inf".
    """
    content = {
        "schema": SCHEMA,
        "grader": {"version": report.grader_version},
        "corpus": asdict(report.corpus),
        "submission": asdict(report.submission),
        "isolation": asdict(report.isolation),
        "points": report.points,
        "max_points": report.max_points,
        "checks": [asdict(check) for check in report.checks],
    }
    return json.dumps(_finite(content), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _finite(content: Any) -> Any:
    if isinstance(content, float) and not math.isfinite(content):
        return repr(content)
    if isinstance(content, Mapping):
        return {key: _finite(part) for key, part in content.items()}
    if isinstance(content, Sequence) and not isinstance(content, str):
        return [_finite(part) for part in content]
    return content
