"""Draw a corpus: the hand-written cases of every check, and fresh examples beside them."""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import subprocess  # our own script, in a fresh Python
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import platformdirs

from grader import oracle
from grader.checks import CHECKS, Check, Observe
from grader.corpus import Corpus, CorpusError, load, to_json
from grader.files import write_atomically
from grader.parsing import parse
from grader.tasks import Job, Slug, Task, frozen

BOOTSTRAP = "import sys; exec(compile(sys.stdin.read(), 'strategies', 'exec'))"
"""Runs the source on standard input in a `__main__` that has no file of its own."""

STRATEGIES = Path(__file__).with_name("strategies.py")

SPARE = 2
"""Draw so many times the examples needed: not every one is admitted."""

_MAKERS = {
    "slope": oracle.slope_task,
    "lower-loss": oracle.decreasing_task,
    "downhill": oracle.decreasing_task,
    "distinct": oracle.random_task,
}


def corpus_for(seed: str, examples: int | None = None) -> Corpus:
    """Return the corpus of a seed, drawn now or taken from the user's cache.

    `examples` replaces the number of examples that each check's draws declare.

    Raises: CorpusError if Hypothesis is missing or fails.
    """
    path = _cache() / f"{_key(seed, examples)}.json"
    if path.exists():
        try:
            return load(path)
        except CorpusError:
            pass  # damaged: drawn again and replaced below
    corpus = draw(seed, examples)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, to_json(corpus))
    except OSError:
        pass  # no cache here: the next run will draw again, and get the same
    return corpus


def draw(seed: str, examples: int | None = None) -> Corpus:
    """Draw a corpus.

    Raises: CorpusError if Hypothesis is missing or fails, or too few examples are fair.
    """
    drawn = fresh(seed, examples)
    tasks = {slug: ordered(check, chain(*drawn[slug])) for slug, check in CHECKS.items()}
    return Corpus(seed, drawn_with(), tasks)


def fresh(
    seed: str, examples: int | None = None, times: int = 1
) -> Mapping[Slug, Sequence[Sequence[Task]]]:
    """Draw for each check, and each of its draws, so many times the examples it declares.

    Raises: CorpusError if Hypothesis is missing or fails.
    """
    jobs = _drawn_jobs(seed, examples, times)
    return {slug: _fresh(check, jobs[slug], examples, times) for slug, check in CHECKS.items()}


def _fresh(
    check: Check, drawn: list[list[Job]], examples: int | None, times: int
) -> list[list[Task]]:
    make = _MAKERS.get(check.rule, oracle.task)
    met: set[Job] = set()
    tasks: list[list[Task]] = []
    for spec, jobs in zip(check.draws, drawn, strict=True):
        tasks.append([])
        for job in jobs:
            if len(tasks[-1]) == times * (examples or spec.examples):
                break
            if job not in met and (fair := make(job)) is not None:
                met.add(job)
                tasks[-1].append(replace(fair, drawn=True))
    return tasks


def ordered(check: Check, drawn: Iterable[Task]) -> tuple[Task, ...]:
    """Return a check's tasks as they are asked: those written by hand, then the drawn ones.

    Hand-written cases lead: they were written to be the clearest. The others grow.

    Raises: CorpusError if a case of the check is not fair.
    """
    return (*_written(check), *sorted(drawn, key=lambda task: len(repr(task.job))))


def _written(check: Check) -> Iterator[Task]:
    make = _MAKERS.get(check.rule, oracle.task)
    for case in check.cases:
        job = (
            _observed(("program", *parse(case, check.observe)), check.observe)
            if isinstance(case, str)
            else case
        )
        fair = make(job)
        if fair is None:
            raise CorpusError(f"a case of {check.slug} is not well-conditioned: {case}")
        yield fair


def _observed(job: Job, observe: Observe) -> Job:
    """Complete a drawn or written job with what is observed."""
    if job[0] == "program":
        leaves, instructions, roots = job[1:4]
        # Without a root nothing is asked of `backward`, which may not be written yet.
        roots = roots if observe == "gradients" else ()
        return ("program", leaves, instructions, roots, observe)
    if job[0] == "forward":
        return (*job, observe if observe == "values" else "floats")
    if job[0] == "training":
        return (*job, observe)
    return job


def _drawn_jobs(seed: str, examples: int | None, times: int = 1) -> Mapping[Slug, list[list[Job]]]:
    specs = [
        (check, spec, f"{seed}\n{check.slug}\n{i}")
        for check in CHECKS.values()
        for i, spec in enumerate(check.draws)
    ]
    request = [
        [text, spec.strategy, dict(spec.arguments), SPARE * times * (examples or spec.examples)]
        for _, spec, text in specs
    ]
    jobs: dict[Slug, list[list[Job]]] = {slug: [] for slug in CHECKS}
    for (check, spec, _), drawn in zip(specs, _run_strategies(request), strict=True):
        observe = spec.observe or check.observe
        jobs[check.slug].append([_observed(frozen(job), observe) for job in drawn])
    return jobs


def _run_strategies(request: Iterable[object]) -> list[list[Job]]:
    """Run `strategies.py` on standard input, so that the process has no file of ours."""
    environment = {key: os.environ[key] for key in ("SYSTEMROOT", "PATH") if key in os.environ}
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-I", "-c", BOOTSTRAP, json.dumps(request)],
        input=STRATEGIES.read_bytes(),
        capture_output=True,
        env=environment,
        check=False,
    )
    if done.returncode != 0:
        last = done.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        raise CorpusError(f"fresh examples could not be drawn: {last}")
    try:
        drawn: list[list[Job]] = json.loads(done.stdout)
    except ValueError as error:
        raise CorpusError("fresh examples could not be drawn: the answer is no JSON") from error
    return drawn


def drawn_with() -> str:
    """Name what the examples are drawn with: another version may draw others."""
    return f"hypothesis {importlib.metadata.version('hypothesis')}"


def _cache() -> Path:
    return Path(platformdirs.user_cache_dir("micrograd-course")) / "corpora"


def _key(seed: str, examples: int | None) -> str:
    """Name everything that a drawn corpus depends on."""
    here = Path(__file__).parent
    sources = (*here.glob("*.py"), *here.glob("checks/*.py"), *here.glob("worker/*.py"))
    digest = hashlib.sha256(f"{seed}\0{examples}\0{drawn_with()}".encode())
    for source in sorted((*sources, *(here.parent / "engine_reference").glob("*.py"))):
        digest.update(source.read_bytes())
    return digest.hexdigest()[:32]
