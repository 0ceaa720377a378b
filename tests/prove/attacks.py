"""Run the whole collection of attacks at every level, and print what came of each.

    python tests/prove/attacks.py [--level LEVEL]… [--only NAME]…
                                  [--docker-capabilities] [--user NAME] [--seed TEXT]

A line for each attack: its points, those of the code it stands on, and what it reached; at
the end, what the grader needed. Exit code 1 if an attack gained a check, left a process,
spoilt the next submission or took the grader's memory beyond 100 MiB at any level, or
reached anything at `filtered` or `strict`. A level that this machine does not give is named
with its reason, and refused.

When started as root, `--docker-capabilities` keeps no more of root's powers than a container
of Docker's has by default, and `--user` becomes somebody else first. That user must be able
to read this interpreter and its environment: below /root, copy both to a place that all can
read, and start this file with the copy.
"""

from __future__ import annotations

import argparse
import os
import pwd
import secrets
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

TESTS = Path(__file__).parent.parent
sys.path.insert(0, str(TESTS))

from attacking import MEMORY_BYTES, ArenaProcess, Attack, Verdict, attacks  # noqa: E402

from grader.isolation import LEVELS, Level  # noqa: E402
from grader.lane import refusal  # noqa: E402

PR_CAPBSET_DROP = 24
LAST_CAPABILITY = 40
DOCKER = frozenset({0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31})
"""What a container keeps: chown, dac_override, fowner, fsetid, kill, setgid, setuid, setpcap,
net_bind_service, net_raw, sys_chroot, mknod, audit_write, setfcap (by their numbers)."""


def keep_docker_capabilities() -> None:
    """Give up, for this process and all that it starts, what Docker gives up by default."""
    import ctypes

    libc = ctypes.CDLL(None, use_errno=True)
    for capability in range(LAST_CAPABILITY + 1):
        if capability not in DOCKER and libc.prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "the capabilities cannot be given up: not root?")
    # The bounding set counts when a program is started: start this one again.
    os.environ[STARTED_AGAIN] = "1"
    os.execv(sys.executable, [sys.executable, *sys.argv])


STARTED_AGAIN = "ATTACKS_STARTED_AGAIN"


def become(name: str) -> None:
    """Become another user, with a home of their own to keep a drawn corpus in."""
    user = pwd.getpwnam(name)
    home = f"/tmp/attacks-{name}-{os.getpid()}"
    Path(home).mkdir(mode=0o700)
    os.chown(home, user.pw_uid, user.pw_gid)
    os.setgroups([])
    os.setgid(user.pw_gid)
    os.setuid(user.pw_uid)
    os.environ.update(HOME=home, XDG_CACHE_HOME=home)
    try:
        Path(sys.executable).resolve().read_bytes()
    except OSError as error:
        raise SystemExit(
            f"{name} cannot read {sys.executable}: copy the interpreter and its environment to a "
            "place that all can read, and start this with the copy"
        ) from error


def complaints(verdict: Verdict) -> Iterator[str]:
    """Say what is not as it should be."""
    if verdict.gained or verdict.points > verdict.base_points:
        yield f"gained {', '.join(verdict.gained) or 'points'}"
    if verdict.left_running:
        yield f"left {verdict.left_running} processes"
    if not verdict.next_is_right:
        yield "spoilt the next submission"
    if verdict.peak_bytes >= MEMORY_BYTES:
        yield f"drove the grader to {verdict.peak_bytes >> 20} MiB"
    if verdict.level != "process" and verdict.reached:
        yield "reached something behind the walls"


def run_level(level: Level, seed: str, chosen: Sequence[Attack]) -> int:
    """Run the attacks at one level, print a line for each, and return how many got through."""
    print(f"\n{level}")
    arena, began = ArenaProcess(level, seed), time.monotonic()
    through, reached, peak = 0, 0, 0
    for attack in chosen:
        verdict = arena.run(attack)
        wrong = list(complaints(verdict))
        through += bool(wrong)
        reached += bool(verdict.reached)
        peak = max(peak, verdict.peak_bytes)
        points = f"{verdict.points:3} of {verdict.base_points:3}"
        what = "; ".join(verdict.reached) or "nothing"
        print(
            f"  {attack.name:30} {points}  {what}{''.join(f'  ✗ {w}' for w in wrong)}", flush=True
        )
    arena.close()
    print(
        f"  {len(chosen)} attacks, {through} got through, {reached} reached something; "
        f"the grader's memory peaked at {peak >> 20} MiB; {time.monotonic() - began:.0f} s"
    )
    return through


def main() -> int:
    arguments = _parser().parse_args()
    if arguments.docker_capabilities and STARTED_AGAIN not in os.environ:
        keep_docker_capabilities()
    if arguments.user:
        become(arguments.user)
    chosen = [a for a in attacks() if not arguments.only or a.name in arguments.only]
    print(f"as user {os.geteuid()}, capabilities {_capabilities()}, seed {arguments.seed}")
    through = 0
    for level in arguments.level or LEVELS:
        if (reason := refusal(level)) is not None:
            print(f"\n{level}\n  refused: {reason}")
        else:
            through += run_level(level, arguments.seed, chosen)
    return 1 if through else 0


def _capabilities() -> str:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((line.split()[1] for line in lines if line.startswith("CapEff")), "unknown")


def _parser() -> argparse.ArgumentParser:
    form: Callable[..., argparse.HelpFormatter] = argparse.RawTextHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=form)  # type: ignore[arg-type]
    parser.add_argument("--level", action="append", choices=LEVELS)
    parser.add_argument("--only", action="append", metavar="NAME")
    parser.add_argument("--docker-capabilities", action="store_true")
    parser.add_argument("--user", metavar="NAME")
    parser.add_argument("--seed", default=secrets.token_hex(8))
    return parser


if __name__ == "__main__":
    sys.exit(main())
