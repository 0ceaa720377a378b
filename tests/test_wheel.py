"""What is shipped works on its own: built, installed elsewhere, without our checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest
from conftest import ROOT, Run

Installed = tuple[Path, Path]


def execute(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONPATH", "VIRTUAL_ENV")}
    environment["XDG_CACHE_HOME"] = str(cwd / "cache")
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=environment, capture_output=True, encoding="utf-8"
    )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build the wheel and install it, with what it declares to need, into a new environment."""
    home = tmp_path_factory.mktemp("elsewhere")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    built = execute(*pip, "wheel", "-q", "--no-deps", "-w", home / "wheel", ROOT, cwd=home)
    assert built.returncode == 0, built.stderr
    (wheel,) = (home / "wheel").glob("*.whl")
    venv.create(home / "venv", with_pip=False)
    scripts = home / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = scripts / ("python.exe" if os.name == "nt" else "python")
    done = execute(*pip, "--python", python, "install", "-q", wheel, cwd=home)
    assert done.returncode == 0, done.stderr
    return scripts / "course", home


@pytest.mark.needs("pip")
def test_the_wheel_grades_as_the_checkout_does_byte_for_byte(
    installed: Installed, course: Run
) -> None:
    command, home = installed
    folder = ROOT / "tests" / "submissions" / "wrong" / "no_topological_order"
    for arguments in (["--report", "json"], ["--report", "json", "--seed", "plum"]):
        there = execute(command, "grade", folder, *arguments, cwd=home)
        here = course("grade", folder, *arguments)
        assert there.returncode == here.returncode == 1, there.stderr
        assert there.stdout == here.stdout


@pytest.mark.needs("pip")
def test_a_learner_can_start_with_nothing_but_the_wheel(installed: Installed) -> None:
    command, home = installed
    assert execute(command, "start", "mine", cwd=home).returncode == 0
    done = execute(command, "grade", "mine", "--report", "json", cwd=home)
    assert json.loads(done.stdout)["points"] == 0
    assert done.returncode == 1
    assert execute(command, "explain", "value/add", cwd=home).returncode == 0


@pytest.mark.needs("pip")
def test_the_wheel_makes_the_web_site_as_the_checkout_does_byte_for_byte(
    installed: Installed, course: Run
) -> None:
    command, home = installed
    assert execute(command, "site", "--out", "there", cwd=home).returncode == 0
    assert course("site", "--out", "here", cwd=home).returncode == 0
    there, here = (
        {path.relative_to(home / name): path.read_bytes() for path in (home / name).rglob("*.*")}
        for name in ("there", "here")
    )
    assert there == here
    assert len(there) > 10


@pytest.mark.needs("pip")
def test_the_wheel_holds_no_tests_and_needs_no_development_tools(installed: Installed) -> None:
    command, home = installed
    python = command.with_name("python")
    script = (
        "import importlib.util as u, json; "
        "print(json.dumps([n for n in ('pytest', 'mypy', 'ruff', 'tests', 'benchmarks', 'tools')"
        " if u.find_spec(n)]))"
    )
    assert execute(python, "-I", "-c", script, cwd=home).stdout == "[]\n"


def test_plain_pytest_in_the_template_shows_the_same_checks(course: Run, tmp_path: Path) -> None:
    course("start", tmp_path / "mine")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-rN"],
        cwd=tmp_path / "mine", capture_output=True, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 1
    assert "not written yet" in done.stdout
    report = course("grade", tmp_path / "mine", "--report", "json").stdout
    outcomes = [check["outcome"] for check in json.loads(report)["checks"]]
    assert f"{outcomes.count('errored')} failed" in done.stdout
    assert f"{outcomes.count('skipped')} skipped" in done.stdout
