"""The reference in many builds: operators composed in other ways, known mistakes written in.

A build is made in memory from the reference's own text. The text is cut once into
segments (a function, a method, another statement); an edit changes one of them, and only
that one is compiled anew. So a build costs a small part of a millisecond.

Learners compose operators differently, and the same mistake then gives other numbers. A
*style* says how: for each part that may be written in several ways, which way it is.
"""

from __future__ import annotations
import __future__

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import combinations, count, product
from pathlib import Path
from types import CodeType, ModuleType
from typing import Literal, NamedTuple

import engine_reference

File = Literal["engine.py", "nn.py", "train.py"]
FILES: tuple[File, ...] = ("engine.py", "nn.py", "train.py")


@dataclass(frozen=True, eq=False)  # compared by identity: declared once, looked up often
class Edit:
    """Old text of a file of the reference, and the new text in its place.

    `old` stands inside one function (or one statement of a module or class) and occurs
    exactly `times` times, else the edit does not apply. Edits of several misconceptions
    are applied one after the other: one that adds code keeps the text it is hung on.
    """

    file: File
    old: str
    new: str
    times: int = 1


Style = tuple[str, ...]
"""The ways taken, each a key of `WAYS` or `NEURON_WAYS`; the rest is as in the reference."""


TANH_OF_EXP = "tanh: of exp"


class Way(NamedTuple):
    """One way to compose an operation: of which others, and the edits that do it."""

    operation: str
    uses: frozenset[str]
    edits: tuple[Edit, ...]


def _way(operation: str, uses: str, old: str, new: str) -> Way:
    return Way(operation, frozenset(uses.split()), (Edit("engine.py", old, new),))


WAYS: Mapping[str, Way] = {
    "neg: times -1": _way(
        "neg",
        "mul",
        '        return Value(-self.data, (self,), (-1.0,), "neg")',
        "        return self * -1",
    ),
    "sub: plus neg": _way(
        "sub",
        "add neg",
        '        return Value(self.data - other.data, (self, other), (1.0, -1.0), "-")',
        "        return self + (-other)",
    ),
    "div: times power": _way(
        "div",
        "mul pow",
        "        quotient = self.data / other.data\n"
        "        return Value(quotient, (self, other), "
        '(1.0 / other.data, -quotient / other.data), "/")',
        "        return self * other**-1",
    ),
    TANH_OF_EXP: _way(
        "tanh",
        "exp mul add sub div",
        "        result = math.tanh(self.data)\n"
        '        return Value(result, (self,), (1.0 - result * result,), "tanh")',
        "        squared = (self * 2).exp()\n        return (squared - 1) / (squared + 1)",
    ),
}
"""How an operation may be composed of others, beside having a rule of its own."""


def _bias(added: str) -> Way:
    edits = (
        Edit("nn.py", "        total = self.b\n", "        total = Value(0.0)\n"),
        Edit("nn.py", "return total.tanh()", f"return (total + {added}).tanh()"),
    )
    return Way("neuron", frozenset(), edits)


NEURON_WAYS: Mapping[str, Way] = {
    "neuron: bias last": _bias("self.b"),
    "neuron: bias times 1": _bias("self.b * 1.0"),
}
"""How a neuron may add its bias. Where the engine is right, all give the same."""

_ALL_WAYS = {**WAYS, **NEURON_WAYS}

OWN_RULES: Style = ()
LECTURE: Style = ("neg: times -1", "sub: plus neg", "div: times power")
FORKS = 4
"""Up to so many forks of a graph, every walk through it is tried."""

STYLES: tuple[Style, ...] = (
    OWN_RULES,
    LECTURE,
    *(style for length in (1, 2) for style in combinations(LECTURE, length)),
    (*LECTURE, TANH_OF_EXP),
    (TANH_OF_EXP,),
)
"""The commonest first. Few learners compose `tanh`: it is not combined with everything."""


_PARENTS = "        self.parents = parents\n"


def _walk(turns: tuple[int, ...]) -> tuple[Edit, ...]:
    """Return the edit that keeps the parents at each fork as they are (1) or reversed (-1).

    At a fork both parents have parents of their own; elsewhere their order changes nothing.
    `forks` counts them: see `Build.restart`.
    """
    return (
        Edit(
            "engine.py",
            _PARENTS,
            "        fork = len(parents) == 2 and parents[0] is not parents[1]\n"
            "        if fork and parents[0].parents and parents[1].parents:\n"
            f"            turn = {turns}[next(forks) % {len(turns)}]\n"
            "            parents = parents[::turn]\n"
            "            local_derivatives = local_derivatives[::turn]\n" + _PARENTS,
        ),
    )


WALKS: tuple[tuple[Edit, ...], ...] = (
    (),
    _walk((-1,)),
    _walk((-1, 1)),
    _walk((1, -1)),
    *(
        _walk(turns)
        for turns in product((1, -1), repeat=FORKS)
        if turns[:2] * (FORKS // 2) != turns
    ),
)
"""Orders in which parents are visited: all give right gradients, and mistakes show otherwise.

The first goes left, the second right, then left and right by turns; with the others, there is
one for every way through `FORKS` forks.
"""


class EditError(ValueError):
    """An edit does not apply to this text of the reference."""


class Build:
    """The modules of one build, in the form in which the worker's jobs want a submission."""

    imports: Mapping[str, Mapping[str, int]] = {}

    def __init__(self, texts: Mapping[File, Segments]) -> None:
        self._texts = texts
        self._modules: dict[str, ModuleType] = {}

    def load(self, role: str) -> ModuleType:
        """Return the build's module `engine`, `nn` or `train`."""
        if role not in self._modules:
            self._modules[role] = self._run(role)
        return self._modules[role]

    def reraise(self, role: str) -> None:
        """Do nothing: these modules load."""

    def restart(self) -> None:
        """Count forks from 0 again, so that a job's numbers depend on nothing before it."""
        self.load("engine").__dict__["forks"] = count()

    def _run(self, role: str) -> ModuleType:
        (file,) = (file for file in FILES if file == f"{role}.py")
        module = ModuleType(f"build.{role}")
        namespace = module.__dict__
        for segment in self._texts[file]:
            if isinstance(segment, ClassSegments):
                body: dict[str, object] = {"__module__": module.__name__}
                for part in segment.body:
                    exec(_compiled(part), namespace, body)  # noqa: S102 (our own text)
                namespace[segment.name] = type(segment.name, (), body)
            elif segment.startswith("from engine_reference.engine"):
                namespace["Value"] = self.load("engine").Value
            else:
                exec(_compiled(segment), namespace)  # noqa: S102
        return module


@lru_cache(maxsize=150)
def build(edits: tuple[Edit, ...]) -> Build:
    """Return the reference with these edits, applied in order.

    Raises: EditError if one does not apply.
    """
    texts = {file: _segments(file) for file in FILES}
    for edit in edits:
        texts[edit.file] = _edited(texts[edit.file], edit)
    return Build(texts)


@cache
def concerning(style: Style, operations: frozenset[str]) -> tuple[Style, frozenset[str]]:
    """Return the part of a style that matters to these operations, and all that they rest on."""
    rest_on = set(operations)
    ways = [_ALL_WAYS[way] for way in style]
    while more := {u for way in ways if way.operation in rest_on for u in way.uses} - rest_on:
        rest_on |= more
    return tuple(way for way in style if _ALL_WAYS[way].operation in rest_on), frozenset(rest_on)


def edits_of(style: Style, walk: int = 0) -> tuple[Edit, ...]:
    """Return the edits that compose operators in a style and order a walk: see `WALKS`."""
    return (*(edit for way in style for edit in _ALL_WAYS[way].edits), *WALKS[walk])


def text_of(file: str, edits: Sequence[Edit]) -> str:
    """Return a file of the reference as text, edited: to be graded like a submission.

    Raises: EditError if an edit does not apply.
    """
    text = _source(file)
    for edit in edits:
        if edit.file == file:
            text = _replaced([text], edit)[0]
    return text.replace("from engine_reference.", "from ")


# ── Text in segments ──────────────────────────────────────────────────────────────────────


class ClassSegments(NamedTuple):
    """A class: its name and the text of each statement in its body."""

    name: str
    body: tuple[str, ...]


Segments = tuple[str | ClassSegments, ...]


@cache
def _source(file: str) -> str:
    assert engine_reference.__file__ is not None  # noqa: S101 (it is a package of files)
    return Path(engine_reference.__file__).with_name(file).read_text("utf-8")


@cache
def _segments(file: str) -> Segments:
    """Cut a file into the text of its functions, methods and other statements."""
    source = _source(file)
    lines = source.splitlines(keepends=True)
    return tuple(_cut(lines, ast.parse(source).body))


def _cut(lines: Sequence[str], statements: Sequence[ast.stmt]) -> Iterator[str | ClassSegments]:
    for statement in statements:
        if isinstance(statement, ast.Expr):
            continue  # a docstring
        if isinstance(statement, ast.ClassDef) and not statement.bases:
            body = tuple(str(part) for part in _cut(lines, statement.body))
            yield ClassSegments(statement.name, body)
        elif not (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            yield "".join(lines[_first_line(statement) - 1 : statement.end_lineno])


def _first_line(statement: ast.stmt) -> int:
    decorated = isinstance(statement, ast.ClassDef | ast.FunctionDef) and statement.decorator_list
    return decorated[0].lineno if decorated else statement.lineno


def _edited(segments: Segments, edit: Edit) -> Segments:
    flat = [
        part
        for segment in segments
        for part in (segment.body if isinstance(segment, ClassSegments) else (segment,))
    ]
    parts = iter(_replaced(flat, edit))
    return tuple(
        ClassSegments(segment.name, tuple(next(parts) for _ in segment.body))
        if isinstance(segment, ClassSegments)
        else next(parts)
        for segment in segments
    )


def _replaced(texts: Sequence[str], edit: Edit) -> list[str]:
    found = sum(text.count(edit.old) for text in texts)
    if found != edit.times:
        raise EditError(
            f"an edit of {edit.file} applies {found} times, not {edit.times}: {edit.old!r}"
        )
    return [text.replace(edit.old, edit.new) for text in texts]


@lru_cache(maxsize=1000)
def _compiled(segment: str) -> CodeType:
    """Compile a statement, indented or not, as the reference's files are compiled."""
    indented = segment.startswith(" ")
    text = f"if True:\n{segment}" if indented else segment
    flags = __future__.annotations.compiler_flag
    code: CodeType = compile(text, "<build>", "exec", flags=flags, dont_inherit=True)
    return code
