"""Time `course grade` against the same claims in plain pytest and Hypothesis.

    python benchmarks/grade_speed.py [SUBMISSION] [--pairs N] [--examples N]
    python benchmarks/grade_speed.py --kills FOLDER…

The first form grades one correct submission with both, turn by turn, every run in a fresh
process. The second runs both over wrong submissions and shows what each has to say. Exit
code 1 means that a run failed; no timing, however bad, makes it so.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from measurement import (
    BENCHMARKS,
    PROJECT,
    Run,
    RunFailedError,
    machine,
    must_succeed,
    ratio,
    run,
    sampled_peaks,
    spread,
    table,
)

PEER_SUITE = BENCHMARKS / "peer_suite"
KILL_TIMEOUT_S = 180
NAMES_SHOWN = 2
# The least that starting Python can cost.
FLOOR: list[str | Path] = [sys.executable, "-c", "pass"]
# The suite imports engine, nn and train by these names: a layout it asks for, no mistake.
FOREIGN_LAYOUT = "attempted relative import"
# How the suite's conftest marks a property in the result file.
PROPERTY = "properties/property[@name='kind'][@value='property']"


def main() -> int:
    """Read the command line and run the comparison it asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument(
        "submission", nargs="?", type=Path, default=PROJECT / "examples" / "complete"
    )
    parser.add_argument("--pairs", type=int, default=5, help="timed runs of each (5)")
    parser.add_argument("--examples", type=int, default=100, help="a property of the suite (100)")
    parser.add_argument("--kills", nargs="+", type=Path, metavar="FOLDER", help="wrong submissions")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        bench = Bench(Path(scratch).resolve(), options.examples)
        try:
            if options.kills:
                bench.compare_kills(options.kills, control=options.submission)
            else:
                bench.compare_speed(options.submission, options.pairs)
        except RunFailedError as error:
            print(f"grade_speed: {error}", file=sys.stderr)
            return 1
    return 0


@dataclass(frozen=True)
class Verdict:
    """What one grader said of one submission; `killed` is None where it could not say."""

    killed: bool | None
    sentence: str


class Bench:
    """The two contenders, started in an empty folder so that neither finds anything there."""

    def __init__(self, scratch: Path, examples: int) -> None:
        self.folder = scratch
        self.examples = examples
        self.environment = {
            "PYTHONPATH": str(PROJECT),
            # Hypothesis writes its tables here once and finds them again in every later run.
            "HYPOTHESIS_STORAGE_DIRECTORY": str(scratch / "hypothesis"),
            # pytest loads no plugin but Hypothesis's: ours are not the suite's to pay for.
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        }

    # ── The commands ──────────────────────────────────────────────────────────────────

    def course_command(self, submission: Path, *more: str) -> list[str | Path]:
        """Return the command that grades with this project."""
        return [sys.executable, "-m", "course", "grade", submission, "--exit-zero", *more]

    def peer_command(self, *more: str) -> list[str | Path]:
        """Return the command that runs the plain suite."""
        options = ["-q", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin"]
        return [sys.executable, "-m", "pytest", *options, *more, PEER_SUITE]

    def run(
        self,
        command: list[str | Path],
        submission: Path,
        *,
        examples: int | None = None,
        timeout_s: float = 600,
        keep_stdout: bool = False,
    ) -> Run:
        """Run a command about a submission."""
        environment = {
            **self.environment,
            "SUBMISSION": str(submission),
            "PEER_EXAMPLES": str(examples or self.examples),
        }
        return run(
            command,
            folder=self.folder,
            environment=environment,
            timeout_s=timeout_s,
            keep_stdout=keep_stdout,
        )

    # ── Speed ─────────────────────────────────────────────────────────────────────────

    def compare_speed(self, submission: Path, pairs: int) -> None:
        """Time both on one correct submission and print the comparison."""
        submission = existing(submission)
        print(machine())
        asked = self.check_course(submission)
        properties = self.check_peer(submission)
        # The suite once more with about as many examples in all as `course grade` has tasks.
        few = max(1, round(asked / properties))
        alike = f"peer, {few} examples"
        course, peer, floor = self.course_command(submission), self.peer_command(), FLOOR
        contenders: dict[str, tuple[list[str | Path], int]] = {
            "course grade": (course, self.examples),
            "peer suite": (peer, self.examples),
            alike: (peer, few),
            "python -c pass": (floor, self.examples),
        }
        print(f"timed runs of each, in turn: {pairs}; both ran once before, not timed\n")
        runs: dict[str, list[Run]] = {name: [] for name in contenders}
        for _ in range(pairs):
            for name, (command, examples) in contenders.items():
                result = self.run(command, submission, examples=examples)
                runs[name].append(must_succeed(result, name))
        print(figures(runs))
        for name in ("peer suite", alike):
            print(pair_ratios(name, runs[name], runs["course grade"]))
        self.show_memory(course)
        if any(run_.left_behind for run_ in runs["course grade"]):
            print("note: a process that `course grade` started was still there after it")

    def check_course(self, submission: Path) -> int:
        """Insist on full points, say what was graded and how; return the number of tasks."""
        report_path = self.folder / "report.json"
        command = self.course_command(submission, "--report", f"json={report_path}")
        must_succeed(self.run(command, submission), "course grade")
        report = json.loads(report_path.read_text("utf-8"))
        points, most = report["points"], report["max_points"]
        if points != most:
            raise RunFailedError(
                f"{submission}: {points} of {most} points, but only a correct submission "
                "can be compared: name one (see `course grade` for what is wrong)"
            )
        isolation = report["isolation"]["level"]
        tasks = practice_tasks()
        print(f"course grade: {len(report['checks'])} checks, {tasks} tasks in all, ", end="")
        print(f"{points} points, isolation {isolation}")
        return tasks

    def check_peer(self, submission: Path) -> int:
        """Insist that every test passes; say how many there are; return that of properties."""
        junit = self.folder / "peer.xml"
        command = self.peer_command("--junitxml", str(junit))
        must_succeed(self.run(command, submission, keep_stdout=True), "the peer suite")
        tests = list(ET.parse(junit).iter("testcase"))
        properties = len([test for test in tests if test.find(PROPERTY) is not None])
        versions = ", ".join(f"{name} {version(name)}" for name in ("pytest", "hypothesis"))
        print(f"peer suite: {len(tests)} tests, {properties} of them properties ", end="")
        print(f"of {self.examples} examples each, {versions}")
        return properties

    def show_memory(self, command: list[str | Path]) -> None:
        """Say how the grader's peak divides, from one more run that is not timed."""
        peaks = sampled_peaks(command, folder=self.folder, environment=self.environment)
        if peaks is None:
            print("memory of the grader and its worker apart: needs /proc, not found")
            return
        grader, *others = peaks.values()
        line = f"course grade's processes apart (sampled): grader {grader:.1f} MiB"
        if others:
            line += f", largest of {len(others)} below it {max(others):.1f} MiB"
        print(line)

    # ── Kills ─────────────────────────────────────────────────────────────────────────

    def compare_kills(self, folders: list[Path], control: Path) -> None:
        """Run both over wrong submissions and print what each says.

        Both must pass `control` first: a grader that fails everything kills everything.
        """
        control = existing(control)
        self.check_course(control)
        self.check_peer(control)
        print()
        said: dict[str, list[bool | None]] = {"peer suite": [], "course grade": []}
        for folder in map(existing, folders):
            peer, course = self.peer_verdict(folder), self.course_verdict(folder)
            said["peer suite"].append(peer.killed)
            said["course grade"].append(course.killed)
            print(f"{folder.name}\n  peer    {peer.sentence}\n  course  {course.sentence}")
        print(f"\nof {len(folders)} wrong submissions")
        for name, verdicts in said.items():
            killed, silent = verdicts.count(True), verdicts.count(None)
            survived = len(verdicts) - killed - silent
            print(f"  {name}: {killed} killed, {survived} survived, {silent} without a verdict")

    def peer_verdict(self, submission: Path) -> Verdict:
        """Run the plain suite on a wrong submission."""
        junit = self.folder / "kill.xml"
        junit.unlink(missing_ok=True)
        # Exit code 1: tests ran and some failed. Anything above: they could not be run.
        result = self.run(
            self.peer_command("--junitxml", str(junit)), submission, timeout_s=KILL_TIMEOUT_S
        )
        if result.hung:
            return Verdict(True, f"killed: still running after {KILL_TIMEOUT_S} s")
        cost = f"({result.wall_s:.1f} s)"
        if result.exit_code not in (0, 1) or not junit.exists():
            return Verdict(None, f"no verdict: exit code {result.exit_code} {cost}")
        cases = list(ET.parse(junit).iter("testcase"))
        not_run = [case for case in cases if foreign_layout(case)]
        failed = [
            case.get("name", "?").removeprefix("test_")
            for case in cases
            if case not in not_run
            and (case.find("failure") is not None or case.find("error") is not None)
        ]
        if not_run and not failed:
            sentence = f"{len(not_run)} tests need imports that the suite does not offer"
            return Verdict(None, f"no verdict: {sentence} {cost}")
        if not failed:
            return Verdict(False, f"SURVIVED all {len(cases)} tests {cost}")
        return Verdict(True, f"killed by {len(failed)} of {len(cases)} {cost}: {some(failed)}")

    def course_verdict(self, submission: Path) -> Verdict:
        """Grade a wrong submission with this project."""
        path = self.folder / "kill.json"
        path.unlink(missing_ok=True)
        command = self.course_command(submission, "--report", f"json={path}")
        result = self.run(command, submission, timeout_s=KILL_TIMEOUT_S)
        cost = f"({result.wall_s:.1f} s)"
        if result.hung or result.exit_code != 0:
            return Verdict(None, f"no verdict: exit code {result.exit_code} {cost}")
        report = json.loads(path.read_text("utf-8"))
        checks = report["checks"]
        failed = [check["slug"] for check in checks if check["outcome"] in ("failed", "errored")]
        if not failed:
            return Verdict(False, f"SURVIVED all {len(checks)} checks {cost}")
        diagnoses = [check["diagnosis"] for check in checks if check["diagnosis"]]
        slugs = sorted({slug for diagnosis in diagnoses for slug in diagnosis["slugs"]})
        named = f"; names {some(slugs)}" if slugs else ""
        return Verdict(
            True, f"killed by {len(failed)} of {len(checks)} {cost}: {some(failed)}{named}"
        )


def existing(folder: Path) -> Path:
    """Return the folder's full path.

    Raises: RunFailedError if it is not there.
    """
    if not folder.exists():
        raise RunFailedError(f"{folder}: no such submission")
    return folder.resolve()


def foreign_layout(case: ET.Element) -> bool:
    """Say whether a test could not run because the files import each other in another way."""
    error = case.find("error")
    return error is not None and FOREIGN_LAYOUT in error.get("message", "")


def practice_tasks() -> int:
    """Return how many programs and jobs `course grade` gives to a submission."""
    path = PROJECT / "grader" / "corpora" / "practice.json"
    return sum(map(len, json.loads(path.read_text("utf-8"))["checks"].values()))


def some(names: list[str]) -> str:
    """Return the first few names and the number of the others."""
    shown, rest = names[:NAMES_SHOWN], len(names) - NAMES_SHOWN
    return ", ".join(shown) + (f" and {rest} more" if rest > 0 else "")


def figures(runs: dict[str, list[Run]]) -> str:
    """Return the table of times and memory."""
    rows = [["", "wall s min", "median", "max", "CPU s min", "median", "max", "peak MiB"]]
    for name, several in runs.items():
        wall = spread([run_.wall_s for run_ in several])
        cpu = spread([run_.cpu_s for run_ in several])
        # The largest single process, by wait4, in the run where it was largest.
        rows.append([name, *wall, *cpu, spread([run_.peak_mib for run_ in several], 1)[2]])
    return table(rows)


def pair_ratios(name: str, peer: list[Run], course: list[Run]) -> str:
    """Return how many times longer the peer suite took, pair by pair."""
    pairs = list(zip(peer, course, strict=True))
    rows = [[f"{name} / course grade", *(f"pair {i}" for i in range(1, len(pairs) + 1)), "median"]]
    for name in ("wall_s", "cpu_s"):
        times = [(getattr(a, name), getattr(b, name)) for a, b in pairs]
        known = [a / b for a, b in times if a and b]
        middle = f"{statistics.median(known):.1f}" if known else "-"
        label = name.removesuffix("_s").replace("cpu", "CPU")
        rows.append([label, *(ratio(a, b) for a, b in times), middle])
    return "\n" + table(rows)


if __name__ == "__main__":
    sys.exit(main())
