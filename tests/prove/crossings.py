"""Mistakes in engines of other styles: is each named, and never wrongly?

    python tests/prove/crossings.py [STYLE]...

Writes mistakes of the catalogue into right submissions of `tests/submissions/right` (see
`crossed.py`) and grades them as anybody's. Prints those that are not named, or wrongly. Exit
code 1 if less than 95 % are named, or any wrongly.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from prove.crossed import CROSSINGS, Crossing

from grader.corpus import practice
from grader.grading import grade
from grader.kill_matrix import equals
from grader.misconceptions import MISCONCEPTIONS
from grader.submission import read
from grader.tasks import Slug

RIGHT = Path(__file__).parents[1] / "submissions" / "right"


def write(crossing: Crossing, folder: Path) -> None:
    """Write the submission with its mistake."""
    shutil.copytree(RIGHT / crossing.style, folder, dirs_exist_ok=True)
    for file, head, old, new in crossing.edits:
        path = folder / file
        path.write_text(changed(path.read_text("utf-8"), head, old, new), "utf-8")


def changed(text: str, head: str, old: str, new: str) -> str:
    """Replace text in the first function or class that begins so and holds it."""
    for begin in re.finditer(rf"^( *){re.escape(head)}", text, re.M):
        indent = begin[1]
        end = re.compile(rf"^(?!{indent}[ \n])(?=.*\S)", re.M).search(text, begin.end())
        stop = end.start() if end else len(text)
        if old in text[begin.start() : stop]:
            return (
                text[: begin.start()] + text[begin.start() : stop].replace(old, new) + text[stop:]
            )
    raise ValueError(f"{old!r} is not in {head!r}")


def names(crossing: Crossing) -> frozenset[str]:
    """Grade a crossing and return every mistake that the report names."""
    with tempfile.TemporaryDirectory() as folder:
        write(crossing, Path(folder))
        report = grade(read(Path(folder)), practice(), version="prove")
    assert not report.all_passed, crossing
    found = [check.diagnosis for check in report.checks if check.diagnosis is not None]
    return frozenset(slug for diagnosis in found for slug in diagnosis.slugs)


def right(crossing: Crossing) -> frozenset[str]:
    """Return the names that are right: the mistake, and those equal to it."""
    return equals(MISCONCEPTIONS[Slug(crossing.slug)])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("styles", nargs="*", metavar="STYLE", help="default: all")
    styles = parser.parse_args().styles
    tried = [crossing for crossing in CROSSINGS if not styles or crossing.style in styles]
    named = wrong = 0
    with ProcessPoolExecutor() as pool:
        for crossing, found in zip(tried, pool.map(names, tried), strict=True):
            named += crossing.slug in found
            wrong += bool(found - right(crossing))
            if crossing.slug not in found or found - right(crossing):
                said = ", ".join(sorted(found)) or "nothing"
                print(f"{crossing.slug} in {crossing.style}: named {said}", flush=True)
    print(f"\n{len(tried)} crossings: {named} named, {wrong} wrongly")
    return 0 if named >= 0.95 * len(tried) and not wrong else 1


if __name__ == "__main__":
    sys.exit(main())
