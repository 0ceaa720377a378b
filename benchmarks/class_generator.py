"""Make a class: N submissions of every kind, each with an outcome that is known beforehand.

    python benchmarks/class_generator.py COUNT FOLDER

Right and wrong engines are those of `tests/submissions`; about one in five comes as an
archive, a notebook or a single file; some are attacks, and some cannot be graded at all.
The same number makes the same class. No two submissions have the same bytes.
"""

from __future__ import annotations

import gzip
import io
import itertools
import json
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
KNOWN = PROJECT / "tests" / "submissions"


@dataclass(frozen=True)
class Expected:
    """What must come out: a status; full points or not; checks that must fail and must pass."""

    kind: str
    status: str
    full: bool = False
    fails: Sequence[str] = ()
    passes: Sequence[str] = ()

    def contradictions(self, result: Mapping[str, object]) -> list[str]:
        """Say what in a result is not as expected."""
        if result["status"] != self.status:
            return [f"{self.kind}: {result['status']} ({result['problem']}), not {self.status}"]
        report = result["report"]
        if not isinstance(report, dict):
            return []
        outcomes = {check["slug"]: check["outcome"] for check in report["checks"]}
        full = report["points"] == report["max_points"]
        found = [f"{self.kind}: {report['points']} points"] if full != self.full else []
        found += [
            f"{self.kind}: {slug} {outcomes[slug]}"
            for slug in self.fails
            if outcomes[slug] not in ("failed", "errored")
        ]
        return found + [
            f"{self.kind}: {slug} {outcomes[slug]}"
            for slug in self.passes
            if outcomes[slug] != "passed"
        ]


Files = Mapping[str, str]
"""A submission's texts by their paths."""


# ── What is handed in ─────────────────────────────────────────────────────────────────


def known(folder: str) -> list[Path]:
    """List the right or the wrong submissions."""
    return sorted(path for path in (KNOWN / folder).iterdir() if path.is_dir())


def texts(folder: Path) -> dict[str, str]:
    """Read a submission's Python files."""
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def expectation(folder: Path) -> Expected:
    """Read what must come out for a wrong submission."""
    table = tomllib.loads((folder / "expected.toml").read_text("utf-8"))
    return Expected(folder.name, "graded", False, table["fails"], table["passes"])


def marked(files: Files, number: int) -> dict[str, str]:
    """Make a submission differ from all others in a comment."""
    return {name: f"{text}\n# handed in by learner {number}\n" for name, text in files.items()}


ENGINE = (PROJECT / "examples" / "complete" / "engine.py").read_text("utf-8")
REST = {
    name: (PROJECT / "examples" / "complete" / name).read_text("utf-8")
    for name in ("nn.py", "train.py")
}

ATTACKS: Mapping[str, str] = {
    "endless loop while loading": "while True:\n    pass\n",
    "endless loop that catches everything": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass\n"
    ),
    "leaves at once": "import os\nos._exit(0)\n",
    "leaves politely": "import sys\nsys.exit(0)\n",
    "asks for all memory": "x = bytearray(1 << 40)\n",
    "recurses without end": "def f():\n    return f()\nf()\n",
    "talks without end": "for _ in range(20_000):\n    print('passed ' * 100)\n",
    "equal to everything": (
        "class Value:\n    def __init__(self, *a, **k):\n        self.data = self\n"
        "    def __eq__(self, other):\n        return True\n    __hash__ = None\n"
        "    def __getattr__(self, name):\n        return lambda *a, **k: self\n"
    ),
    "raises its own kind": "class E(BaseException):\n    pass\nraise E('\\x1b[31m<script>')\n",
    "a number that is no number": (
        "class N(float):\n    def __eq__(self, other):\n        return True\n"
        "    __hash__ = None\nclass Value:\n    def __init__(self, *a, **k):\n"
        "        self.data = N(0)\n        self.grad = N(0)\n"
    ),
}
"""Each stands before a right engine, or in its place where it defines a Value of its own."""

ATTACKS_THAT_GAIN_NOTHING = frozenset({"talks without end"})
"""After these a right engine is still right."""


def attack(name: str) -> tuple[dict[str, str], Expected]:
    """Return an attack and what must come out: a row, and points only for right numbers."""
    code = ATTACKS[name]
    engine = code if "class Value" in code else f"{code}\n{ENGINE}"
    full = name in ATTACKS_THAT_GAIN_NOTHING
    return {"engine.py": engine, **REST}, Expected(f"attack: {name}", "graded", full)


# ── How it is handed in ───────────────────────────────────────────────────────────────


def as_folder(files: Files, target: Path) -> None:
    """Write a folder."""
    for name, text in files.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def as_zip(files: Files, target: Path) -> None:
    """Pack a zip archive with a folder in it, as most systems do."""
    target.with_suffix(".zip").write_bytes(zipped({f"work/{n}": t for n, t in files.items()}))


def zipped(files: Files) -> bytes:
    """Return a zip archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            # Without a date of its own, so that the same class has the same bytes.
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def as_tar(files: Files, target: Path) -> None:
    """Pack a compressed tar archive."""
    path = target.with_name(f"{target.name}.tar.gz")
    # Without a date, so that the same class has the same bytes.
    with (
        path.open("wb") as file,
        gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, text in files.items():
            data = text.encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


def as_notebook(files: Files, target: Path) -> None:
    """Write a notebook with a cell a file, and cells that train and plot between them."""
    cells = [cell("markdown", "# My engine")]
    for name in ("engine.py", "nn.py", "train.py"):
        own = [line for line in files[name].splitlines() if not is_own_import(line)]
        cells += [cell("code", "\n".join(own)), cell("code", "%matplotlib inline\nprint('done')")]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    target.with_suffix(".ipynb").write_text(json.dumps(notebook), "utf-8")


def cell(kind: str, text: str) -> dict[str, object]:
    """Return a cell of a notebook."""
    more = {"execution_count": None, "outputs": []} if kind == "code" else {}
    return {"cell_type": kind, "metadata": {}, "source": text.splitlines(keepends=True), **more}


def fits_a_notebook(files: Files) -> bool:
    """Tell whether three files are the same code when they stand in one, without imports."""
    lines = [line for text in files.values() for line in text.splitlines()]
    renamed = any(line.startswith("from .") or (is_own_import(line) and " as " in line)
                  for line in lines)  # fmt: skip
    return set(files) == {"engine.py", "nn.py", "train.py"} and not renamed


def is_own_import(line: str) -> bool:
    """Tell an import of a learner's other files, which a notebook does not have."""
    return line.startswith(("from engine", "from nn", "import engine"))


# ── What cannot be graded ─────────────────────────────────────────────────────────────


def empty_zip(target: Path) -> None:
    """Make an archive of no bytes."""
    target.with_suffix(".zip").write_bytes(b"")


def truncated_zip(target: Path) -> None:
    """Make an archive whose end is missing."""
    target.with_suffix(".zip").write_bytes(zipped({"engine.py": ENGINE, **REST})[:-200])


def zip_of_nothing(target: Path) -> None:
    """Make an archive with a text that is no Python."""
    target.with_suffix(".zip").write_bytes(zipped({"answer.txt": "I will hand in later"}))


def zip_bomb(target: Path) -> None:
    """Make an archive that unpacks to a thousand times its size."""
    target.with_suffix(".zip").write_bytes(zipped({"engine.py": "#" * (64 << 20)}))


def zip_that_climbs(target: Path) -> None:
    """Make an archive whose names lead out of it."""
    target.with_suffix(".zip").write_bytes(zipped({"../../engine.py": ENGINE}))


def empty_folder(target: Path) -> None:
    """Make a folder with nothing in it."""
    target.mkdir()


def folder_of_bytes(target: Path) -> None:
    """Make an engine that is no text."""
    target.mkdir()
    (target / "engine.py").write_bytes(bytes(range(256)) * 10)


NOT_GRADABLE: Sequence[Callable[[Path], None]] = (
    empty_zip,
    truncated_zip,
    zip_of_nothing,
    zip_bomb,
    zip_that_climbs,
    empty_folder,
    folder_of_bytes,
)

# ── The class ─────────────────────────────────────────────────────────────────────────


def generate(folder: Path, count: int) -> dict[str, Expected]:
    """Make a class in `folder`, and return what must come out for each learner."""
    folder.mkdir(parents=True, exist_ok=True)
    makers = _kinds()
    expected = {}
    for number in range(count):
        learner = f"learner-{number:04}"
        expected[learner] = next(makers)(folder / learner, number)
    return expected


def _kinds() -> Iterator[Callable[[Path, int], Expected]]:
    """Yield ways to make a submission, in a fixed mixture."""
    right = itertools.cycle(known("right"))
    one_namespace = itertools.cycle(p for p in known("right") if fits_a_notebook(texts(p)))
    wrong = itertools.cycle(known("wrong"))
    attacks = itertools.cycle(ATTACKS)
    broken = itertools.cycle(NOT_GRADABLE)
    for turn in itertools.count():
        for write in (as_folder, as_folder, as_zip, as_folder, as_tar):
            yield _right(next(right), write)
            yield _wrong(next(wrong), write)
        yield _right(next(one_namespace), as_notebook)
        yield _attack(next(attacks)) if turn % 2 else _broken(next(broken))


Write = Callable[[Files, Path], None]


def _right(source: Path, write: Write) -> Callable[[Path, int], Expected]:
    def make(target: Path, number: int) -> Expected:
        write(marked(texts(source), number), target)
        return Expected(f"{source.name} {write.__name__}", "graded", True)

    return make


def _wrong(source: Path, write: Write) -> Callable[[Path, int], Expected]:
    def make(target: Path, number: int) -> Expected:
        write(marked(texts(source), number), target)
        return expectation(source)

    return make


def _attack(name: str) -> Callable[[Path, int], Expected]:
    def make(target: Path, number: int) -> Expected:
        files, expected = attack(name)
        as_folder(marked(files, number), target)
        return expected

    return make


def _broken(write: Callable[[Path], None]) -> Callable[[Path, int], Expected]:
    def make(target: Path, _number: int) -> Expected:
        write(target)
        return Expected(write.__name__, "not gradable")

    return make


if __name__ == "__main__":
    made = generate(Path(sys.argv[2]), int(sys.argv[1]))
    kinds = sorted({expected.status for expected in made.values()})
    counts = (f"{sum(e.status == kind for e in made.values())} {kind}" for kind in kinds)
    print(f"{len(made)} submissions in {sys.argv[2]}: {', '.join(counts)}")
