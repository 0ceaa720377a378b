"""What `course grade-all` has written, for whoever compares or counts it."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.append(str(ROOT / "benchmarks"))

from class_generator import Expected, generate  # noqa: E402

__all__ = ["Expected", "generate", "lasting", "rows"]


def rows(out: Path) -> dict[str, dict[str, str]]:
    with (out / "gradebook.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["learner"]: row for row in csv.DictReader(file)}


def lasting(out: Path) -> dict[str, bytes]:
    """Read everything that must not change from run to run: all but the timings."""
    found = {}
    for file in sorted(out.rglob("*")):
        if file.is_file() and file.name not in ("timings.tsv", ".lock"):
            data = file.read_bytes()
            if file.name == "class.html":
                head, _, rest = data.partition(b'<section id="slowest"')
                data = head + rest.partition(b"</section>")[2]
            found[file.relative_to(out).as_posix()] = data
    return found
