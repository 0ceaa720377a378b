"""Make `.venv` with the project, and with the dependency groups that are named.

    python tools/environment.py PYTHON [GROUP …]

Uses uv where it is installed, and plain `venv` and `pip` where not.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
OLDEST = (3, 11)


def main(python: str, groups: list[str]) -> None:
    """Create the environment if it is not there, then install into it."""
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["dependency-groups"]
    wanted = ["--editable", str(ROOT), *(need for group in groups for need in declared[group])]
    uv = shutil.which("uv")
    if not PYTHON.exists():
        with_uv = [uv, "venv", "--quiet", "--seed", "--python", python]
        run(*(with_uv if uv else [python, "-m", "venv"]), str(VENV))
    if uv:
        install = [uv, "pip", "install", "--python", str(PYTHON)]
    else:
        install = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"]
    print(f"Installing into .venv: the course{''.join(f', {group}' for group in groups)} …")
    run(*install, "--quiet", *wanted)


def run(*command: str) -> None:
    """Run a command; where it fails, end with its exit code and no traceback."""
    done = subprocess.run(command, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command[:4])} … failed (exit code {done.returncode})")


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(f"This needs Python {OLDEST[0]}.{OLDEST[1]} or newer; this one is {sys.version}")
    main(sys.argv[1], sys.argv[2:])
