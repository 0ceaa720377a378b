"""A worker that lies on the wire: mutated frames, and what the grader believes of them.

    python tests/prove/wire.py [--frames N] [--seed N]

The grader's end of the wire is fed from memory, so that no process is started: every task
is answered with a frame that is right, or changed in one of many ways. Each answer that the
grader believes must be justified, byte by byte, by a second reading of the frame that is
written down here. Exit code 1 if one is not, or if more was read than a frame may hold.
"""

from __future__ import annotations

import argparse
import io
import marshal
import os
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from random import Random
from typing import cast

from grader.conversation import Answer, Conversation, Ended, Limits, Request, Wire
from grader.lane import Lane
from grader.session import Session
from grader.submission import SourceFile, Submission
from grader.tasks import Slug
from grader.worker.wire import Failure

SUBMISSION = Submission({"engine": SourceFile("engine.py", "")}, {"engine": "engine"})
JOB = ("program", (2.0,), (("neg", 0),), (), "results")
LIMITS = Limits(strikes=3)

READ_AHEAD = 1 << 16
"""The grader's buffer: so much more than a frame may be read, and no more."""

LYING = 0.3
"""So many frames are changed; those between them show that truth is still believed."""

LONGEST_FAILURE = 4 * (4 * 500 + 8)
"""Four fields of 500 characters of four bytes, and what stands between them."""

Frame = bytes
Change = Callable[[Random, Frame], Frame]


# ── Lies ──────────────────────────────────────────────────────────────────────────────


def numbers(nonce: bytes, count: int, random: Random) -> Frame:
    body = struct.pack(f"<{count}d", *(random.choice((0.0, -1.5, 1e308)) for _ in range(count)))
    return nonce + b"\0" + struct.pack("<I", len(body)) + body


def failure(nonce: bytes, random: Random) -> Frame:
    kinds = ("raised", "raised", "unexpected", "timed out", "not run", "died", "", "passed")
    texts = ("", "x", "\x1b[2J", "9" * 8000, "-1", "²", "٣", "0x" + "f" * 16, "é" * 400, "a" * 2100)
    count = random.choice((4, 4, 4, 2, 5))
    fields = [random.choice(kinds), *(random.choice(texts) for _ in range(count))]
    body = "\0".join(fields).encode()
    return nonce + b"\1" + struct.pack("<I", len(body)) + body


def flip_bits(random: Random, frame: Frame) -> Frame:
    changed = bytearray(frame)
    for _ in range(random.randint(1, 8)):
        changed[random.randrange(len(changed))] ^= 1 << random.randrange(8)
    return bytes(changed)


def flip_in_the_header(random: Random, frame: Frame) -> Frame:
    return flip_bits(random, frame[:13]) + frame[13:]


def cut(random: Random, frame: Frame) -> Frame:
    return frame[: random.randrange(len(frame))]


def lengthen(random: Random, frame: Frame) -> Frame:
    return frame + random.randbytes(random.randint(1, 64))


def lie_about_length(random: Random, frame: Frame) -> Frame:
    length = random.choice(
        (0, 1, 7, 8, 9, 16, 800, 8031, 8032, 8033, 1 << 20, 1 << 31, (1 << 32) - 1)
    )
    return frame[:9] + struct.pack("<I", length) + frame[13:] + bytes(random.randrange(2000))


def lie_about_status(random: Random, frame: Frame) -> Frame:
    return frame[:8] + bytes([random.randrange(256)]) + frame[9:]


def change_nonce(random: Random, frame: Frame) -> Frame:
    other = random.choice((bytes(8), random.randbytes(8), frame[:4] + random.randbytes(4)))
    return other + frame[8:]


def send_twice(random: Random, frame: Frame) -> Frame:
    return frame * random.randint(2, 4)


def send_noise(random: Random, frame: Frame) -> Frame:
    return random.randbytes(random.randrange(200))


def send_nothing(random: Random, frame: Frame) -> Frame:
    return b""


CHANGES: Sequence[Change] = (
    *(flip_bits, flip_in_the_header, cut, lengthen, lie_about_length, lie_about_status),
    *(change_nonce, send_twice, send_noise, send_nothing),
)


# ── A liar in the place of a child ────────────────────────────────────────────────────


class Stream(io.RawIOBase):
    """What the liar sends; counts how much of it is taken."""

    def __init__(self) -> None:
        self.waiting = bytearray()
        self.taken = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        part = self.waiting[: len(buffer)]
        del self.waiting[: len(buffer)]
        buffer[: len(part)] = part
        self.taken += len(part)
        return len(part)


class Requests(io.RawIOBase):
    """Where the grader writes: the liar reads it as a worker would."""

    def __init__(self, liar: Liar) -> None:
        self._liar = liar

    def writable(self) -> bool:
        return True

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self._liar.hear(marshal.loads(bytes(data)[4:]))
        return len(data)


class Liar:
    """A child in memory, which answers each task rightly or with a lie."""

    def __init__(self, random: Random, tally: Tally) -> None:
        self._random, self._tally = random, tally
        self._opened = False
        self.stream = Stream()
        self.nonces: dict[int, bytes] = {}
        self.sent = bytearray()
        replies = io.BufferedReader(self.stream, READ_AHEAD)
        self.wire = Wire(Requests(self), replies)  # type: ignore[arg-type]

    def hear(self, message: object) -> None:
        if not self._opened:
            self._opened = True
            nonce = cast("dict[str, bytes]", message)["nonce"]
            self.stream.waiting += numbers(nonce, 0, self._random)
            return
        for nonce, _, job in cast("list[tuple[bytes, int, tuple[object, ...]]]", message):
            task, count = cast("tuple[int, int]", job[-2:])
            self.nonces[task] = nonce
            frame = self._answer(nonce, count)
            self.sent += frame
            self.stream.waiting += frame

    def _answer(self, nonce: bytes, count: int) -> Frame:
        random = self._random
        frame = numbers(nonce, count, random) if random.random() < 0.7 else failure(nonce, random)
        if random.random() < LYING:
            change = random.choice(CHANGES)
            frame = change(random, frame)
            self._tally.lies[change.__name__] += 1
        self._tally.frames += 1
        return frame

    def end(self) -> Ended:
        return Ended(0)


class Tally:
    """What was sent, and what was believed."""

    def __init__(self) -> None:
        self.frames = 0
        self.lies: Counter[str] = Counter()
        self.believed: Counter[str] = Counter()
        self.wrong: list[str] = []


class LiarsLane:
    """A lane in which every child is a liar."""

    def __init__(self, random: Random, tally: Tally) -> None:
        self._random, self._tally = random, tally
        self.liars: list[Liar] = []

    def start(self, submission: Submission, limits: Limits) -> Conversation:
        self.liars.append(Liar(self._random, self._tally))
        return Conversation(self.liars[-1], submission, limits)


# ── A second reading ──────────────────────────────────────────────────────────────────


def is_justified(answer: Answer, liar: Liar, task: int, count: int) -> bool:
    """Tell whether something that a liar sent says, under the task's nonce, what is believed."""
    stream = bytes(liar.sent)  # a frame may begin where the one before it ended too early
    for at in _places(stream, liar.nonces.get(task, b"no such nonce")):
        status, length = stream[at + 8], int.from_bytes(stream[at + 9 : at + 13], "little")
        body = stream[at + 13 : at + 13 + length]
        if len(body) != length:
            continue
        if isinstance(answer, Failure):
            if status == 1 and length <= LONGEST_FAILURE and _says(body, answer):
                return True
        elif status == 0 and body == struct.pack(f"<{count}d", *answer):
            return True
    return False


def _places(stream: bytes, nonce: bytes) -> list[int]:
    found, at = [], stream.find(nonce)
    while at >= 0:
        if len(stream) >= at + 13:
            found.append(at)
        at = stream.find(nonce, at + 1)
    return found


def _says(body: bytes, answer: Failure) -> bool:
    fields = body.decode("utf-8", "replace").split("\0")
    return (
        len(fields) == 5
        and fields[0] == answer.kind
        and answer.kind in ("raised", "unexpected", "timed out")
        and fields[1] == answer.type
        and fields[3] == answer.file
    )


OUR_WORDS = ("not run", "died")
"""Kinds of failure that are the grader's own, and that no frame may claim."""

NO_ANSWER = Failure("unexpected", "", "the process answered something that is no answer")


def fuzz(frames: int, seed: int) -> Tally:
    """Hear so many mutated frames of liars, and check every answer that is believed."""
    random, tally = Random(seed), Tally()
    while tally.lies.total() < frames:
        lane = LiarsLane(random, tally)
        counts = [random.choice((0, 1, 2, 5, 100)) for _ in range(random.randint(1, 12))]
        requests = [
            Request((*JOB, i, count), count, Slug(f"value/{i}")) for i, count in enumerate(counts)
        ]
        with Session(SUBMISSION, LIMITS, cast(Lane, lane)) as session:
            answers = session.run(requests)
        tally.wrong += _complaints(answers, counts, lane.liars)
        tally.believed.update(map(_kind, answers))
    return tally


def _complaints(
    answers: Sequence[Answer], counts: Sequence[int], liars: Sequence[Liar]
) -> Iterator[str]:
    for task, (answer, count) in enumerate(zip(answers, counts, strict=True)):
        ours = answer == NO_ANSWER or _kind(answer) in OUR_WORDS
        if not ours and not any(is_justified(answer, liar, task, count) for liar in liars):
            yield f"{answer!r}"[:200]
    for liar in liars:
        most = (len(liar.nonces) + 1) * (13 + max(8 * max(counts), LONGEST_FAILURE)) + READ_AHEAD
        if liar.stream.taken > most:
            yield f"{liar.stream.taken} bytes were read"


def _kind(answer: Answer) -> str:
    return answer.kind if isinstance(answer, Failure) else "numbers"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--frames", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "little"))
    arguments = parser.parse_args()
    began = time.monotonic()
    tally = fuzz(arguments.frames, arguments.seed)
    took_s = time.monotonic() - began
    lies = tally.lies.total()
    print(f"{lies} mutated frames of {tally.frames}, seed {arguments.seed}, {took_s:.0f} s")
    for name, count in sorted(tally.lies.items()):
        print(f"  {count:7}  {name.replace('_', ' ')}")
    print("answers: " + ", ".join(f"{n} {kind}" for kind, n in sorted(tally.believed.items())))
    print(f"believed without a frame that says so: {len(tally.wrong)}")
    for line in tally.wrong[:10]:
        print(f"  {line}")
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
