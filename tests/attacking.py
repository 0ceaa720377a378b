"""Attack the grader for real: hostile submissions, what they gained and what they reached.

Each file in `attacks/` is the `engine.py` of one submission, with its intent in words and
what the harness has to know at the end of its docstring:

    base: wrong       what it stands on: `right` where it only tries to harm, `wrong` where
                      it tries to pass
    reaches: files    what it reaches for
    folder: links     what else lies in its folder, made by `attack_folders`

It is graded in an *arena*, a process of its own in which canaries are set out: a file to
read, one to overwrite, a folder to litter, sockets to connect to, a process to signal, a
word in the environment and one in memory. An attack that has learnt something says it in
the message of an exception, the only way out there is; so what it has learnt is in the
report.
"""

from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, NamedTuple

import pytest
from attack_folders import FOLDERS
from canaries import KEY, Canaries, adopt_orphans, descendants, peak_bytes
from prove.mutating import take_walls_down

from grader.corpus import PRACTICE_SEED, Corpus, practice
from grader.drawing import corpus_for
from grader.grading import grade
from grader.isolation import Level
from grader.lane import Lane, open_lane
from grader.renderers import json as json_report
from grader.renderers import terminal as terminal_report
from grader.report import Report
from grader.session import Limits
from grader.submission import SubmissionError, read
from grader.tasks import Slug

HERE = Path(__file__).parent
ATTACKS = HERE / "attacks"
REFERENCE = HERE.parent / "engine_reference"

EXAMPLES = 3
"""So many examples for each draw of a check: an attack that passes these has passed."""

TIGHT = Limits(cpu_s=1.5, task_cpu_s=0.2, wall_factor=5.0, strikes=2)
"""For attacks, so that those which waste time waste little."""

NEXT = (Slug("backward/random-graphs"), Slug("mlp/gradients"), Slug("train/zeroing"))
"""What is asked of the submission after an attack, beside all that these build on."""

MEMORY_BYTES = 100 << 20
"""The grader needs less than this, whatever it is sent."""

Base = Literal["right", "wrong"]


@dataclass(frozen=True)
class Attack:
    """One hostile submission, as declared in its docstring."""

    name: str
    intent: str
    base: Base
    reaches: str
    folder: str | None

    @property
    def path(self) -> Path:
        return ATTACKS / f"{self.name}.py"


@dataclass(frozen=True)
class Verdict:
    """What came of an attack at one level.

    `gained` are checks that passed though they do not hold for its base; `reached` is what
    it got hold of; `left_running` are processes that it left behind; `next_is_right` is
    whether a correct submission, graded after it in the same lane, passed.
    """

    level: str
    points: int
    base_points: int
    gained: Sequence[str]
    reached: Sequence[str]
    left_running: int
    peak_bytes: int
    next_is_right: bool


def attacks() -> list[Attack]:
    """Return the whole collection, by name."""
    return [_declared(path) for path in sorted(ATTACKS.glob("*.py"))]


def _declared(path: Path) -> Attack:
    found = re.match(
        r'"""(.+?)\n\nbase: (right|wrong)\nreaches: (\w+)\n(?:folder: (\w+)\n)?"""\n',
        path.read_text("utf-8"),
        re.DOTALL,
    )
    assert found, f"{path.name} does not declare itself"
    intent, base, reaches, folder = found.groups()
    return Attack(path.stem, " ".join(intent.split()), base, reaches, folder)  # type: ignore[arg-type]


# ── The submission ────────────────────────────────────────────────────────────────────

WRONG_ENGINE = """
class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0

    def nothing(self, *_):
        return Value(0.0)

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = nothing
    __truediv__ = __rtruediv__ = __pow__ = __neg__ = tanh = exp = relu = nothing

    def backward(self):
        pass
"""
"""An engine of zeros: whatever passes beyond it has been gained."""


def base_files(base: Base) -> dict[str, str]:
    """Return the sources of what an attack stands on."""
    sources = {path.stem: path.read_text("utf-8") for path in REFERENCE.glob("*.py")}
    files = {
        f"{name}.py": sources[name].replace("from engine_reference.", "from ")
        for name in ("nn", "train")
    }
    engine = sources["engine"] if base == "right" else WRONG_ENGINE
    return {"engine_base.py": engine, **files}


def write_submission(attack: Attack | None, base: Base, folder: Path, canaries: Canaries) -> None:
    """Write what is handed in: the base alone, or with an attack upon it."""
    folder.mkdir()
    files = base_files(base)
    files["engine.py"] = (
        "from engine_base import Value\n" if attack is None else attack.path.read_text("utf-8")
    )
    files["canary.py"] = canaries.source
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
    if attack is not None and attack.folder is not None:
        FOLDERS[attack.folder](folder, canaries.secret_file)


# ── The arena ─────────────────────────────────────────────────────────────────────────


ArenaLevel = Level | Literal["no walls"]
NO_WALLS: Literal["no walls"] = "no walls"
"""Level `process` with nothing denied, to show that the attacks are real."""


class Graded(NamedTuple):
    """The points of a submission and the checks that passed."""

    points: int
    passed: frozenset[str]
    text: str


NOT_GRADABLE = Graded(0, frozenset(), "")


class Arena:
    """Grades attacks one after the other, in one lane."""

    def __init__(self, lane: Lane, corpus: Corpus, top: Path) -> None:
        self._lane, self._corpus, self._top = lane, corpus, top
        places = top / "canaries"
        places.mkdir()
        self._canaries = Canaries(places)
        self._bases = {base: self._graded(None, base, Limits()) for base in ("right", "wrong")}
        self._at_rest = len(descendants())

    def run(self, attack: Attack) -> Verdict:
        base = self._bases[attack.base]
        graded = self._graded(attack, attack.base, TIGHT)
        reached = list(self._canaries.touched(graded.text))
        left_running = max(0, len(descendants()) - self._at_rest)
        after = self._graded(None, "right", Limits(), NEXT)
        return Verdict(
            level=self._lane.level,
            points=graded.points,
            base_points=base.points,
            gained=sorted(graded.passed - base.passed),
            reached=reached,
            left_running=left_running,
            peak_bytes=peak_bytes(),
            next_is_right=set(NEXT) == after.passed,
        )

    def _graded(
        self, attack: Attack | None, base: Base, limits: Limits, only: Sequence[Slug] = ()
    ) -> Graded:
        folder = self._top / "submission"
        write_submission(attack, base, folder, self._canaries)
        try:
            report = grade(
                read(folder),
                self._corpus,
                only=only,
                version="arena",
                limits=limits,
                lane=self._lane,
            )
        except SubmissionError as error:
            return NOT_GRADABLE._replace(text=str(error))
        finally:
            shutil.rmtree(folder)
        return _seen(report)

    def close(self) -> None:
        self._canaries.close()


def _seen(report: Report) -> Graded:
    text = json_report.render(report)
    points = json.loads(text)["points"]
    assert points == report.points
    shown = terminal_report.render(report)
    assert shown.isprintable() or all(c.isprintable() or c == "\n" for c in shown)
    passed = frozenset(check.slug for check in report.checks if check.outcome == "passed")
    return Graded(report.points, passed, text)


def main(level: ArenaLevel, seed: str) -> None:
    """Read names of attacks from standard input, and print a verdict a line."""
    adopt_orphans()
    if level != NO_WALLS:
        _serve(level, seed)
        return
    with pytest.MonkeyPatch.context() as patch, tempfile.TemporaryDirectory() as scratch:
        take_walls_down(patch, Path(scratch))
        _serve("process", seed)


def _serve(level: Level, seed: str) -> None:
    known = {attack.name: attack for attack in attacks()}
    with tempfile.TemporaryDirectory() as top, open_lane(level) as lane:
        Path(top).chmod(0o755)
        corpus = practice() if seed == PRACTICE_SEED else corpus_for(seed, EXAMPLES)
        arena = Arena(lane, corpus, Path(top))
        try:
            _say("ready")
            for line in sys.stdin:
                _say(json.dumps(asdict(arena.run(known[line.strip()]))))
        finally:
            arena.close()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


class ArenaProcess:
    """An arena at the end of a pipe: `run` an attack, get its verdict."""

    def __init__(self, level: ArenaLevel, seed: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, __file__, level, seed],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, KEY: f"SECRET-{secrets.token_hex(12)}"},
        )
        assert self._read() == "ready\n"

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the arena has ended: the grader did not survive"
        return line

    def run(self, attack: Attack) -> Verdict:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{attack.name}\n")
        self._process.stdin.flush()
        return Verdict(**json.loads(self._read()))

    def close(self) -> int:
        """End the arena, and return its exit code."""
        self._process.communicate()
        return self._process.returncode


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])  # type: ignore[arg-type]
