"""The submission's files: text in memory, importable under every name learners use.

`engine`, `.engine` and `<folder>.engine` are one module, so that there is one class
`Value`. No file is opened here; the grader has read them.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import CodeType, ModuleType, TracebackType
from typing import Any

PARSE_ONLY = 0x400  # ast.PyCF_ONLY_AST, without paying for the import of ast
ModuleSpec: Any = type(sys.__spec__)  # importlib.machinery's, without paying for its import


PACKAGE = "submission"
"""The package that the modules live in, whatever their folder is called."""


def _to_nobody(_number: float) -> None:
    """Tell nothing: no job is running."""


class Modules:
    """Import the submission's modules on demand, each once.

    `files` maps a module's bare name to its path as shown to people and its source text;
    `roles` says which module plays `engine`, `nn` and `train`. `folders` are the names,
    outermost first, of the folders that hold the files: `engine`, `.engine`,
    `folder.engine` are one module. `allowed` are the foreign modules that a submission may
    import, `companions` what such a module imports only when it is used, `stand_ins` those
    that a submission may import in vain.
    """

    def __init__(
        self,
        files: Mapping[str, tuple[str, str]],
        roles: Mapping[str, str],
        folders: Sequence[str],
        allowed: Iterable[str],
        companions: Mapping[str, Sequence[str]],
        stand_ins: Iterable[str],
    ) -> None:
        self._files = files
        self._roles = roles
        self._failed: dict[str, tuple[BaseException, TracebackType | None]] = {}
        self.paths = frozenset(path for path, _ in files.values())
        self._packages = self._make_packages(folders)
        own = {*files, *(package.partition(".")[0] for package in self._packages)}
        self.imports: Mapping[str, Mapping[str, int]] = {
            name: imported_names(*file) for name, file in files.items()
        }
        named = set().union(*self.imports.values()) - own
        # All that the sources name is loaded now: later there may be no file system.
        self.random: Any = None
        self.tell: Callable[[float], None] = _to_nobody
        for name in sorted(named.intersection(allowed)):
            self._preload(name)
            for companion in companions.get(name, ()):
                self._preload(companion)
        self._stand_ins = named.intersection(stand_ins)
        self._refused = named.difference(allowed, self._stand_ins)
        # What others have loaded already is refused like the rest.
        for name in self._refused.intersection(sys.modules):
            del sys.modules[name]
        sys.meta_path.insert(0, self)

    @staticmethod
    def _make_packages(folders: Sequence[str]) -> set[str]:
        """Make an empty package for every way to name the folder of the files."""
        packages = {PACKAGE}
        for start in range(len(folders)):
            if folders[start] in sys.stdlib_module_names:
                continue  # a folder called `random` must not hide the module
            for end in range(start + 1, len(folders) + 1):
                packages.add(".".join(folders[start:end]))
        for name in packages:
            package = sys.modules[name] = ModuleType(name)
            package.__path__ = []
        return packages

    def _preload(self, name: str) -> None:
        try:
            module = __import__(name)
        except ImportError:
            return  # this Python lacks it: the submission's own import will say so
        if name == "random":
            self.random = module

    def load(self, role: str) -> ModuleType:
        """Return the module that plays a role, or as much of it as its top level defined.

        One that failed with a syntax error, and defined nothing, fails again the same.
        """
        module = self._roles[role]
        try:
            __import__(f"{PACKAGE}.{module}")
        except BaseException as error:
            self._failed.setdefault(module, (error, error.__traceback__))
            self.reraise(role)
        return sys.modules[f"{PACKAGE}.{module}"]

    def reraise(self, role: str) -> None:
        """Raise again what the top level of a role's module raised, if it did."""
        if self._roles[role] in self._failed:
            error, traceback = self._failed[self._roles[role]]
            raise error.with_traceback(traceback)

    # ── What Python's import system asks of a finder and of a loader ───────────────────

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: object = None
    ) -> Any:
        """Claim the submission's own names and the stand-ins; refuse what is not there."""
        package, _, name = fullname.rpartition(".")
        if name in self._files and (package == "" or package in self._packages):
            return ModuleSpec(fullname, self)
        top = fullname.partition(".")[0]
        if top in self._stand_ins:
            return ModuleSpec(fullname, StandInLoader())
        if fullname in self._refused:
            raise ModuleNotFoundError(
                f"a submission cannot import {fullname}: only its own files and a part of the "
                "standard library are there",
                name=fullname,
            )
        return None

    def create_module(self, spec: Any) -> ModuleType | None:
        """Return the one module behind an alias; None lets Python make a new one."""
        canonical = f"{PACKAGE}.{spec.name.rpartition('.')[2]}"
        if spec.name == canonical:
            return None
        __import__(canonical)
        return sys.modules[canonical]

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source, unless it has been run under another name.

        What its top level raises is kept and not raised: the definitions above that line
        are there, and are graded.
        """
        name = module.__name__.rpartition(".")[2]
        canonical = f"{PACKAGE}.{name}"
        spec = module.__spec__
        if spec is not None and spec.name != canonical:
            module.__spec__ = sys.modules[canonical].__spec__ = ModuleSpec(canonical, self)
            return
        path, source = self._files[name]
        code = compile_source(source, path)
        sys.modules[name] = module
        module.__file__ = path
        try:
            exec(code, module.__dict__)  # noqa: S102 (our purpose)
        except BaseException as error:
            self._failed[name] = (error, error.__traceback__)
        pin_hashes(module)


class StandIn(ModuleType):
    """Takes the place of a package that plots or prints, and does nothing."""

    __path__: list[str] = []  # noqa: RUF012 (what makes Python take it for a package)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return StandIn(f"{self.__name__}.{name}")

    def __call__(self, *_args: object, **_kwargs: object) -> StandIn:
        """Return another stand-in."""
        return StandIn(f"{self.__name__}()")

    def __enter__(self) -> StandIn:
        return self

    def __exit__(self, *_details: object) -> None:
        return

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __getitem__(self, _key: object) -> StandIn:
        return self

    def __setitem__(self, _key: object, _value: object) -> None:
        return


class StandInLoader:
    """Makes stand-ins for Python's import system."""

    def create_module(self, spec: Any) -> ModuleType:
        """Return an inert module of the wanted name."""
        return StandIn(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Do nothing: there is nothing to run."""


def compile_source(source: str, path: str) -> CodeType:
    """Compile one file under its own name, untouched by our own `from __future__` lines."""
    return compile(source, path, "exec", dont_inherit=True)


def imported_names(path: str, source: str) -> dict[str, int]:
    """Return the modules that a source imports anywhere: top-level name to first line.

    None for a file that cannot be parsed: that is reported when it is loaded.
    """
    try:
        tree = compile(source, path, "exec", PARSE_ONLY, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    lines: dict[str, int] = {}
    waiting: list[Any] = [tree]
    while waiting:
        node = waiting.pop()
        for name in _imported_by(node):
            lines[name] = min(node.lineno, lines.get(name, node.lineno))
        for field in node._fields:
            child = getattr(node, field)
            children = child if type(child) is list else [child]
            waiting += [part for part in children if hasattr(part, "_fields")]
    return lines


def _imported_by(node: Any) -> list[str]:
    if type(node).__name__ == "Import":
        return [alias.name.partition(".")[0] for alias in node.names]
    if type(node).__name__ == "ImportFrom" and not node.level:
        return [node.module.partition(".")[0]]
    return []


# ── Repeatable order of sets ──────────────────────────────────────────────────────────
#
# Learners keep a node's parents in a set. Objects in a set are ordered by their address,
# which changes from run to run, and with it the numbers of an engine that relies on that
# order. Classes that use the default hash get one that counts instead.


class SetOrder:
    """Hand out hashes in the order in which objects first need one, or in reverse."""

    def __init__(self) -> None:
        self._count = 0
        self._flip = 0
        self._slotted: dict[int, tuple[int, object]] = {}

    def restart(self, order: int) -> None:
        """Begin a task: `order` 0 counts up, 1 counts down."""
        self._count = 0
        self._flip = -1 if order else 0
        self._slotted.clear()

    def of(self, thing: object) -> int:
        """Return the same hash for the same object, however often asked."""
        try:
            attributes = thing.__dict__
        except AttributeError:
            return self._of_slotted(thing)
        number = attributes.get("_set_order")
        if number is None:
            number = attributes["_set_order"] = self._next()
        return int(number)

    def _of_slotted(self, thing: object) -> int:
        known = self._slotted.get(id(thing))
        if known is None:
            # The object is kept alive beside its number: an address must not be reused.
            known = self._slotted[id(thing)] = (self._next(), thing)
        return known[0]

    def _next(self) -> int:
        self._count += 1
        return self._count ^ self._flip


SET_ORDER = SetOrder()


def pin_hashes(module: ModuleType) -> None:
    """Give the module's classes that hash by address a hash that is the same in every run."""
    for thing in list(vars(module).values()):
        own = isinstance(thing, type) and thing.__module__ == module.__name__
        if own and getattr(thing, "__hash__", None) is object.__hash__:
            thing.__hash__ = lambda self: SET_ORDER.of(self)
