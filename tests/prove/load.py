"""Grade while the machine is busy with something else: does a verdict change?

    python tests/prove/load.py [--gradings N] [--loops N]

Two engines get full marks on a quiet machine: the reference, and one that is right and slow.
Then busy loops are started, and `course grade` is run on both, in turn. Prints how many of
the gradings came out as before; exit code 1 if any did not.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REFERENCE = ROOT / "engine_reference"

ROUNDS = 1_300
"""The slow engine adds so many numbers for each Value it makes: see `slowness`."""

BUSY = """
import os
parent = os.getppid()
while os.getppid() == parent:  # nobody is left behind
    for _ in range(1_000_000):
        pass
"""

Outcomes = list[tuple[str, str, int]]


def engines(folder: Path) -> list[Path]:
    """Make the reference and its slow twin into two submissions."""
    made = []
    for name, more in (("reference", ""), ("slow", f"        sum(map(float, range({ROUNDS})))\n")):
        submission = folder / name
        submission.mkdir()
        for source in ("engine.py", "nn.py", "train.py"):
            text = (REFERENCE / source).read_text("utf-8")
            text = text.replace("from engine_reference.", "from ")
            if source == "engine.py":
                first = "        self.data = data\n"
                assert text.count(first) == 1
                text = text.replace(first, first + more)
            (submission / source).write_text(text, "utf-8")
        made.append(submission)
    return made


CHAIN = """
import time
from engine import Value
a = b = Value(1.0)
start = time.process_time()
for _ in range(20_000):
    a = a + b
a.backward()
print(time.process_time() - start)
"""


def slowness(quick: Path, slow: Path) -> float:
    """Measure how many times as much CPU the slow engine needs for the same graph."""
    taken = []
    for folder in (quick, slow):
        command = [sys.executable, "-c", CHAIN]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
        taken.append(float(done.stdout))
    return taken[1] / taken[0]


@contextmanager
def busy(loops: int) -> Iterator[None]:
    """Keep the machine busy with so many endless loops."""
    running = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(loops)]
    try:
        yield
    finally:
        for loop in running:
            loop.kill()
        for loop in running:
            loop.wait()


def graded(submission: Path) -> Outcomes:
    """Run `course grade` and return what it said of every check."""
    command = [sys.executable, "-P", "-m", "course", "grade", str(submission), "--report", "json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise RuntimeError(f"course grade ended with {done.returncode}: {done.stderr}")
    checks = json.loads(done.stdout)["checks"]
    return [(check["slug"], check["outcome"], check["points"]) for check in checks]


def under_load(submissions: Sequence[Path], gradings: int, loops: int) -> Iterator[list[str]]:
    """Grade the submissions in turn beside busy loops; yield what differs from the quiet run."""
    quiet = {submission: graded(submission) for submission in submissions}
    for submission, found in quiet.items():
        assert sum(points for _, _, points in found) == 100, f"{submission.name} is not right"
    with busy(loops):
        for number in range(gradings):
            submission = submissions[number % len(submissions)]
            found = graded(submission)
            yield [
                f"{submission.name}: {slug} {outcome}, and {before} without load"
                for (slug, outcome, _), (_, before, _) in zip(found, quiet[submission], strict=True)
                if outcome != before
            ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--gradings", type=int, default=40, metavar="N", help="default: 40")
    parser.add_argument("--loops", type=int, default=4, metavar="N", help="default: 4")
    arguments = parser.parse_args()
    same = 0
    with tempfile.TemporaryDirectory() as folder:
        submissions = engines(Path(folder))
        print(f"the slow engine takes {slowness(*submissions):.0f} times as much CPU")
        start = time.monotonic()
        for differences in under_load(submissions, arguments.gradings, arguments.loops):
            same += not differences
            for difference in differences:
                print(difference)
            end = "\r" if sys.stderr.isatty() else "\n"
            print(f"{same} as without load", end=end, file=sys.stderr)
        seconds = time.monotonic() - start
    load = f"{arguments.loops} busy loops on {os.cpu_count()} cores, {seconds:.0f} s"
    print(f"{same} of {arguments.gradings} gradings as without load ({load})")
    return 0 if same == arguments.gradings else 1


if __name__ == "__main__":
    sys.exit(main())
