"""The command that starts the worker's parent inside namespaces of its own.

bubblewrap gives it no network, processes of its own alone, and a root that holds nothing
but the interpreter, its standard library and the worker; all of that can only be read.
"""

from __future__ import annotations

import functools
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.conversation import FLAGS, WORKER
from grader.privileges import NEEDED_FOR_OWN_USER, can_make_namespaces

INSIDE = "/worker"
"""Where the worker's files lie inside."""

LINKS = ("/lib", "/lib32", "/lib64", "/usr/lib32", "/usr/lib64")
"""Where a dynamic loader is looked for by its own name."""

PACKAGES = ("site-packages", "dist-packages")
"""Folders of what is installed, perhaps the grader: covered, should they lie in what is bound."""


class NamespacesError(Exception):
    """There is no command for it; the message says why, without a full stop."""


def command(arguments: Sequence[str], *, changes_user: bool) -> list[str]:
    """Return the command that runs the worker with `arguments` inside.

    `changes_user` is for a parent that gives its children a user of their own.

    Raises: NamespacesError if bubblewrap is not there.
    """
    bubblewrap = shutil.which("bwrap")
    if bubblewrap is None:
        raise NamespacesError("bubblewrap is not installed")
    python = interpreter()
    return [
        bubblewrap,
        *(("--unshare-user",) if not can_make_namespaces() else ()),
        *("--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"),
        *("--unshare-cgroup-try", "--new-session", "--cap-drop", "ALL"),
        *(_kept_capabilities() if changes_user else ()),
        *_root(python),
        *("--ro-bind", str(WORKER), INSIDE),
        *("--remount-ro", "/", "--chdir", "/"),
        "--",
        *(python, *FLAGS, INSIDE, *arguments),
    ]


def interpreter() -> str:
    """Return the path of the interpreter itself, not of a virtual environment's link to it."""
    return os.path.realpath(getattr(sys, "_base_executable", None) or sys.executable)


def _kept_capabilities() -> Iterator[str]:
    for name in NEEDED_FOR_OWN_USER:
        yield from ("--cap-add", name)


@functools.cache
def _root(python: str) -> tuple[str, ...]:
    """Return the options that bind what the interpreter needs, and cover the rest."""
    options = []
    bound = [python, *_standard_library(), *_libraries()]
    outermost = [
        path
        for path in dict.fromkeys(bound)
        if not any(Path(other) in Path(path).parents for other in bound)
    ]
    for path in outermost:
        options += ["--ro-bind", path, path]
    for folder in outermost:
        for covered in _covered(Path(folder)):
            options += ["--tmpfs", str(covered), "--remount-ro", str(covered)]
    for link in LINKS:
        if Path(link).is_symlink():
            options += ["--symlink", str(Path(link).readlink()), link]
    return tuple(options)


def _standard_library() -> list[str]:
    """Return the folders of the standard library: its modules, and those in machine code."""
    found = {str(Path(os.__file__).resolve().parent)}
    found.update(
        str(Path(folder).resolve()) for folder in sys.path if folder.endswith("lib-dynload")
    )
    return sorted(folder for folder in found if Path(folder).is_dir())


def _libraries() -> list[str]:
    """Return the folders of the shared libraries that this interpreter has loaded."""
    loader_links = [os.path.realpath(link) for link in LINKS if Path(link).is_dir()]
    lines = Path("/proc/self/maps").read_text("utf-8", "replace").splitlines()
    mapped = {line[line.index("/") :] for line in lines if "/" in line and ".so" in line}
    # Ours, and not those of packages that are installed.
    folders = {
        str(Path(library).parent)
        for library in mapped
        if not any(name in library for name in PACKAGES)
    }
    return sorted(folders | {link for link in loader_links if _holds_loader(Path(link))})


def _holds_loader(folder: Path) -> bool:
    return any(folder.glob("ld-*.so*"))


def _covered(folder: Path) -> Iterator[Path]:
    """Yield the folders of installed packages below a folder that is bound."""
    for name in PACKAGES:
        for pattern in (name, f"*/{name}"):
            yield from (found for found in folder.glob(pattern) if found.is_dir())
