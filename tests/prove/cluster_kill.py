"""Grade a class on a dask cluster of two workers, one killed mid-run: the same bytes?

    python tests/prove/cluster_kill.py [--count N]

First the class is graded without a cluster. Then on a local cluster of two workers; after the
first results one of the workers gets SIGKILL. Prints what was compared; exit code 1 if
anything differs, or nobody was killed.
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "tests" / "classroom"))

from class_output import generate, lasting  # noqa: E402


def start(submissions: Path, out: Path, *more: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-P", "-m", "course", "grade-all", str(submissions), "--out"]
    command += [str(out), "--seed", "practice", "--report", "json", *more]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def on_cluster(submissions: Path, out: Path) -> bool:
    """Grade on two workers and kill one; tell whether it was killed in the middle."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        victim = cluster.workers[0].pid
        run = start(submissions, out, "--cluster", cluster.scheduler_address)
        while run.poll() is None and not list(out.glob("results/*.json")):
            time.sleep(0.01)
        killed = run.poll() is None
        os.kill(victim, signal.SIGKILL)
        code = run.wait()
        if code != 0:
            print(f"course grade-all ended with {code}")
        return killed and code == 0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--count", type=int, default=400, metavar="N", help="default: 400")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        submissions, alone, together = (Path(scratch, n) for n in ("handed-in", "alone", "cluster"))
        generate(submissions, arguments.count)
        assert start(submissions, alone).wait() == 0
        killed = on_cluster(submissions, together)
        first, second = lasting(alone), lasting(together)
        different = [n for n in first.keys() | second.keys() if first.get(n) != second.get(n)]
        for name in sorted(different)[:10]:
            print(f"{name} differs")
        how = "one of two workers killed mid-run" if killed else "nobody was killed"
        print(f"{how}: {len(first) - len(different)} of {len(first)} files the same")
    return 0 if killed and not different else 1


if __name__ == "__main__":
    sys.exit(main())
