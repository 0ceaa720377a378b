"""What the speed scripts share: run a command in a fresh process, and show a table."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

BENCHMARKS = Path(__file__).resolve().parent
PROJECT = BENCHMARKS.parent
LAUNCHER = BENCHMARKS / "launcher.py"
SAMPLE_EVERY_S = 0.002


class RunFailedError(Exception):
    """A command that had to succeed did not: there is nothing to compare."""


@dataclass(frozen=True)
class Run:
    """One command's cost. Seconds and MiB; None where the system keeps no such account."""

    wall_s: float
    cpu_s: float | None
    peak_mib: float | None
    exit_code: int
    hung: bool
    left_behind: bool
    stdout: str
    stderr: str


def run(
    command: Sequence[str | Path],
    *,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    timeout_s: float = 600,
    keep_stdout: bool = False,
) -> Run:
    """Run `command` in `folder` and return its cost; its standard output is dropped unless kept."""
    with tempfile.TemporaryDirectory() as scratch:
        result, out, err = (Path(scratch, name) for name in ("result", "out", "err"))
        stdout = out if keep_stdout else Path(os.devnull)
        launch: list[str | Path] = [sys.executable, "-I", "-S", LAUNCHER]
        launch += [result, stdout, err, str(timeout_s)]
        full_environment = {**os.environ, **(environment or {})}
        subprocess.run([*launch, *command], cwd=folder, env=full_environment, check=True)
        measured = dict(line.split("=") for line in result.read_text("ascii").splitlines())
        return Run(
            wall_s=float(measured["wall_s"]),
            cpu_s=float(measured["cpu_s"]) if "cpu_s" in measured else None,
            peak_mib=float(measured["peak_mib"]) if "peak_mib" in measured else None,
            exit_code=int(measured["exit_code"]),
            hung=measured["hung"] == "1",
            left_behind=measured["left_behind"] == "1",
            stdout=out.read_text("utf-8", "replace") if keep_stdout else "",
            stderr=err.read_text("utf-8", "replace"),
        )


def must_succeed(run_: Run, what: str) -> Run:
    """Return the run if it ended by itself with exit code 0.

    Raises: RunFailedError with the end of its standard error.
    """
    if run_.hung:
        raise RunFailedError(f"{what} did not end in {run_.wall_s:.0f} s")
    if run_.exit_code != 0:
        lines = (run_.stdout + run_.stderr).strip().splitlines()[-15:]
        message = f"{what} ended with exit code {run_.exit_code}"
        raise RunFailedError("\n    ".join([message, *lines]))
    return run_


def sampled_peaks(
    command: Sequence[str | Path], *, folder: Path, environment: Mapping[str, str]
) -> dict[int, float] | None:
    """Run `command` while reading /proc; return the peak MiB of each process, starter first.

    The kernel's final account gives only the largest of a family, and to a forked child it
    lends its parent's peak. Here each process is read for itself every few milliseconds,
    which costs time: use this run for memory alone. None where there is no /proc.
    """
    if not Path("/proc/self/status").exists():
        return None
    peaks: dict[int, float] = {}
    full_environment = {**os.environ, **environment}
    null = subprocess.DEVNULL
    with subprocess.Popen(
        command, cwd=folder, env=full_environment, stdout=null, stderr=null
    ) as process:
        ended = threading.Event()
        while process.poll() is None:
            for pid in [process.pid, *descendants(process.pid)]:
                # The latest reading, not the largest: before its exec a child still wears
                # its parent's memory, and after it the kernel's mark only rises.
                peaks[pid] = high_water_mib(pid) or peaks.get(pid, 0.0)
            ended.wait(SAMPLE_EVERY_S)
    return peaks


def descendants(pid: int) -> list[int]:
    """List the live processes below `pid`."""
    found = []
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            direct = [int(child) for child in children.read_text().split()]
        except OSError:  # ended while we looked
            continue
        for child in direct:
            found += [child, *descendants(child)]
    return found


def high_water_mib(pid: int) -> float:
    """Return the most memory `pid` has held so far; 0 if it has ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0.0
    for line in status.splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def machine() -> str:
    """Describe what the figures were taken on, its load included."""
    load = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{python}, {platform.system()} {platform.machine()}, {os.cpu_count()} CPUs{load}"


def spread(numbers: Sequence[float | None], digits: int = 2) -> list[str]:
    """Return minimum, median and maximum as text; dashes where nothing was measured."""
    known = [number for number in numbers if number is not None]
    if not known:
        return ["-"] * 3
    return [f"{f(known):.{digits}f}" for f in (min, statistics.median, max)]


def ratio(above: float | None, below: float | None) -> str:
    """Return above / below as text, or a dash."""
    return f"{above / below:.1f}" if above is not None and below else "-"


def table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows as aligned text: the first column to the left, the rest to the right."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for first, *rest in rows:
        cells = [cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)]
        lines.append("  ".join([first.ljust(widths[0]), *cells]).rstrip())
    return "\n".join(lines)
