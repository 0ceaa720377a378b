"""Make the grader worse in one way at a time: which submissions notice?

    python tests/prove/mutations.py [NAME]...

A mutation asks less, forgives more, or overlooks a failure. It is noticed by a right
submission that loses points, or by a wrong one that is no longer failed where it should be.
A mutation that nobody notices would mean that a part of the grader does nothing.

Prints, for each mutation or for those that are named, everybody who notices it. Exit code 1
if somebody who is said to notice does not. `tests/test_checks_notice.py` tries these alone.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

from prove.families import complaints, families
from prove.mutating import Mutation, mutated
from prove.worse_judge import JUDGE
from prove.worse_questions import QUESTIONS, WORKER

from grader.grading import grade
from grader.submission import read

UNCHANGED = Mutation(lambda _: None, ())
MUTATIONS: dict[str, Mutation] = {**JUDGE, **QUESTIONS, **WORKER}


def everybody_who_notices(name: str) -> list[str]:
    """Grade all submissions with one mutation and return those whose verdict is wrong."""
    with mutated(MUTATIONS[name]) as corpus:
        return [
            expected.name
            for expected in families()
            if complaints(expected, grade(read(expected.folder), corpus, version="prove"))
        ]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="default: all")
    names = parser.parse_args().names or list(MUTATIONS)
    if unknown := set(names) - set(MUTATIONS):
        parser.error(f"no such mutation: {', '.join(sorted(unknown))}")
    unnoticed = 0
    with ProcessPoolExecutor() as pool:
        for name, found in zip(names, pool.map(everybody_who_notices, names), strict=True):
            missing = sorted(set(MUTATIONS[name].noticed_by) - set(found))
            unnoticed += bool(missing)
            print(f"{name}: {', '.join(found) or 'NOBODY'}", flush=True)
            if missing:
                print(f"    and should be noticed by {', '.join(missing)}", flush=True)
    print(f"\n{len(names) - unnoticed} of {len(names)} mutations are noticed as they should be")
    return 1 if unnoticed else 0


if __name__ == "__main__":
    sys.exit(main())
