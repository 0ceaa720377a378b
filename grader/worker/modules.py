"""The submission's files: text in memory, importable under every name learners use.

`engine`, `.engine` and `<folder>.engine` are one module, so that there is one class
`Value`. No file is opened here; the grader has read them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from types import CodeType, ModuleType, TracebackType
from typing import Any

PARSE_ONLY = 0x400  # ast.PyCF_ONLY_AST, without paying for the import of ast
ModuleSpec: Any = type(sys.__spec__)  # importlib.machinery's, without paying for its import


class Modules:
    """Import the submission's modules on demand, each once.

    `files` maps a module's bare name to its path as shown to people and its source text;
    `roles` says which module plays `engine`, `nn` and `train`. `package` is the folder's
    name. `allowed` are the foreign modules that a submission may import.
    """

    def __init__(
        self,
        package: str,
        files: Mapping[str, tuple[str, str]],
        roles: Mapping[str, str],
        allowed: Iterable[str],
    ) -> None:
        self._package = package
        self._files = files
        self._roles = roles
        named = set().union(*(imported_names(*file) for file in files.values()))
        own = {package, *files}
        # All that the sources name is loaded now: later there may be no file system.
        self._preload(named.intersection(allowed) - own)
        self._refused = named.difference(allowed, own)
        self._failed: dict[str, tuple[BaseException, TracebackType | None]] = {}
        self.paths = frozenset(path for path, _ in files.values())
        root = ModuleType(package)
        root.__path__ = []
        sys.modules[package] = root
        sys.meta_path.insert(0, self)

    @staticmethod
    def _preload(names: Iterable[str]) -> None:
        for name in names:
            try:
                __import__(name)
            except ImportError:
                continue  # this Python lacks it: the submission's own import will say so

    def load(self, role: str) -> ModuleType:
        """Return the module that plays a role; one that failed once fails again the same."""
        name = self._roles[role]
        if name in self._failed:
            error, traceback = self._failed[name]
            raise error.with_traceback(traceback)
        try:
            __import__(f"{self._package}.{name}")
        except BaseException as error:
            self._failed[name] = (error, error.__traceback__)
            raise
        return sys.modules[f"{self._package}.{name}"]

    # ── What Python's import system asks of a finder and of a loader ───────────────────

    def find_spec(
        self, fullname: str, _path: Sequence[str] | None = None, _target: object = None
    ) -> Any:
        """Claim the submission's own names; refuse what may not be imported."""
        package, _, name = fullname.rpartition(".")
        if name in self._files and package in ("", self._package):
            return ModuleSpec(fullname, self)
        if fullname in self._refused:
            raise ModuleNotFoundError(
                f"a submission cannot import {fullname}: only its own files and a part of the "
                "standard library are there",
                name=fullname,
            )
        return None

    def create_module(self, spec: Any) -> ModuleType | None:
        """Return the one module behind an alias; None lets Python make a new one."""
        canonical = f"{self._package}.{spec.name.rpartition('.')[2]}"
        if spec.name == canonical:
            return None
        __import__(canonical)
        return sys.modules[canonical]

    def exec_module(self, module: ModuleType) -> None:
        """Run the module's source, unless it has been run under another name."""
        name = module.__name__.rpartition(".")[2]
        canonical = f"{self._package}.{name}"
        spec = module.__spec__
        if spec is not None and spec.name != canonical:
            module.__spec__ = sys.modules[canonical].__spec__ = ModuleSpec(canonical, self)
            return
        sys.modules[name] = module
        path, source = self._files[name]
        module.__file__ = path
        try:
            exec(compile_source(source, path), module.__dict__)  # noqa: S102 (our purpose)
        except BaseException:
            sys.modules.pop(name, None)
            raise
        pin_hashes(module)


def compile_source(source: str, path: str) -> CodeType:
    """Compile one file under its own name, untouched by our own `from __future__` lines."""
    return compile(source, path, "exec", dont_inherit=True)


def imported_names(path: str, source: str) -> set[str]:
    """Return the top-level names of the modules that a source imports anywhere.

    None for a file that cannot be parsed: that is reported when it is loaded.
    """
    try:
        tree = compile(source, path, "exec", PARSE_ONLY, dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    names: set[str] = set()
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if type(node).__name__ == "Import":
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif type(node).__name__ == "ImportFrom" and not node.level:
            names.add(node.module.partition(".")[0])
        for field in node._fields:
            child = getattr(node, field)
            waiting += [
                part
                for part in (child if type(child) is list else [child])
                if hasattr(part, "_fields")
            ]
    return names


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
