"""Grade a class of every kind, then again with kill -9 at random moments: the same bytes?

    python tests/prove/class_kill.py [--count N] [--kills N] [--seed N]

First an undisturbed run: is every row there, and every outcome as the generator says? Then a
second run into another folder, killed with SIGKILL at a random moment so many times, and
continued each time. Prints what was compared; exit code 1 if anything is not as it should be.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "classroom"))

from class_output import Expected, generate, lasting, rows  # noqa: E402

COMMAND = [sys.executable, "-P", "-m", "course", "grade-all"]


def start(submissions: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [*COMMAND, str(submissions), "--out", str(out), "--seed", "class", *more]
    command += ["--report", "json"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def wrong(out: Path, expected: dict[str, Expected]) -> list[str]:
    """List every learner without a row, and every outcome that is not the known one."""
    table = rows(out)
    found = [f"{learner}: no row" for learner in expected if learner not in table]
    for learner, outcome in expected.items():
        result = json.loads((out / "results" / f"{learner}.json").read_text("utf-8"))
        found += [f"{learner}: {what}" for what in outcome.contradictions(result)]
    return found


def killed(submissions: Path, out: Path, count: int, kills: int, chance: random.Random) -> int:
    """Run and kill so many times, then to the end; return how many kills hit a running run.

    A moment is drawn as a number of further results, and some milliseconds after them, so
    that the kills spread over the whole class however busy the machine is.
    """
    hit = 0
    for left in range(kills, 0, -1):
        before = kept(out)
        most = min(2 * (count - before) // (left + 1), count - before - 1)
        wanted = before + chance.randint(0, max(0, most))
        run = start(submissions, out)
        while run.poll() is None and kept(out) < wanted:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.05 if wanted > before else 2))
        hit += run.poll() is None
        run.kill()
        run.wait()
        print(f"{hit} killed, {kept(out)} results kept", file=sys.stderr)
    assert start(submissions, out).wait() == 0
    return hit


def kept(out: Path) -> int:
    return len(list(out.glob("results/[!.]*.json")))


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=1000, metavar="N", help="default: 1000")
    parser.add_argument("--kills", type=int, default=20, metavar="N", help="default: 20")
    parser.add_argument("--seed", type=int, default=0, metavar="N", help="of the moments")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        submissions = Path(scratch, "submissions")
        expected = generate(submissions, arguments.count)
        undisturbed, disturbed = Path(scratch, "undisturbed"), Path(scratch, "disturbed")
        begun = time.monotonic()
        assert start(submissions, undisturbed).wait() == 0
        seconds = time.monotonic() - begun
        kinds = Counter(outcome.status for outcome in expected.values())
        counted = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        print(f"{arguments.count} submissions ({counted}) in {seconds:.0f} s")
        problems = wrong(undisturbed, expected)
        print("\n".join(problems) or "every row is there, and every outcome as expected")
        chance = random.Random(arguments.seed)
        hit = killed(submissions, disturbed, arguments.count, arguments.kills, chance)
        first, second = lasting(undisturbed), lasting(disturbed)
        different = [n for n in first.keys() | second.keys() if first.get(n) != second.get(n)]
        for name in sorted(different)[:10]:
            print(f"{name} differs")
        same = f"{len(first) - len(different)} of {len(first)} files the same"
        print(f"killed {hit} times while it ran: {same}")
    return 1 if problems or different or hit < arguments.kills else 0


if __name__ == "__main__":
    sys.exit(main())
