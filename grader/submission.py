"""A learner's folder, read as text. Nothing in it is run or imported here."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROLES = ("engine", "nn", "train")

MAX_FILE_BYTES = 1 << 20
"""A larger source file is not read: the template's are a thousandth of it."""

MAX_FILES = 100
"""More Python files beside `engine.py` are not read."""

# fmt: off
ALLOWED_MODULES = frozenset({
    "__future__", "abc", "array", "bisect", "builtins", "cmath", "collections",
    "contextlib", "copy", "dataclasses", "decimal", "enum", "fractions", "functools",
    "graphlib", "heapq", "inspect", "io", "itertools", "json", "logging", "math", "numbers",
    "operator", "os", "pprint", "queue", "random", "re", "statistics", "string", "struct",
    "sys", "textwrap", "time", "traceback", "types", "typing", "uuid", "warnings",
    "weakref",
})
# fmt: on
"""Standard modules that a submission may import; the contract asks for none but these."""


class SubmissionError(Exception):
    """The submission cannot be graded: it is missing, unreadable or ambiguous."""


@dataclass(frozen=True)
class SourceFile:
    """One Python file: its path as shown to people, relative to the submission, and text."""

    path: str
    text: str


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    `files` maps module names to sources; `roles` says which module is the engine, the
    network, the training (a role that is missing has not been begun). `package` is the
    name under which the modules may import each other.
    """

    package: str
    files: Mapping[str, SourceFile]
    roles: Mapping[str, str]
    notes: tuple[str, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over names and texts, in hexadecimal; where the folder lies is not in it."""
        digest = hashlib.sha256()
        for name, file in sorted(self.files.items()):
            for part in (name, file.path, file.text):
                data = part.encode("utf-8", "surrogatepass")
                digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()

    def source_of(self, role: str) -> SourceFile | None:
        """Return the file that plays a role, if there is one."""
        return self.files[self.roles[role]] if role in self.roles else None


def read(path: Path) -> Submission:
    """Read a submission from a folder.

    The files stand at its top, or together in one folder below.

    Raises: SubmissionError, with one sentence that says what is wrong and what to do.
    """
    if not path.exists():
        raise SubmissionError(f"{path} does not exist: name the folder that holds engine.py")
    if not path.is_dir():
        raise SubmissionError(f"{path} is not a folder: name the folder that holds engine.py")
    home = _home(path)
    files: dict[str, SourceFile] = {}
    notes: list[str] = []
    for source in sorted(home.glob("*.py"))[:MAX_FILES]:
        shown = source.relative_to(path).as_posix()
        try:
            files[source.stem] = SourceFile(shown, _read_text(source, path, shown))
        except SubmissionError as error:
            if source.stem == "engine":
                raise
            notes.append(str(error))
    roles = {role: role for role in ROLES if role in files}
    package = home.resolve().name
    return Submission(
        package if package.isidentifier() else "submission", files, roles, tuple(notes)
    )


def _home(path: Path) -> Path:
    if (path / "engine.py").is_file():
        return path
    homes = [folder for folder in sorted(path.iterdir()) if (folder / "engine.py").is_file()]
    if len(homes) == 1:
        return homes[0]
    if homes:
        names = " and ".join(folder.name for folder in homes)
        raise SubmissionError(
            f"{path} holds engine.py more than once, in {names}: name one of them"
        )
    raise SubmissionError(
        f"{path} holds no engine.py, nor does a folder in it: `course start` makes one to fill in"
    )


def _read_text(source: Path, top: Path, shown: str) -> str:
    try:
        if not source.resolve().is_relative_to(top.resolve()):
            raise SubmissionError(f"{shown} is a link out of the submission: it is not read")
        if not stat.S_ISREG(source.stat().st_mode):
            raise SubmissionError(f"{shown} is not a regular file: it is not read")
        with source.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise SubmissionError(f"{shown} cannot be read: {error.strerror}") from error
    if len(data) > MAX_FILE_BYTES:
        raise SubmissionError(f"{shown} is larger than {MAX_FILE_BYTES >> 20} MiB: it is not read")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise SubmissionError(f"{shown}:{line} is not UTF-8 text: save it as UTF-8") from error
    if "\0" in text:
        raise SubmissionError(f"{shown} holds NUL bytes: it is not Python text")
    return text
