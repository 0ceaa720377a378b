"""The same on other machines, through dask.distributed.

Submissions are read here and travel as text, in batches; each thread of a dask worker marks
with a lane of its own. Strangers' code runs where it always does, in the isolated child, and
never in the dask worker itself. A worker that is lost costs time: its batches go to others.
"""

from __future__ import annotations

import hashlib
import logging
import pickle  # between the grader's own processes, as dask itself does
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import islice
from typing import Any

from distributed import Client, Future, KilledWorker, LocalCluster, Security, as_completed

from grader.classroom.marking import (
    Marked,
    Marker,
    Settings,
    Work,
    failed_itself,
    grader_digest,
    key_of,
    without_report,
)
from grader.isolation import WorkerError
from grader.sources import SubmissionError
from grader.submission import Submission, read

LARGEST_BATCH = 50
"""So many submissions go to a worker at once: what a task costs by itself then vanishes."""

SHARES = 4
"""A small class is cut into so many batches for each thread, so that none waits for long."""

AHEAD = 2
"""So many batches wait for each thread of the cluster."""

RETRIES = 3

LOCAL = "local"

OTHER_GRADER = "the dask workers have another grader, or none: install the same version there"


def mark_on_cluster(
    works: Iterable[Work], settings: Settings, address: str, jobs: int, count: int
) -> Iterator[Marked]:
    """Mark all of `works` on the cluster at `address`; `local` starts one of `jobs` workers.

    `count` is how many they are, more or less.

    Raises: WorkerError if there is no cluster, or its workers have another grader.
    """
    with ExitStack() as stack:
        client = _connected(stack, address, jobs)
        packed = zlib.compress(pickle.dumps((grader_digest(), settings)))
        done: list[Marked] = []  # what needs no cluster
        threads = max(1, sum(client.nthreads().values()))
        size = max(1, min(LARGEST_BATCH, count // (SHARES * threads)))
        batches = _batches(works, settings, size, done)
        flying: dict[str, list[Work]] = {}
        results = as_completed(with_results=False)

        def send(batch: list[Work]) -> None:
            future = client.submit(_mark_batch, packed, batch, retries=RETRIES, pure=False)
            flying[future.key] = batch
            results.add(future)

        for batch in islice(batches, AHEAD * threads):
            send(batch)
        yield from _drained(done)
        while flying:
            future = next(results)
            batch = flying.pop(future.key)
            marked = _result(future, batch, send)
            if (following := next(batches, None)) is not None:
                send(following)
            yield from marked
            yield from _drained(done)
        yield from _drained(done)


def _connected(stack: ExitStack, address: str, jobs: int) -> Any:
    for name in ("distributed", "distributed.nanny", "distributed.scheduler"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # a lost worker is no news
    try:
        if address != LOCAL:
            return stack.enter_context(Client(address, timeout="30s"))
        # Not even another user of this machine, let alone a submission, may hand us work.
        security = Security.temporary()
        cluster = LocalCluster(
            n_workers=jobs,
            threads_per_worker=1,
            dashboard_address=None,
            security=security,
            silence_logs=logging.CRITICAL,
        )
        stack.enter_context(cluster)
        return stack.enter_context(Client(cluster, security=security))
    except (OSError, ValueError) as error:
        raise WorkerError(f"no dask cluster answers at {address}: {error}") from error


def _batches(
    works: Iterable[Work], settings: Settings, size: int, done: list[Marked]
) -> Iterator[list[Work]]:
    """Read submissions and put them into batches; what cannot change goes into `done`."""
    batch: list[Work] = []
    for work in works:
        try:
            read_ = _read(work)
        except Exception as error:
            done.append(failed_itself(work.entry, error))
            continue
        if (
            isinstance(read_.submission, Submission)
            and key_of(settings, work.entry, read_.submission) == work.older_key
        ):
            done.append(Marked(work.entry, "graded", None))
            continue
        batch.append(read_)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _read(work: Work) -> Work:
    try:
        return replace(work, submission=read(work.entry.path, dict(work.entry.parts)))
    except SubmissionError as error:
        return replace(work, submission=str(error))


def _drained(done: list[Marked]) -> Iterator[Marked]:
    while done:
        yield done.pop()


def _result(future: Future, batch: list[Work], send: Any) -> Sequence[Marked]:
    """Return a batch's results; a batch that costs workers their lives is sent one by one.

    Raises: WorkerError if the workers lack this grader, or the isolation that is demanded.
    """
    try:
        marked: list[Marked] = future.result()
    except KilledWorker:
        if len(batch) > 1:
            for work in batch:
                send([work])
            return []
        entry = batch[0].entry
        return [without_report(entry, "fault", "every dask worker that had it was lost")]
    except (ImportError, AttributeError) as error:
        raise WorkerError(f"{OTHER_GRADER} ({error})") from error
    return marked


# ── Inside a dask worker ──────────────────────────────────────────────────────────────

_here = threading.local()
"""This thread's marker, kept from batch to batch, and what it was made from."""


def _mark_batch(packed: bytes, batch: Sequence[Work]) -> list[Marked]:
    """Mark a batch.

    Raises: WorkerError if this worker has another grader than whoever sent the batch.
    """
    name = hashlib.sha256(packed).hexdigest()
    if getattr(_here, "name", None) != name:
        digest, settings = pickle.loads(zlib.decompress(packed))  # noqa: S301 (dask's own trust)
        if digest != grader_digest():
            raise WorkerError(OTHER_GRADER)
        if hasattr(_here, "marker"):
            _here.marker.__exit__(None, None, None)
        _here.marker = Marker(settings).__enter__()
        _here.name = name
    marker: Marker = _here.marker
    return [marker.mark(work) for work in batch]
