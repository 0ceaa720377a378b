"""The folder that keeps every result, and continues where it was.

OUT/
  ├─ class.json          whose results these are, and the seed of their examples
  ├─ secret.txt          where each learner has a seed: what they are derived from
  ├─ results/<id>.json   one a learner, written as soon as it is known
  ├─ reports/FORMAT/<id>.…
  └─ timings.tsv         how long each took; the only file here that changes from run to run
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from grader.classroom.entries import ClassError, Entry
from grader.classroom.gradebook import row
from grader.classroom.marking import SCHEMA as RESULT_SCHEMA
from grader.classroom.marking import Marked
from grader.files import write_atomically

SCHEMA = "course-class/1"

SUFFIX: Mapping[str, str] = {
    "github": ".log",
    "html": ".html",
    "json": ".json",
    "junit": ".xml",
    "markdown": ".md",
    "terminal": ".txt",
}
"""How a report's file ends; those of other formats are JSON."""


@dataclass(frozen=True)
class Seed:
    """The text from which a class's examples are drawn, or each learner's seed is derived."""

    text: str
    per_learner: bool


class Folder:
    """A folder of results, held by one run at a time: use it in a `with`.

    Raises: ClassError if it is in use, or holds something else; OSError if it cannot be
    written to.
    """

    def __init__(self, path: Path, submissions: Sequence[Path]) -> None:
        _refuse_nested(path, submissions)
        self.path = path
        self._submissions = submissions
        self._lock: int | None = None

    def __enter__(self) -> Self:
        if self.path.exists() and not self.path.is_dir():
            raise ClassError(f"{self.path} is a file: give a folder for the results")
        if self.path.exists() and not self._is_ours() and any(self.path.iterdir()):
            raise ClassError(
                f"{self.path} holds other things than results: give a new folder, or an empty one"
            )
        self.path.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(self.path / ".lock")
        self._about = self._read_about()
        for name in ("results", "reports"):
            (self.path / name).mkdir(exist_ok=True)
        for leftover in self.path.rglob(".*.tmp"):  # of a run that was killed
            leftover.unlink(missing_ok=True)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)

    def _is_ours(self) -> bool:
        return any((self.path / name).exists() for name in ("class.json", ".lock"))

    # ── Whose results these are ───────────────────────────────────────────────────────

    def _read_about(self) -> dict[str, Any]:
        file = self.path / "class.json"
        try:
            about = json.loads(file.read_text("utf-8"))
            schema = about["schema"]
            texts = [about["seed"] or "", *about["submissions"]]
            if not all(isinstance(text, str) for text in texts):
                raise TypeError(texts)
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise ClassError(f"{file} cannot be read: give a new folder") from error
        if schema != SCHEMA:
            raise ClassError(
                f"{self.path} holds results of another version ({schema!r}): give a new folder"
            )
        return dict(about)

    def settle(self, entries: Sequence[Entry], text: str | None, per_learner: bool) -> Seed:
        """Make sure that these are the results of this class, and return its seed.

        A seed that is given is used and recorded; else the one of earlier runs; else a
        fresh one is drawn.

        Raises: ClassError if the results are another class's, or their secret is lost.
        """
        here = sorted(str(path.resolve()) for path in self._submissions)
        if self._about and not self._same_class(entries, here):
            raise ClassError(
                f"{self.path} holds the results of another class "
                f"({', '.join(self._about.get('submissions', ()))}): give a new folder"
            )
        per_learner = per_learner or (text is None and bool(self._about.get("per_learner")))
        recorded = text or self._recorded(per_learner)
        if recorded is None and per_learner and self._about.get("per_learner"):
            raise ClassError(
                f"{self.path / 'secret.txt'} is not there, from which the learners' seeds were "
                "derived: put it back, or give another secret with --seed"
            )
        seed = Seed(recorded or secrets.token_hex(16 if per_learner else 4), per_learner)
        about = {
            "schema": SCHEMA,
            "seed": None if per_learner else seed.text,
            "per_learner": per_learner,
            "submissions": here,
        }
        if per_learner:
            write_atomically(self.path / "secret.txt", seed.text + "\n", private=True)
        write_atomically(self.path / "class.json", json.dumps(about, indent=2) + "\n")
        return seed

    def _same_class(self, entries: Sequence[Entry], here: Sequence[str]) -> bool:
        known = {path.stem for path in (self.path / "results").glob("*.json")}
        return (
            not known
            or bool(known & {entry.id for entry in entries})
            or bool(set(here) & set(self._about.get("submissions", ())))
        )

    def _recorded(self, per_learner: bool) -> str | None:
        if not per_learner:
            return self._about.get("seed")
        with contextlib.suppress(OSError, UnicodeDecodeError):
            return (self.path / "secret.txt").read_text("utf-8").strip() or None
        return None

    # ── Results ───────────────────────────────────────────────────────────────────────

    def result(self, id_: str) -> dict[str, Any] | None:
        """Return a learner's result; None if there is none that can be read."""
        try:
            content = json.loads((self.path / "results" / f"{id_}.json").read_text("utf-8"))
            # What lacks a part was not written by us, or has been damaged since.
            whole = content["schema"] == RESULT_SCHEMA and row(id_, content).is_whole
        except (OSError, ValueError, RecursionError, KeyError, TypeError, AttributeError):
            return None
        return content if whole and "key" in content else None

    def results(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield every learner's id and result, in the order of the ids."""
        for file in sorted((self.path / "results").glob("[!.]*.json")):
            if (content := self.result(file.stem)) is not None:
                yield file.stem, content

    def keep(self, marked: Marked) -> bool:
        """Write a result and its reports; tell whether anything is new.

        A fault of the grader's never replaces a result that says something.
        """
        id_ = marked.entry.id
        older = self.result(id_)
        fault_again = marked.status == "fault" and older and older["status"] != "fault"
        if marked.result is None or fault_again:
            return False
        new = bool(older != json.loads(marked.result))
        if new:
            self._drop_reports(id_)
        self.keep_reports(id_, marked.reports)
        if new:  # last of all: what stands here is whole
            write_atomically(self.path / "results" / f"{id_}.json", marked.result)
        return new

    def _drop_reports(self, id_: str) -> None:
        """Remove a learner's reports, which are an older submission's."""
        for folder in filter(Path.is_dir, (self.path / "reports").iterdir()):
            self.report_file(id_, folder.name).unlink(missing_ok=True)

    def keep_reports(self, id_: str, reports: Mapping[str, str]) -> None:
        """Write a learner's reports, by format."""
        for name, text in reports.items():
            file = self.report_file(id_, name)
            file.parent.mkdir(exist_ok=True)
            write_atomically(file, text)

    def report_file(self, id_: str, format_: str) -> Path:
        """Return where a learner's report of a format stands."""
        return self.path / "reports" / format_ / f"{id_}{SUFFIX.get(format_, '.json')}"

    # ── Timings ───────────────────────────────────────────────────────────────────────

    def note_time(self, id_: str, seconds: float) -> None:
        """Remember how long a submission took."""
        with (self.path / "timings.tsv").open("a", encoding="utf-8") as file:
            file.write(f"{id_}\t{seconds:.3f}\n")

    def settle_timings(self) -> dict[str, float]:
        """Return how many seconds each submission took when it was last marked.

        The file is left with one line for each.
        """
        found: dict[str, float] = {}
        file = self.path / "timings.tsv"
        with contextlib.suppress(FileNotFoundError):
            for line in file.read_text("utf-8", errors="replace").splitlines():
                id_, _, seconds = line.partition("\t")
                with contextlib.suppress(ValueError):  # the last line of a run that was killed
                    found[id_] = float(seconds)
        lines = (f"{id_}\t{seconds:.3f}\n" for id_, seconds in sorted(found.items()))
        write_atomically(file, "".join(lines))
        return found


def _refuse_nested(out: Path, submissions: Sequence[Path]) -> None:
    for path in submissions:
        if path.is_dir() and out.resolve().is_relative_to(path.resolve()):
            raise ClassError(
                f"{out} is inside the submissions, {path}, where it would be taken for one: "
                "give a folder elsewhere"
            )


def _locked(file: Path) -> int:
    """Open and lock a file; the lock goes with this process, however that ends."""
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise ClassError(
            f"another run writes into {file.parent}: wait for its end, or give another folder"
        ) from error
    return descriptor
