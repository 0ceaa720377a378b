"""The checks that do not pass, and since when: what `course grade` tells `course review`.

One small file beside the log of answers. A check enters it when it fails and leaves it when
it passes. The cards that it leads to are due until they have been answered once since then.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.report import Report

FORMAT = 1


def default_path() -> Path:
    """Return where it is kept: the folder that the system has for user data."""
    import platformdirs

    return platformdirs.user_data_path("micrograd-course", appauthor=False) / "wanted.json"


def record(report: Report, now: datetime, path: Path | None = None) -> None:
    """Note which checks of a report fail, and forget those that pass.

    A check that failed before keeps its date, so that what was reviewed since then is not
    asked again at every grading; a skipped one stays as it was. Where there is no place to
    write, nothing is noted: a verdict does not depend on it.
    """
    from grader.files import write_atomically

    path = path or default_path()
    before = failing(path)
    after = dict(before)
    for check in report.checks:
        if check.outcome == "passed":
            after.pop(check.slug, None)
        elif check.outcome != "skipped":
            after.setdefault(check.slug, now)
    if after == before:
        return
    content = {"v": FORMAT, "failing": {slug: at.isoformat() for slug, at in after.items()}}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, json.dumps(content, indent=1) + "\n")
    except OSError:
        pass


def failing(path: Path | None = None) -> Mapping[str, datetime]:
    """Return the checks that failed when they were last graded, and since when.

    A file that is missing or damaged says nothing: the next grading writes it anew.
    """
    try:
        content = json.loads((path or default_path()).read_text("utf-8"))
        if content["v"] != FORMAT:
            return {}
        since = {str(slug): datetime.fromisoformat(at) for slug, at in content["failing"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
    return {slug: at for slug, at in since.items() if at.utcoffset() is not None}


def cards(path: Path | None = None) -> Mapping[str, datetime]:
    """Return for each card or question that a failing check leads to, since when."""
    from course.content import CARDS

    wanted: dict[str, datetime] = {}
    for slug, at in failing(path).items():
        for card in CARDS.get(slug, ()):
            wanted[card] = max(at, wanted.get(card, at))
    return wanted
