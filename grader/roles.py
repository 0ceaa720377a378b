"""Which of a learner's files is the engine, which the network, which the training.

In this order: what `course.toml` says; a file of the usual name; the only file that defines
the class or function that is graded. Notebooks come after Python files.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence, Set
from functools import lru_cache
from pathlib import Path, PurePosixPath

from grader.sources import CONFIGURATION, Sources, SubmissionError
from grader.syntax import SYNTAX_ERRORS, parsed

GRADED_NAMES: Mapping[str, Sequence[str]] = {
    "engine": ("Value",),
    "nn": ("Neuron", "Layer", "MLP"),
    "train": ("loss", "train"),
}
"""What each role's file must define; the last of them tells the file by its content."""

LONGEST_PARSED = 20_000
"""Where a longer text seems to define a name, that is believed and not looked into."""


def find_roles(texts: Mapping[str, str], unreadable: Mapping[str, str]) -> dict[str, str]:
    """Return the file of each role that has one.

    Raises: SubmissionError if there is more than one candidate, or `course.toml` is wrong.
    """
    configured = _configured(texts, unreadable)
    names = sorted(name for name in {*texts, *unreadable} if name.endswith(".py"))
    found: dict[str, str] = {}
    for role in GRADED_NAMES:
        shown = (
            configured.get(role)
            or _by_name(role, names, found)
            or _by_content(role, texts)
            or _notebook_of(role, texts, found)
        )
        if shown is not None:
            found[role] = shown
    return found


def no_engine(path: Path, sources: Sources, problems: Sequence[str]) -> str:
    """Say that there is no engine, and why, as far as that is known."""
    causes = [*problems, *sources.skipped]
    if {*sources.files, *sources.unread, *sources.notebooks} - {CONFIGURATION}:
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
    if not text:
        return {}
    import tomllib

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
    if shown is None or shown not in present or not shown.endswith((".py", ".ipynb")):
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


def _notebook_of(role: str, texts: Mapping[str, str], found: Mapping[str, str]) -> str | None:
    """Find the notebook that defines what is graded of a role.

    It is that of the engine, or of several the one that defines most of what is graded.
    """
    defined = {
        shown: [r for r, names in GRADED_NAMES.items() if _defines(text, names[-1])]
        for shown, text in texts.items()
        if shown.endswith(".ipynb")
    }
    candidates = [shown for shown, roles in defined.items() if role in roles]
    if found.get("engine") in candidates:
        return found["engine"]
    most = max((len(defined[shown]) for shown in candidates), default=0)
    return _only(role, [shown for shown in candidates if len(defined[shown]) == most])


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
    return len(text) > LONGEST_PARSED or name in _defined(text)


@lru_cache(maxsize=16)
def _defined(text: str) -> frozenset[str]:
    """Return the classes and functions of a source; every role asks for them."""
    try:
        tree = parsed(text)
    except SYNTAX_ERRORS:
        return frozenset()
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)
    )
