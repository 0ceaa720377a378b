"""A lying worker: nothing is believed that its frames do not justify, and nothing hangs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import ROOT
from prove import wire
from prove.wire import CHANGES, fuzz

from grader import conversation, lane
from grader.conversation import Limits
from grader.drawing import corpus_for
from grader.grading import grade
from grader.report import Report
from grader.submission import SubmissionError, read
from grader.worker.wire import FAILURE_BYTES, FIELD_CHARACTERS, Failure, encode_failure

QUICK = Limits(cpu_s=1.0, task_cpu_s=0.2, wall_factor=4.0, strikes=2)


def test_nothing_is_believed_that_no_frame_says() -> None:
    tally = fuzz(10_000, seed=7)
    assert tally.wrong == []
    assert set(tally.lies) == {change.__name__ for change in CHANGES}
    assert tally.believed["numbers"] > 500
    assert tally.believed["raised"] > 50
    assert tally.believed["unexpected"] > 500


def test_a_grader_that_looks_at_nonces_no_more_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The second reading is worth something only if it would find a hole."""
    unpack = conversation.REPLY_HEADER.unpack

    class Trusting:
        size = conversation.REPLY_HEADER.size

        @staticmethod
        def unpack(header: bytes) -> tuple[object, ...]:
            return (Anything(), *unpack(header)[1:])

    class Anything:
        def __eq__(self, other: object) -> bool:
            return True

        __hash__ = None  # type: ignore[assignment]

    monkeypatch.setattr(conversation, "REPLY_HEADER", Trusting)
    assert fuzz(3_000, seed=7).wrong != []


def test_the_longest_failure_of_an_honest_worker_is_lawful() -> None:
    longest = Failure(*("𝄞" * 1000,) * 4, line=10**9)
    assert len(encode_failure(bytes(8), longest)) - 13 <= FAILURE_BYTES == wire.LONGEST_FAILURE
    assert FIELD_CHARACTERS == 500


LIAR = """
import marshal, os, struct, sys, time

def request():
    (length,) = struct.unpack("<I", sys.stdin.buffer.read(4))
    return marshal.loads(sys.stdin.buffer.read(length))

def send(data):
    while data:
        data = data[os.write(1, data):]

def frame(nonce, status, length):
    return struct.pack("<8sBI", nonce, status, length)

opening = request()
send(frame(opening["nonce"], 0, 0))
batch = request()
nonces = [nonce for nonce, _, _ in batch]
"""

LIES = {
    "a giant length": "send(frame(nonces[0], 0, 2**32 - 1)); time.sleep(60)",
    "an unknown status": "send(frame(nonces[0], 7, 0)); time.sleep(60)",
    "a foreign nonce": "send(frame(bytes(8), 0, 0) * 100); time.sleep(60)",
    "the nonce of the next": "send(frame(nonces[1], 0, 0) * 2); time.sleep(60)",
    "data without end": "while True: send(bytes(1 << 16))",
    "half a frame": "send(frame(nonces[0], 0, 0)[:6]); time.sleep(60)",
    "half a body": "send(frame(nonces[0], 1, 800) + bytes(4)); time.sleep(60)",
    "a byte at a time": "while True: send(bytes(1)); time.sleep(0.1)",
    "an early end": "send(frame(nonces[0], 0, 0)[:6])",
    "closed pipes": "os.close(1); time.sleep(60)",
    "nothing": "time.sleep(60)",
    "success": "os._exit(0)",
    "everything timed out": (
        "body = b'timed out' + bytes(4)\n"
        "for nonce in nonces: send(frame(nonce, 1, len(body)) + body)\n"
        "time.sleep(60)"
    ),
}


@pytest.fixture
def graded_by_a_liar(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Report]:
    """Grade a correct submission, whose process runs a liar in the worker's place."""

    def run(lie: str) -> Report:
        (tmp_path / "__main__.py").write_text(LIAR + lie, "utf-8")
        monkeypatch.setattr(conversation, "WORKER", tmp_path)
        monkeypatch.setattr(lane, "HAS_FORK_SERVER", False)
        corpus = corpus_for("examples for liars", 1)
        return grade(read(ROOT / "engine_reference"), corpus, version="test", limits=QUICK)

    return run


@pytest.mark.parametrize("lie", LIES)
def test_a_process_that_lies_gets_no_point_and_grading_ends(
    graded_by_a_liar: Callable[[str], Report], lie: str
) -> None:
    report = graded_by_a_liar(LIES[lie])
    assert report.points == 0
    assert all(check.outcome in ("errored", "skipped") for check in report.checks)


def test_a_process_that_says_that_nothing_is_defined_is_not_graded(
    graded_by_a_liar: Callable[[str], Report],
) -> None:
    with pytest.raises(SubmissionError, match="defines no Value"):
        graded_by_a_liar(
            "send(frame(nonces[0], 0, 0))\n"
            "send(frame(nonces[1], 0, 8 * 2) + bytes(8 * 2))\n"
            "[send(frame(nonces[1], 0, 8 * n) + bytes(8 * n)) for n in range(20)]"
        )
