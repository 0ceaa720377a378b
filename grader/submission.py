"""A submission as the grader sees it: modules by name, each a text, and who plays which role."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.notebooks import Notebook, NotebookError, cell_at, line_ranges, read_notebook
from grader.roles import GRADED_NAMES, find_roles, no_engine
from grader.slicing import Slice, slice_script
from grader.sources import (
    CONFIGURATION,
    NOTEBOOK,
    Sources,
    SubmissionError,
    collect,
    collect_parts,
)
from grader.worker.wire import Failure

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
    "logging": ("ast", "tokenize", "traceback"),
    "random": ("_sha2",),
    "re": ("unicodedata", "warnings"),
    "statistics": ("_sha2",),
    "time": ("_strptime",),
    "traceback": ("_colorize", "_suggestions", "ast", "tokenize", "unicodedata"),
    "types": ("functools",),
    "typing": ("contextlib", "inspect", "re", "warnings"),
    "uuid": ("hashlib", "random"),
    "warnings": ("inspect", "linecache", "re", "tokenize", "traceback"),
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

WANTED = (*GRADED_NAMES["engine"], *GRADED_NAMES["nn"])
"""Classes that are taken of a source that is sliced, even where they are another's second name.

Not so the functions: `loss = …` at the top of a notebook is a number."""

MOST_PLACES = 8
"""So many places are listed that were left out of a source."""


@dataclass(frozen=True)
class SourceFile:
    """One source: its path as shown to people, relative to the submission, and its text.

    `cell_starts` are the lines at which a notebook's code cells begin; none for a .py file.
    """

    path: str
    text: str
    cell_starts: Sequence[int] = ()

    def place(self, line: int) -> tuple[str, int]:
        """Return what to call the place of a line: the file, or the notebook's cell, and line."""
        if not self.cell_starts or line < 1:
            return self.path, line
        cell, within = cell_at(self.cell_starts, line)
        return f"{self.path} cell {cell}", within


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

    def led_back(self, failure: Failure) -> Failure:
        """Return a failure whose place is what the learner wrote: in a notebook, the cell."""
        for file in self.files.values():
            if file.cell_starts and file.path == failure.file:
                name, line = file.place(failure.line)
                return failure._replace(file=name, line=line)
        return failure


def read(path: Path, parts: Mapping[str, Path] | None = None) -> Submission:
    """Read a submission: a folder, an archive, a notebook, or a single Python file.

    `parts` are its files where they lie apart, under other names: own name to path.

    Raises: SubmissionError, with one sentence that says what is wrong and what to do.
    """
    sources = collect_parts(path.name, parts) if parts else collect(path)
    texts, undecoded = _decoded(sources)
    unreadable = {**sources.unread, **undecoded}
    notebooks: dict[str, Notebook] = {}
    named = bool(sources.notebooks) and NOTEBOOK in texts.get(CONFIGURATION, "")
    chosen = {} if named else find_roles(texts, unreadable)
    if sources.notebooks and "engine" not in chosen:
        notebooks = _read_notebooks(sources, unreadable)
        code = {shown: notebook.text for shown, notebook in notebooks.items()}
        chosen = find_roles({**texts, **code}, unreadable)
    if "engine" not in chosen:
        cells = [f"{shown} {what}" for shown, book in notebooks.items() for what in book.problems]
        raise SubmissionError(no_engine(path, sources, [*unreadable.values(), *cells]))
    if (engine := chosen["engine"]) in unreadable:
        raise SubmissionError(unreadable[engine])
    _no_two_of_one_name(chosen)
    home = PurePosixPath(engine).parent
    beside = [s for s in texts if s.endswith(".py") and PurePosixPath(s).parent == home]
    slices = _slices(texts, [*beside, *chosen.values()])
    files = _files(texts, slices, notebooks, [*beside, *chosen.values()])
    return Submission(
        files={_module_name(file.path): file for file in files},
        roles={r: _module_name(shown) for r, shown in chosen.items() if shown not in unreadable},
        unreadable={r: unreadable[shown] for r, shown in chosen.items() if shown in unreadable},
        folders=(sources.name, *home.parts),
        notes=(
            *sources.notes,
            *_about_files(unreadable, chosen, home),
            *_about_slices(slices),
            *_about_notebooks(sources, notebooks, chosen),
        ),
    )


def _read_notebooks(sources: Sources, unreadable: dict[str, str]) -> dict[str, Notebook]:
    """Read the notebooks; add a sentence for each that cannot be."""
    notebooks = {}
    for shown, data in sources.notebooks.items():
        try:
            notebooks[shown] = read_notebook(data, WANTED)
        except NotebookError as error:
            unreadable[shown] = f"{shown} {error}"
    return notebooks


def _slices(texts: Mapping[str, str], files: Sequence[str]) -> dict[str, Slice]:
    """Take what is defined of those Python files whose top level trains."""
    slices = {}
    for shown in dict.fromkeys(files):
        taken = slice_script(texts[shown], WANTED) if shown in texts else None
        if taken is not None:
            slices[shown] = taken
    return slices


def _files(
    texts: Mapping[str, str],
    slices: Mapping[str, Slice],
    notebooks: Mapping[str, Notebook],
    wanted: Sequence[str],
) -> Iterator[SourceFile]:
    """Yield the files by their paths, each as much of it as is taken."""
    for shown in wanted:
        if shown in notebooks:
            yield SourceFile(shown, notebooks[shown].text, notebooks[shown].cell_starts)
        elif shown in slices:
            yield SourceFile(shown, slices[shown].text)
        elif shown in texts:
            yield SourceFile(shown, texts[shown])


def _about_files(
    unreadable: Mapping[str, str], chosen: Mapping[str, str], home: PurePosixPath
) -> Iterator[str]:
    for shown, sentence in sorted(unreadable.items()):
        if shown not in chosen.values() and PurePosixPath(shown).parent == home:
            yield sentence
    for role, shown in chosen.items():
        if shown.endswith(".py") and not PurePosixPath(shown).stem.isidentifier():
            yield f"{shown} cannot be imported by that name: call it {role}.py"


def _about_slices(slices: Mapping[str, Slice]) -> Iterator[str]:
    for shown, taken in slices.items():
        yield (
            f"{shown} trains at its top level, so only what it defines is taken; left out: "
            f"{_listed([f'line {part}' for part in line_ranges(taken.left_out)])}"
        )


def _about_notebooks(
    sources: Sources, notebooks: Mapping[str, Notebook], chosen: Mapping[str, str]
) -> Iterator[str]:
    for shown, notebook in notebooks.items():
        if shown in chosen.values():
            yield from (f"{shown} {problem}" for problem in notebook.problems)
            if notebook.left_out:
                yield (
                    f"{shown}: only what its code cells define is taken; left out: "
                    f"{_listed(notebook.left_out)}"
                )
    if sources.notebooks and not notebooks and len(chosen) < len(GRADED_NAMES):
        yield (
            f"{next(iter(sources.notebooks))} is a notebook, and is not looked into, as "
            f"{chosen['engine']} holds the engine; {CONFIGURATION} may name it"
        )


def _listed(places: Sequence[str]) -> str:
    more = len(places) - MOST_PLACES
    shown = ", ".join(places[:MOST_PLACES])
    return f"{shown} and {more} more" if more > 0 else shown


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
