"""What all tests share: the command as a user runs it, and groups that need a program."""

from __future__ import annotations

import functools
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader import lane
from grader.corpus import Corpus, practice
from grader.grading import grade
from grader.report import CheckResult, Report
from grader.submission import read

if TYPE_CHECKING:  # installed only where there is a browser to drive
    from playwright.sync_api import Browser, Page

pytest.register_assert_rewrite("browser")

ROOT = Path(__file__).parent.parent
LEFT_OUT = pytest.StashKey[dict[str, int]]()

# A shell that starts the tests in the background has them ignore Ctrl-C, `nohup` a hang-up, and
# every command that they start inherits that: some tests interrupt a command in these ways.
for _signal in (signal.SIGINT, getattr(signal, "SIGHUP", signal.SIGINT)):
    if signal.getsignal(_signal) is signal.SIG_IGN:
        signal.signal(
            _signal,
            signal.default_int_handler if _signal == signal.SIGINT else signal.SIG_DFL,
        )


# ── Groups that need a program ────────────────────────────────────────────────────────


@functools.cache
def _is_there(program: str) -> bool:
    if program == "gift-pegjs":  # a package of Node's
        command = ["node", "-e", "require('gift-pegjs')"]
        return (
            shutil.which("node") is not None
            and subprocess.run(command, capture_output=True, check=False).returncode == 0
        )
    if program == "libseccomp":
        return lane.refusal("filtered") is None
    if program == NAMESPACES:
        return lane.refusal("strict") is None
    if program == "chromium":  # or its twin
        from browser import executable

        return executable() is not None
    return shutil.which(program) is not None or importlib.util.find_spec(program) is not None


NAMESPACES = "namespaces"
"""No program, but what a kernel or a container may deny: then nothing can be installed."""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests whose program is missing, and remember to say so."""
    left_out: dict[str, int] = {}
    kept = []
    for item in items:
        missing = [
            program
            for marker in item.iter_markers("needs")
            for program in marker.args
            if not _is_there(program)
        ]
        if missing:
            left_out[missing[0]] = left_out.get(missing[0], 0) + 1
        else:
            kept.append(item)
    items[:] = kept
    config.stash[LEFT_OUT] = left_out


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Where everything must run, a missing program is a failure."""
    left_out = set(session.config.stash.get(LEFT_OUT, {})) - {NAMESPACES}
    if left_out and "COURSE_ALL_TESTS" in os.environ:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Name what was left out, at the very end."""
    for program, count in sorted(config.stash.get(LEFT_OUT, {}).items()):
        why = "are not to be had here" if program == NAMESPACES else "is not installed"
        terminalreporter.write_line(f"left out: {count} tests, because {program} {why}")


@pytest.fixture(scope="session", autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what tests grade out of the data folder of whoever runs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


# ── The command ───────────────────────────────────────────────────────────────────────

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def course(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """Run `course` in a process of its own, with a cache and a home of its own."""
    home = tmp_path_factory.mktemp("home")

    def run(
        *arguments: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        environment = {
            **os.environ,
            "HOME": str(home),
            "XDG_CACHE_HOME": str(home / "cache"),
            "XDG_DATA_HOME": str(home / "data"),
            "PYTHONUTF8": "1",
            **(env or {}),
        }
        return subprocess.run(
            [sys.executable, "-P", "-m", "course", *map(str, arguments)],
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    return run


# ── A browser, for tests marked `needs(*BROWSER)`: see browser.py ────────────────────


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The one browser of the session."""
    from browser import launched

    with launched() as browser:
        yield browser


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A tab of its own, in which no script and no request may fail."""
    from browser import tab

    with tab(chromium) as page:
        yield page


# ── Grading in this process ───────────────────────────────────────────────────────────


@pytest.fixture(scope="session")
def practice_corpus() -> Corpus:
    return practice()


@pytest.fixture(scope="session")
def shared_lane() -> Iterator[lane.Lane]:
    """Open one lane for all that these tests grade."""
    with lane.open_lane(for_many=True) as shared:
        yield shared


@pytest.fixture
def graded(practice_corpus: Corpus, shared_lane: lane.Lane) -> Callable[..., Report]:
    """Grade a folder on the practice corpus."""

    def run(folder: Path, corpus: Corpus = practice_corpus, only: Sequence[str] = ()) -> Report:
        return grade(read(folder), corpus, only=only, version="test", lane=shared_lane)

    return run


def outcomes(report: Report) -> dict[str, CheckResult]:
    return {check.slug: check for check in report.checks}


REFERENCE = {
    name: (ROOT / "engine_reference" / f"{name}.py").read_text("utf-8")
    for name in ("engine", "nn", "train")
}


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., Path]:
    """Make a submission out of the reference, with edits: `variant(engine=[(old, new)])`."""

    def make(name: str = "submission", **edits: list[tuple[str, str]] | str | None) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        for role, text in REFERENCE.items():
            edit = edits.get(role, [])
            if edit is None:
                continue
            if isinstance(edit, str):
                text = edit
            else:
                for old, new in edit:
                    assert text.count(old) >= 1, f"{old!r} is not in {role}.py"
                    text = text.replace(old, new)
            text = text.replace("from engine_reference.", "from ")
            (folder / f"{role}.py").write_text(text, "utf-8")
        return folder

    return make
