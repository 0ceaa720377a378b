"""What a learner's code gave, turned into plain floats, or refused in a sentence."""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any, Protocol

from .limits import OutOfTime


class Unexpected(Exception):  # noqa: N818 (not an error of ours: what the learner's code gave)
    """The learner's code ran, and gave something else than the contract asks for."""


class Submission(Protocol):
    """Where a job finds the learner's three files."""

    imports: Mapping[str, Mapping[str, int]]

    def load(self, role: str) -> ModuleType:
        """Return the module that plays `engine`, `nn` or `train`."""

    def reraise(self, role: str) -> None:
        """Raise again what the top level of that module raised, if it did."""


def defined(submission: Submission, role: str, name: str) -> Any:
    """Return what the module of a role calls `name`."""
    loaded = submission.load(role)
    try:
        return getattr(loaded, name)
    except AttributeError:
        try:
            submission.reraise(role)
        except OutOfTime:
            # That was charged when the file was loaded; it is not to be charged again.
            raise Unexpected(f"{loaded.__file__} had not finished loading") from None
        raise Unexpected(f"`{name}` is not defined in {loaded.__file__}") from None


def items(sequence: Any, count: int, what: str) -> list[Any]:
    """Return `sequence` as a list if it is one of `count` items."""
    if not isinstance(sequence, list | tuple):
        raise Unexpected(f"{what} is {described(sequence)}, not a list")
    if len(sequence) != count:
        raise Unexpected(f"{what} has {len(sequence)} items, not {count}")
    return list(sequence)


def outputs(result: Any, count: int, what: str) -> list[float]:
    """Return a layer's output numbers; a single one may come with or without a list."""
    if count == 1 and not isinstance(result, list | tuple):
        result = [result]
    return [value_number(output, what) for output in items(result, count, what)]


def value_number(node: Any, what: str) -> float:
    """Return `node.data`, where `node` should be a Value."""
    try:
        data = node.data
    except AttributeError:
        if hasattr(type(node), "data"):
            raise  # it is there, and the learner's own code failed inside it
        raise Unexpected(f"{what} gave {described(node)}, not a Value") from None
    return number(data, f"`.data` of {what}")


def number(thing: Any, what: str) -> float:
    """Return `thing` if it is exactly a float or an int; nothing else counts as a number."""
    kind = type(thing)
    if kind is float:
        return thing  # type: ignore[no-any-return]
    if kind is int:
        try:
            return float(thing)
        except OverflowError:
            raise Unexpected(f"{what} is an int too large for a float") from None
    raise Unexpected(f"{what} is {described(thing)}, not a number")


def number_or_nan(thing: Any) -> float:
    """Return `thing` as `number` does, or NaN."""
    try:
        return number(thing, "")
    except Unexpected:
        return float("nan")


def described(thing: Any) -> str:
    """Name what was given instead, without running any of its code."""
    return "None" if thing is None else f"a {type(thing).__name__}"
