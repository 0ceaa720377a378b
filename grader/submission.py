"""Which of a learner's files is the engine, which the network, which the training.

In this order: what `course.toml` says; a file of the usual name; the only file that
defines the class or function that is graded.
"""

from __future__ import annotations

import ast
import hashlib
import re
import tomllib
import warnings
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.sources import CONFIGURATION, Sources, SubmissionError, collect

GRADED_NAMES: Mapping[str, Sequence[str]] = {
    "engine": ("Value",),
    "nn": ("Neuron", "Layer", "MLP"),
    "train": ("loss", "train"),
}
"""What each role's file must define; the last of them tells the file by its content."""

# fmt: off
ALLOWED_MODULES = frozenset({
    "__future__", "abc", "array", "bisect", "builtins", "cmath", "collections", "contextlib",
    "copy", "dataclasses", "decimal", "enum", "fractions", "functools", "graphlib", "heapq",
    "inspect", "io", "itertools", "json", "logging", "math", "numbers", "operator", "os",
    "pprint", "queue", "random", "re", "statistics", "string", "struct", "sys", "textwrap",
    "time", "traceback", "types", "typing", "uuid", "warnings", "weakref",
})
"""Standard modules that a submission may import; the contract asks for none but these."""

COMPANIONS: Mapping[str, Sequence[str]] = {
    "collections": ("copy", "heapq"),
    "copy": ("functools", "operator"),
    "enum": ("warnings",),
    "functools": ("typing", "weakref"),
    "logging": ("traceback",),
    "random": ("_sha2",),
    "re": ("unicodedata", "warnings"),
    "statistics": ("_sha2",),
    "time": ("_strptime",),
    "traceback": ("_colorize", "_suggestions", "ast", "unicodedata"),
    "types": ("functools",),
    "typing": ("contextlib", "inspect", "re", "warnings"),
    "uuid": ("hashlib", "random"),
    "warnings": ("inspect", "linecache", "re", "traceback"),
    "weakref": ("atexit", "copy", "gc"),
}
"""What standard modules import only when they are used, on some version of Python: loaded
with them, as there may be no files to load from later."""

STAND_INS = (
    "IPython", "graphviz", "matplotlib", "networkx", "numpy", "pandas", "plotly", "seaborn",
    "sklearn", "torch", "tqdm",
)
"""Packages that plot, print or compare: inert objects take their place while grading."""
# fmt: on

UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
"""How a text begins that some editors on Windows call Unicode."""

LONGEST_PARSED = 20_000
"""Where a longer text seems to define a name, that is believed and not looked into."""


@dataclass(frozen=True)
class SourceFile:
    """One Python file: its path as shown to people, relative to the submission, and text."""

    path: str
    text: str


@dataclass(frozen=True)
class Submission:
    """What a learner handed in.

    `files` maps module names to sources; `roles` says which module is the engine, the
    network, the training (a role that is missing has not been begun). `unreadable` has a
    sentence for each role whose file cannot be used. `folders` are the names, outermost
    first, of the folders in which the files stand, for imports that use them.
    """

    files: Mapping[str, SourceFile]
    roles: Mapping[str, str]
    unreadable: Mapping[str, str] = field(default_factory=dict)
    folders: Sequence[str] = ()
    notes: Sequence[str] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over names and texts, in hexadecimal; where the folder lies is not in it."""
        digest = hashlib.sha256()
        for name, file in sorted(self.files.items()):
            for part in (name, file.path, file.text):
                data = part.encode("utf-8", "surrogatepass")
                digest.update(len(data).to_bytes(8, "big") + data)
        return digest.hexdigest()


def read(path: Path) -> Submission:
    """Read a submission: a folder, a zip archive, or a single Python file.

    Raises: SubmissionError, with one sentence that says what is wrong and what to do.
    """
    sources = collect(path)
    texts, unreadable = _decoded(sources)
    chosen = _chosen(path, sources, texts, {**sources.unread, **unreadable})
    unreadable = {**sources.unread, **unreadable}
    if (engine := chosen["engine"]) in unreadable:
        raise SubmissionError(unreadable[engine])
    home = PurePosixPath(engine).parent
    files = {
        _module_name(shown): SourceFile(shown, text)
        for shown, text in texts.items()
        if PurePosixPath(shown).parent == home
    }
    for shown in chosen.values():
        if shown in texts:
            files[_module_name(shown)] = SourceFile(shown, texts[shown])
    _no_two_of_one_name(chosen)
    return Submission(
        files=files,
        roles={role: _module_name(shown) for role, shown in chosen.items() if shown in texts},
        unreadable={role: unreadable[s] for role, s in chosen.items() if s in unreadable},
        folders=(sources.name, *home.parts),
        notes=(*sources.notes, *_notes(sources, unreadable, chosen, home)),
    )


def _notes(
    sources: Sources, unreadable: Mapping[str, str], chosen: Mapping[str, str], home: PurePosixPath
) -> list[str]:
    notes = [
        sentence
        for shown, sentence in sorted(unreadable.items())
        if shown not in chosen.values() and PurePosixPath(shown).parent == home
    ]
    for role, shown in chosen.items():
        if not PurePosixPath(shown).stem.isidentifier():
            notes.append(f"{shown} cannot be imported by that name: call it {role}.py")
    return notes + _about_notebooks(sources)


def _about_notebooks(sources: Sources) -> list[str]:
    if not sources.notebooks:
        return []
    return [
        f"{sources.notebooks[0]} is a notebook, and notebooks are not graded yet: save its code "
        "as engine.py"
    ]


def _no_two_of_one_name(chosen: Mapping[str, str]) -> None:
    """Make sure that two roles' files do not hide each other when they are imported."""
    by_module: dict[str, str] = {}
    for shown in chosen.values():
        other = by_module.setdefault(_module_name(shown), shown)
        if other != shown:
            raise SubmissionError(
                f"{other} and {shown} are imported by one name: give one of them another"
            )


def _module_name(shown: str) -> str:
    return PurePosixPath(shown).stem.replace(".", "_")


def _decoded(sources: Sources) -> tuple[dict[str, str], dict[str, str]]:
    """Return the texts, and a sentence for each file that is not text."""
    texts, unreadable = {}, {}
    for shown, data in sources.files.items():
        if b"\0" in data and not data.startswith(UTF_16_MARKS):
            unreadable[shown] = f"{shown} is no text at all: put your Python source there"
            continue
        try:
            texts[shown] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            unreadable[shown] = f"{shown}:{line} is not UTF-8 text: save it as UTF-8"
    return texts, unreadable


# ── Which file is which ───────────────────────────────────────────────────────────────


def _chosen(
    path: Path, sources: Sources, texts: Mapping[str, str], unreadable: Mapping[str, str]
) -> dict[str, str]:
    """Return the file of each role that has one.

    Raises: SubmissionError if there is no engine, or more than one candidate for a role.
    """
    configured = _configured(texts, unreadable)
    names = sorted({*texts, *unreadable} - {CONFIGURATION})
    chosen: dict[str, str] = {}
    for role in GRADED_NAMES:
        found = configured.get(role) or _by_name(role, names, chosen) or _by_content(role, texts)
        if found is not None:
            chosen[role] = found
    if "engine" in chosen:
        return chosen
    raise SubmissionError(_no_engine(path, sources, bool(names), unreadable))


def _no_engine(
    path: Path, sources: Sources, any_python: bool, unreadable: Mapping[str, str]
) -> str:
    """Say that there is no engine, and why, as far as that is known."""
    causes = [*unreadable.values(), *_about_notebooks(sources), *sources.skipped]
    if sources.notebooks and not any_python:
        return _about_notebooks(sources)[0]
    if any_python:
        missed = f"{path} holds no engine.py and no file that defines class Value"
        advice = f'name it engine.py, or say in {CONFIGURATION}: [files] engine = "FILE"'
    else:
        missed = f"{path} holds no Python files"
        advice = "`course start` makes a folder to fill in"
    more = f"; and {len(causes) - 1} more" if len(causes) > 1 else ""
    return f"{missed}; {causes[0]}{more}" if causes else f"{missed}: {advice}"


def _configured(texts: Mapping[str, str], unreadable: Mapping[str, str]) -> dict[str, str]:
    """Return the files of the roles that `course.toml` names."""
    if CONFIGURATION in unreadable:
        raise SubmissionError(unreadable[CONFIGURATION])
    text = texts.get(CONFIGURATION, "")
    content = _parsed(text)
    files = content.pop("files", {})
    for name in content:
        raise SubmissionError(f"{_at(text, name)} has no use for {name!r}, only for [files]")
    if not isinstance(files, dict):
        raise SubmissionError(f"{_at(text, 'files')}: files must be a table, as in [files]")
    return {role: _named(role, file, text, {*texts, *unreadable}) for role, file in files.items()}


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what, line = re.fullmatch(r"(.*?)(?: \(at line (\d+).*\))?", str(error), re.S).groups()  # type: ignore[union-attr]
        place = f"{CONFIGURATION}:{line}" if line else CONFIGURATION
        raise SubmissionError(f"{place} is not valid TOML: {what}") from error
    except (ValueError, RecursionError) as error:  # a number, or a nesting, without end
        raise SubmissionError(f"{CONFIGURATION} is not valid TOML: {error}") from error


def _named(role: str, file: object, text: str, present: Set[str]) -> str:
    """Return the file that `course.toml` names for a role, if all is well with both."""
    if role not in GRADED_NAMES:
        raise SubmissionError(
            f"{_at(text, role)}: [files] has no use for {role!r}, only for "
            f"{', '.join(GRADED_NAMES)}"
        )
    shown = PurePosixPath(file).as_posix() if isinstance(file, str) else None
    if shown is None or shown not in present or not shown.endswith(".py"):
        there = ", ".join(sorted(present - {CONFIGURATION})[:5]) or "none"
        raise SubmissionError(
            f"{_at(text, role)}: {role} = {file!r} names no Python file here; there are: {there}"
        )
    return shown


def _at(text: str, name: str) -> str:
    """Return where `course.toml` says something about `name`, as path:line."""
    start = re.compile(rf"\s*[\[\"']*{re.escape(name)}\b")
    for number, line in enumerate(text.split("\n"), 1):
        if start.match(line):
            return f"{CONFIGURATION}:{number}"
    return CONFIGURATION


def _by_name(role: str, names: Sequence[str], chosen: Mapping[str, str]) -> str | None:
    """Find the file of a role by its usual name, near the engine and then near the top."""
    candidates = [name for name in names if PurePosixPath(name).name == f"{role}.py"]
    if "engine" in chosen:
        beside = PurePosixPath(chosen["engine"]).with_name(f"{role}.py").as_posix()
        candidates = [beside] if beside in candidates else candidates
    nearest = min((name.count("/") for name in candidates), default=0)
    return _only(role, [name for name in candidates if name.count("/") == nearest])


def _by_content(role: str, texts: Mapping[str, str]) -> str | None:
    """Find the only file that defines what is graded of a role; test files do not count."""
    return _only(
        role,
        [
            shown
            for shown, text in texts.items()
            if shown.endswith(".py")
            and not PurePosixPath(shown).name.startswith("test_")
            and _defines(text, GRADED_NAMES[role][-1])
        ],
    )


def _only(role: str, candidates: Sequence[str]) -> str | None:
    if len(candidates) > 1:
        raise SubmissionError(
            f"{' and '.join(sorted(candidates)[:3])} could both be the {role}: say which in "
            f'{CONFIGURATION}: [files] {role} = "{sorted(candidates)[0]}"'
        )
    return candidates[0] if candidates else None


def _defines(text: str, name: str) -> bool:
    """Tell whether a source defines a class or function of this name at its top level."""
    if not re.search(rf"^(?:class|def)\s+{name}\b", text, re.MULTILINE):
        return False
    if len(text) > LONGEST_PARSED:
        return True
    try:
        with warnings.catch_warnings(action="ignore"):
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return any(
        isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name for node in tree.body
    )
