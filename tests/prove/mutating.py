"""Ways to make the grader worse, for a while and in this process."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

import pytest

from grader import conversation, drawing, fork_server, grading, judge, namespaces, oracle
from grader.checks import CHECKS
from grader.corpus import Corpus, practice
from grader.judging import Finding
from grader.tasks import Job, Slug, Task


@dataclass
class Grader:
    """A grader to be made worse: its parts, its questions, and a folder to write in."""

    patch: pytest.MonkeyPatch
    scratch: Path
    corpus: Corpus = field(default_factory=practice)


class Mutation(NamedTuple):
    """A change for the worse, and some who notice it."""

    make_worse: Callable[[Grader], None]
    noticed_by: Sequence[str]


@contextmanager
def mutated(mutation: Mutation) -> Iterator[Corpus]:
    """Make the grader of this process worse for a while, and give the corpus to grade with."""
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as scratch:
        grader = Grader(patch, Path(scratch))
        mutation.make_worse(grader)
        patch.setattr(grading, "shrink", lambda *_: {})  # a verdict needs no counterexample
        yield grader.corpus


def put(owner: object, name: str, stand_in: object) -> Callable[[Grader], None]:
    """Put something else in the place of a part of the grader."""
    return lambda grader: grader.patch.setattr(owner, name, stand_in)


def ruled(name: str, rule: judge.Rule) -> Callable[[Grader], None]:
    """Judge by another rule."""
    return lambda grader: grader.patch.setitem(judge.RULES, name, rule)  # type: ignore[arg-type]


def asked(change: Callable[[Slug, Task], Task | None], *only: str) -> Callable[[Grader], None]:
    """Change every task, or those of some checks; None leaves the task out."""

    def make_worse(grader: Grader) -> None:
        tasks = dict(grader.corpus.tasks)
        for slug in only or list(tasks):
            changed = [change(Slug(slug), task) for task in tasks[Slug(slug)]]
            # Whatever is left shall carry the claim, or the judge would not let it hold.
            tasks[Slug(slug)] = [replace(task, drawn=True) for task in changed if task is not None]
        grader.corpus = replace(grader.corpus, tasks=tasks)

    return make_worse


def dropped(slug: str) -> Callable[[Grader], None]:
    """Ask nothing for a claim, and let it hold, as nothing speaks against it."""

    def make_worse(grader: Grader) -> None:
        asked(lambda *_: None, slug)(grader)
        judged = grading.judged
        grader.patch.setattr(
            grading,
            "judged",
            lambda check, *facts: (
                Finding(check, "passed") if check.slug == slug else judged(check, *facts)
            ),
        )

    return make_worse


def kept(fair: Callable[[Task], bool], *only: str) -> Callable[[Grader], None]:
    """Ask only some of the tasks."""
    return asked(lambda _, task: task if fair(task) else None, *only)


def rewritten(change: Callable[[Job], Job], *only: str) -> Callable[[Grader], None]:
    """Ask something else, with the right answer to it, where that is fair to ask."""

    def remade(slug: Slug, task: Task) -> Task | None:
        job = change(task.job)
        make = drawing._MAKERS.get(CHECKS[slug].rule, oracle.task)
        # 3 and 3.0 are equal, and another question.
        return task if repr(job) == repr(task.job) else make(job)

    return asked(remade, *only)


def in_the_worker(file: str, old: str, new: str) -> Callable[[Grader], None]:
    """Run submissions in a worker whose source differs in one place."""

    return lambda grader: change_worker(grader.patch, grader.scratch, file, old, new)


def change_worker(patch: pytest.MonkeyPatch, scratch: Path, file: str, old: str, new: str) -> None:
    """Put a worker whose source differs in one place where the real one is started from."""
    worker = scratch / "worker"
    shutil.copytree(conversation.WORKER, worker)
    text = (worker / file).read_text("utf-8")
    assert text.count(old) == 1, f"{old!r} is not once in the worker's {file}"
    (worker / file).write_text(text.replace(old, new), "utf-8")
    for starts_workers in (conversation, fork_server, namespaces):
        patch.setattr(starts_workers, "WORKER", worker)


def take_walls_down(patch: pytest.MonkeyPatch, scratch: Path) -> None:
    """Let level `process` deny nothing: an attack that fails even there is none."""
    change_worker(patch, scratch, "limits.py", "_lower(resource.RLIMIT_NOFILE, 0)", "return")
    patch.setattr(fork_server, "_user", lambda: None)
