"""Start one command, wait for it, write down what it cost. Run by `measurement.py`.

    python -I -S launcher.py RESULT STDOUT STDERR TIMEOUT_S COMMAND…

A process of its own, and a small one, for a reason: on Linux a child's peak memory begins
with that of the process that started it, so a large starter would show up in every figure.
Hence, too, no import that is not needed.
"""

import os
import signal
import sys
import time

PR_SET_CHILD_SUBREAPER = 36
ORPHAN_WAIT_S = 5


class OutOfTimeError(Exception):
    """The alarm rang."""


def main() -> None:
    """Measure the command on the command line; write `key=value` lines to RESULT."""
    result, stdout, stderr, timeout_s, *command = sys.argv[1:]
    measure = measure_posix if hasattr(os, "wait4") else measure_elsewhere
    measured = measure(command, stdout, stderr, float(timeout_s))
    with open(result, "w", encoding="ascii") as file:
        file.writelines(f"{key}={value}\n" for key, value in measured.items())


def measure_posix(
    command: list[str], stdout: str, stderr: str, timeout_s: float
) -> dict[str, float]:
    """Run `command` and read the kernel's account of it and of everything it started."""
    adopt_orphans()
    signal.signal(signal.SIGALRM, ring)
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, stdout, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
        (os.POSIX_SPAWN_OPEN, 2, stderr, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
    ]
    hung = 0
    start = time.perf_counter()
    child = os.posix_spawn(command[0], command, os.environ, file_actions=actions, setpgroup=0)
    try:
        signal.setitimer(signal.ITIMER_REAL, timeout_s)
        _, status, used = os.wait4(child, 0)
    except OutOfTimeError:
        hung = 1
        os.killpg(child, signal.SIGKILL)
        _, status, used = os.wait4(child, 0)
    except BaseException:  # Ctrl-C reaches us and not the command, which has its own group
        os.killpg(child, signal.SIGKILL)
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    wall_s = time.perf_counter() - start
    orphans_cpu_s, left_behind = reap_orphans()
    return {
        "wall_s": wall_s,
        # wait4's account of a child holds that of the descendants it has waited for.
        "cpu_s": used.ru_utime + used.ru_stime + orphans_cpu_s,
        # KiB, but bytes on macOS. For a family of processes: the largest one, not the sum.
        "peak_mib": used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10),
        "exit_code": os.waitstatus_to_exitcode(status),
        "hung": hung,
        "left_behind": left_behind,
    }


def ring(_signal: int, _frame: object) -> None:
    """Turn the alarm into an exception that ends the wait."""
    raise OutOfTimeError


def adopt_orphans() -> None:
    """Become the parent of descendants whose own parent ended first (Linux only).

    Without this the CPU time of a worker that outlives its starter would be in no account.
    """
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reap_orphans() -> tuple[float, int]:
    """Return the CPU seconds of adopted processes, and 1 if one of them would not end."""
    cpu_s = 0.0
    try:
        signal.setitimer(signal.ITIMER_REAL, ORPHAN_WAIT_S)
        while True:
            _, _, used = os.wait4(-1, 0)
            cpu_s += used.ru_utime + used.ru_stime
    except ChildProcessError:  # none left
        return cpu_s, 0
    except OutOfTimeError:
        return cpu_s, 1
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def measure_elsewhere(
    command: list[str], stdout: str, stderr: str, timeout_s: float
) -> dict[str, float]:
    """Run `command` where wait4 does not exist (Windows): wall time is all there is."""
    import subprocess

    with open(stdout, "wb") as out, open(stderr, "wb") as err:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        hung = 0
        try:
            process.wait(timeout_s)
        except subprocess.TimeoutExpired:
            hung = 1
            process.kill()
            process.wait()
        wall_s = time.perf_counter() - start
    return {"wall_s": wall_s, "exit_code": process.returncode, "hung": hung, "left_behind": 0}


if __name__ == "__main__":
    main()
