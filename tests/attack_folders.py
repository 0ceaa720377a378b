"""What lies in the folder of a hostile submission beside its engine."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Mapping
from pathlib import Path

from grader.corpus import practice

MANY = 20_000
"""So many names stand for a hundred thousand: four times more than are looked at."""


def links(folder: Path, secret: Path) -> None:
    (folder / "nn.py").unlink()
    (folder / "nn.py").symlink_to(secret)
    (folder / "stolen.py").symlink_to(secret)
    (folder / "loop.py").symlink_to("loop.py")
    (folder / "up").symlink_to("..")
    (folder / "everything").symlink_to("/")


def dots(folder: Path, secret: Path) -> None:
    (folder / "course.toml").write_text(f'engine = "engine.py"\nnn = "../{secret.name}"\n')


def pipes(folder: Path, secret: Path) -> None:
    for name in ("nn.py", "pipe.py"):
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)
    (folder / "zero.py").symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(folder)  # the path of a socket must be short
        server.bind("server.py")
        os.chdir(here)


def gigabytes(folder: Path, secret: Path) -> None:
    for name in ("train.py", "data.csv", "notes.py"):
        with (folder / name).open("wb") as file:
            file.truncate(8 << 30)


def many(folder: Path, secret: Path) -> None:
    (folder / "data").mkdir()
    for i in range(MANY):
        os.close(os.open(folder / "data" / f"{i}.py", os.O_CREAT | os.O_WRONLY))


def depth(folder: Path, secret: Path) -> None:
    for _ in range(60):
        folder = folder / "deeper"
        folder.mkdir()
        (folder / "nn.py").write_text("class MLP: pass\n")


def names(folder: Path, secret: Path) -> None:
    for name in (
        *("-rf.py", "--help.py", "a b.py", ".py", "..py", "CON.py", "a;id.py", "$(id).py"),
        *("\x1b[2J.py", "\u202etxt.py", "<img src=x onerror=alert(1)>.py", "`|`.py"),
        *("::error::x.py", "##[group]x.py", "%0A.py", "a\nb.py", "engine.py.bak", "Engine.py"),
        *("é" * 100 + ".py", "__init__.py", "__main__.py"),
    ):
        (folder / name).write_text("x = 1\n")
    (folder / os.fsdecode(b"\xff\xfe.py")).write_text("x = 1\n")


def start_up(folder: Path, secret: Path) -> None:
    # `canary` says where to write, should anybody run any of these.
    bomb = (
        "import sys; sys.path.insert(0, '.'); from canary import FOLDER\n"
        "open(FOLDER + '/ran', 'w')\n"
    )
    for name in (
        *("sitecustomize.py", "usercustomize.py", "conftest.py", "setup.py", "noxfile.py"),
        *("__init__.py", "__main__.py", "test_it.py", "manage.py"),
    ):
        (folder / name).write_text(bomb)
    (folder / "evil.pth").write_text("import canary; open(canary.FOLDER + '/ran', 'w')\n")
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p conftest\n")
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "setup"\n'
    )
    (folder / "__pycache__").mkdir()
    (folder / "__pycache__" / "engine_base.cpython-311.pyc").write_bytes(b"\0" * 100)


def namesakes(folder: Path, secret: Path) -> None:
    for name in ("math", "struct", "marshal", "random", "worker", "grader", "json", "site", "sys"):
        (folder / f"{name}.py").write_text("def __getattr__(name):\n    return lambda *_: 0.0\n")


def nested(folder: Path, secret: Path) -> None:
    (folder / "nn.py").write_text("MLP = " + "-" * 100_000 + "1\n")
    (folder / "train.py").write_text("train = 0" + "+1" * 100_000 + "\n")
    (folder / "a.py").write_text("x = " + "(" * 50_000 + ")" * 50_000 + "\n")
    (folder / "b.py").write_text("x = a" + ".b" * 100_000 + "\n")
    (folder / "c.py").write_text("".join(" " * i + "if 1:\n" for i in range(900)))
    (folder / "d.py").write_text("x = " + "[" * 190 + "]" * 190 + "\n" + "x = 1" + "0" * 500_000)
    (folder / "e.py").write_bytes(b"# coding: \x00unknown\n\xff\xfe\x00")


def dense(folder: Path, secret: Path) -> None:
    (folder / "nn.py").write_text("x.backward()\n" + "a;" * 140_000 + "\n")
    (folder / "train.py").write_text("train = [" + "1," * 140_000 + "]\n")
    (folder / "a.py").write_text("class Layer: x = 0" + "+1" * 140_000 + "\n")
    (folder / "b.py").write_text("def loss(): a" + ".b" * 140_000 + "\n")


def answers(folder: Path, secret: Path) -> None:
    """Write down what the practice corpus asks, and what is right."""
    results, gradients = {}, {}
    for tasks in practice().tasks.values():
        for task in tasks:
            if (program := task.program) is None or not program.instructions:
                continue
            if program.observe == "results":
                for i, number in enumerate(task.expected):
                    results[_part(program.leaves, program.instructions[: i + 1])] = number
            elif program.observe == "gradients" and len(program.roots) == 1:
                gradients[(program.leaves, program.instructions)] = task.expected
    text = f"RESULTS = {results!r}\nGRADIENTS = {gradients!r}\n"
    (folder / "answers.py").write_text(text)


def _part(leaves: tuple[float, ...], instructions: tuple[tuple[object, ...], ...]) -> object:
    return leaves, instructions


FOLDERS: Mapping[str, Callable[[Path, Path], None]] = {
    make.__name__: make
    for make in (
        *(links, dots, pipes, gigabytes, many, depth, names, start_up, namesakes, nested, dense),
        answers,
    )
}
"""Each gets the folder, and the file outside of it that no one is to read."""
