"""All tasks of one seed, smallest first, with the reference's answers.

The practice corpus ships with the package as JSON, so that everybody's answers are the
same to the last bit. Any other seed is drawn when it is first asked for (see `drawing`)
and kept in the user's cache.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.tasks import Slug, Task, frozen

SCHEMA = "course-corpus/2"
PRACTICE = Path(__file__).parent / "corpora" / "practice.json"
PRACTICE_SEED = "practice"


class CorpusError(Exception):
    """A corpus cannot be read, or fresh examples cannot be drawn."""


@dataclass(frozen=True)
class Corpus:
    """The tasks of every check, and where they come from.

    `drawn_with` names the version of Hypothesis: the same seed and version draw the same.
    """

    seed: str
    drawn_with: str
    tasks: Mapping[Slug, Sequence[Task]]

    @property
    def practice(self) -> bool:
        """Whether this is the corpus that everybody has, whose answers can be looked up."""
        return self.seed == PRACTICE_SEED

    @cached_property
    def digest(self) -> str:
        """SHA-256 of everything in the corpus, in hexadecimal."""
        return hashlib.sha256(to_json(self).encode()).hexdigest()


def to_json(corpus: Corpus) -> str:
    """Write a corpus: one line a task, numbers in the digits that give the same float."""
    checks = ",\n".join(
        f"{json.dumps(slug)}:[" + ",\n".join(map(_task_json, tasks)) + "]"
        for slug, tasks in corpus.tasks.items()
    )
    head = {"schema": SCHEMA, "seed": corpus.seed, "drawn_with": corpus.drawn_with}
    return json.dumps(head)[:-1] + f', "checks": {{\n{checks}\n}}}}\n'


def _task_json(task: Task) -> str:
    row = [task.job, task.expected, task.rounding_steps, int(task.drawn)]
    return json.dumps(row, separators=(",", ":"))


def from_json(text: str) -> Corpus:
    """Read what `to_json` wrote.

    Raises: CorpusError if it is something else.
    """
    try:
        content: dict[str, Any] = json.loads(text)
        if content["schema"] != SCHEMA:
            raise CorpusError(f"a corpus of another version: {content['schema']!r}")
        tasks = {
            Slug(slug): tuple(
                Task(frozen(job), tuple(expected), steps, bool(drawn))
                for job, expected, steps, drawn in rows
            )
            for slug, rows in content["checks"].items()
        }
    except (KeyError, TypeError, ValueError) as error:
        raise CorpusError(f"not a corpus: {error}") from error
    return Corpus(content["seed"], content["drawn_with"], tasks)


def load(path: Path) -> Corpus:
    """Read a corpus from a file.

    Raises: CorpusError, naming the file.
    """
    try:
        return from_json(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, CorpusError) as error:
        raise CorpusError(f"{path}: {error}") from error


def practice() -> Corpus:
    """Return the corpus that ships with the package."""
    return load(PRACTICE)
