"""The worker may do what it likes: every job gets an answer, and nothing stays behind."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from grader.isolation import Demand
from grader.lane import open_lane
from grader.session import NOT_RUN, Answer, Limits, Request, Session
from grader.submission import Submission, read
from grader.tasks import Slug
from grader.worker.wire import FIELD_CHARACTERS, Failure

ADD = ("program", (2.0, 3.0), (("add", 0, 1),), (), "results")
NEG = ("program", (2.0,), (("neg", 0),), (), "results")
TANH = ("program", (2.0,), (("tanh", 0),), (), "results")
SLOW = Limits(task_cpu_s=0.2, wall_factor=10)
MINIMAL = """
class Value:
    def __init__(self, data):
        self.data = data
        self.grad = 0
    def __add__(self, other):
        return Value(self.data + other.data)
    def __neg__(self):
        {neg}
"""

Ask = Callable[..., list[Answer]]


def engine(tmp_path: Path, source: str) -> Submission:
    (tmp_path / "engine.py").write_text(source, "utf-8")
    return read(tmp_path)


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Ask `-a` and then `a + b` of an engine whose `__neg__` has the given body."""

    def run(
        neg: str, limits: Limits = SLOW, before: str = "", level: Demand = "auto"
    ) -> list[Answer]:
        submission = engine(tmp_path, before + MINIMAL.format(neg=neg))
        with open_lane(level) as lane, Session(submission, limits, lane) as session:
            return session.run(
                [Request(NEG, 1, Slug("value/neg")), Request(ADD, 1, Slug("value/add"))]
            )

    return run


def failure(answer: Answer) -> Failure:
    assert isinstance(answer, Failure)
    return answer


def test_an_exception_is_placed_in_the_learner_s_file_and_line(ask: Ask) -> None:
    bad, good = ask("return self.nothing")
    assert failure(bad)[:2] == ("raised", "AttributeError")
    assert failure(bad)[3:] == ("engine.py", 9)
    assert "nothing" in failure(bad).message
    assert good == (5.0,)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return None", "`-a` gave None, not a Value"),
        ("return 3.0", "`-a` gave a float, not a Value"),
        ("return Value('2')", "`.data` of `-a` is a str, not a number"),
        ("return Value(None)", "`.data` of `-a` is None, not a number"),
        ("return Value(2j)", "`.data` of `-a` is a complex, not a number"),
        ("return Value(True)", "`.data` of `-a` is a bool, not a number"),
        ("return Value(type('F', (float,), {})(2.0))", "`.data` of `-a` is a F, not a number"),
        ("return Value(10**400)", "`.data` of `-a` is an int too large for a float"),
    ],
)
def test_what_is_not_a_number_is_said_and_not_converted(ask: Ask, body: str, message: str) -> None:
    assert failure(ask(body)[0]) == Failure("unexpected", "", message)


def test_nan_and_infinity_are_numbers(ask: Ask) -> None:
    assert str(ask("return Value(float('nan'))")[0]) == "(nan,)"
    assert ask("return Value(float('-inf'))")[0] == (float("-inf"),)


def test_an_object_with_hostile_methods_is_never_asked_anything(ask: Ask) -> None:
    hostile = (
        "class Evil:\n"
        "    def __eq__(self, other): return True\n"
        "    def __float__(self): return -2.0\n"
        "    def __repr__(self): raise SystemExit\n"
        "    def __bool__(self): raise SystemExit\n"
    )
    bad, good = ask("return Value(Evil())", before=hostile)
    assert failure(bad).message == "`.data` of `-a` is a Evil, not a number"
    assert good == (5.0,)


def test_an_endless_loop_ends_and_the_next_task_is_still_run(ask: Ask) -> None:
    bad, good = ask("while True: pass")
    assert failure(bad).kind == "timed out"
    assert failure(bad)[3:] == ("engine.py", 8)
    assert good == (5.0,)


def test_where_time_ran_out_is_the_function_that_was_called_and_not_left_to_chance(
    ask: Ask,
) -> None:
    before = "def helper(n):\n    return helper(n - 1) if n else [i for i in range(9)]\n"
    body = "\n        ".join(["", "while True:", "    helper(5)", "    helper(7)"])
    bad, _ = ask(body, before=before)
    assert failure(bad).kind == "timed out"
    assert failure(bad)[3:] == ("engine.py", 10)


def test_a_loop_that_catches_everything_ends_too(ask: Ask) -> None:
    body = "\n        ".join(["", "while True:", "    try:", "        while True: pass",
                               "    except BaseException: pass"])  # fmt: skip
    bad, good = ask(body)
    assert failure(bad).kind == "timed out"
    assert good == (5.0,)


def test_waiting_without_cpu_ends_by_the_wall_clock(ask: Ask) -> None:
    bad, _ = ask("import time; time.sleep(60)", Limits(task_cpu_s=0.05, wall_factor=10))
    assert "it waits for something" in failure(bad).message


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("import os; os._exit(0)", "the process ended itself with status 0"),
        ("import os; os._exit(3)", "the process ended itself with status 3"),
        ("import os; os.kill(os.getpid(), 11)", "ended by SIGSEGV"),
    ],
)
def test_a_process_that_ends_is_an_answer_and_is_replaced(ask: Ask, body: str, text: str) -> None:
    bad, good = ask(body, level="process")  # a filter denies the signal
    assert failure(bad).kind == "died"
    assert text in failure(bad).message
    assert good == (5.0,)


def test_sys_exit_is_an_exception_like_others(ask: Ask) -> None:
    bad, good = ask("import sys; sys.exit(0)")
    assert failure(bad)[:2] == ("raised", "SystemExit")
    assert good == (5.0,)


def test_deep_recursion_is_an_exception(ask: Ask) -> None:
    bad, good = ask("return -self")
    assert failure(bad).type == "RecursionError"
    assert good == (5.0,)


@pytest.mark.skipif(sys.platform != "linux", reason="RLIMIT_AS holds on Linux")
def test_fifty_gibibytes_are_not_given(ask: Ask) -> None:
    bad, good = ask("x = bytearray(50 << 30); return self")
    assert failure(bad)[:2] == ("raised", "MemoryError")
    assert good == (5.0,)


def test_what_is_printed_goes_nowhere(ask: Ask, capfd: pytest.CaptureFixture[str]) -> None:
    body = (
        "import os, sys; print('x' * 10_000_000); os.write(1, b'raw'); os.write(2, b'raw'); "
        "sys.stderr.write('err'); return Value(-self.data)"
    )
    assert ask(body) == [(-2.0,), (5.0,)]
    assert capfd.readouterr() == ("", "")


def test_input_is_empty(ask: Ask) -> None:
    assert failure(ask("return Value(float(input()))")[0]).type == "EOFError"


def test_a_huge_message_is_cut_and_nul_is_replaced(ask: Ask) -> None:
    bad, good = ask("raise ValueError('x\\0' * 10**7)")
    assert len(failure(bad).message) == FIELD_CHARACTERS
    assert "\0" not in failure(bad).message
    assert good == (5.0,)


@pytest.mark.parametrize("body", ["raise KeyError", "while True: pass", "import os; os._exit(9)"])
def test_a_message_that_cannot_be_made_is_no_trouble(ask: Ask, body: str) -> None:
    before = f"class E(Exception):\n    def __str__(self):\n        {body}\n"
    bad, good = ask("raise E", before=before)
    assert failure(bad).kind in ("raised", "timed out", "died")
    assert good == (5.0,)


def test_after_three_strikes_the_rest_is_not_run(tmp_path: Path) -> None:
    submission = engine(tmp_path, MINIMAL.format(neg="while True: pass"))
    with Session(submission, SLOW) as session:
        slugs = [Slug(f"value/{i}") for i in range(5)]
        answers = session.run([Request(NEG, 1, slug) for slug in slugs])
    assert [failure(answer).kind for answer in answers] == ["timed out"] * 3 + [NOT_RUN] * 2


def test_what_would_run_into_the_same_trouble_is_not_tried(tmp_path: Path) -> None:
    submission = engine(tmp_path, MINIMAL.format(neg="while True: pass"))
    neg = Slug("value/neg")
    with Session(submission, SLOW) as session:
        began = time.monotonic()
        answers = session.run(
            [Request(NEG, 1, neg, touches=frozenset({neg}))] * 50
            + [Request(NEG, 1, Slug("value/graph"), touches=frozenset({neg}))] * 50
            + [Request(ADD, 1, Slug("value/add"))]
        )
    assert time.monotonic() - began < 10
    assert [failure(answer).kind for answer in answers[:-1]] == ["timed out"] + [NOT_RUN] * 99
    assert answers[-1] == (5.0,)


def test_the_total_of_cpu_time_is_limited(tmp_path: Path) -> None:
    body = "\n        ".join(["", "import time", "end = time.process_time() + 0.3",
                              "while time.process_time() < end: pass", "return self"])  # fmt: skip
    submission = engine(tmp_path, MINIMAL.format(neg=body))
    with Session(submission, Limits(cpu_s=1.0, task_cpu_s=1.0)) as session:
        answers = session.run([Request(NEG, 1, Slug(f"value/{i}")) for i in range(20)])
    assert answers[0] == (2.0,)
    assert "CPU" in failure(answers[-1]).message or failure(answers[-1]).kind == "timed out"


FORGERY = """
import os, struct
def forge(*frames):
    for fd in range(3, 20):
        try:
            for frame in frames: os.write(fd, frame)
        except OSError: pass
"""


@pytest.mark.parametrize(
    "frame",
    [
        "struct.pack('<8sBI', b'x' * 8, 0, 8) + bytes(8)",
        "struct.pack('<8sBI', b'x' * 8, 0, 2**32 - 1)",
        "b'\\xff' * 13",
        "b'\\0' * 100_000",
        "struct.pack('<8sBI', b'x' * 8, 1, 3) + b'abc'",
        "struct.pack('<8sBI', b'x' * 8, 2, 8) + bytes(8)",
    ],
)
def test_frames_written_by_the_submission_count_for_nothing(ask: Ask, frame: str) -> None:
    bad, good = ask(f"forge({frame}); return self", before=FORGERY)
    assert failure(bad) == Failure(
        "unexpected", "", "the process answered something that is no answer"
    )
    assert good == (5.0,)


TELLING = """
import sys
def tell_all():
    frame = sys._getframe()
    while frame is not None:
        tell = getattr(frame.f_locals.get("submission"), "tell", None)
        if tell is not None:
            for _ in range(1000): tell(1.0)
        frame = frame.f_back
"""


def test_a_job_tells_only_as_much_as_it_was_asked_to(tmp_path: Path) -> None:
    heard: list[float] = []
    submission = engine(tmp_path, TELLING + MINIMAL.format(neg="tell_all(); return self"))
    with Session(submission, Limits()) as session:
        request = Request(NEG, 1, Slug("value/neg"), tells=7)
        answers = session.run([request], heard.append)
    assert heard == [1.0] * 7
    assert failure(answers[0]).message == "the process answered something that is no answer"


def processes_of(folder: Path) -> list[str]:
    """Return the command lines of our children that are workers."""
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True)
    mine = [line.split(None, 1) for line in listed.stdout.splitlines()]
    return [args for ppid, args in mine if ppid == str(os.getpid()) and "worker" in args]


@pytest.mark.needs("ps")
def test_nothing_is_left_running(ask: Ask, tmp_path: Path) -> None:
    ask("import time; time.sleep(60)", Limits(task_cpu_s=0.05))
    ask("while True: pass")
    assert processes_of(tmp_path) == []


def test_engine_dot_engine_and_folder_engine_are_one_module(tmp_path: Path) -> None:
    home = tmp_path / "mygrad"
    home.mkdir()
    (home / "engine.py").write_text(MINIMAL.format(neg="return Value(-self.data)"))
    (home / "nn.py").write_text(
        "from __future__ import annotations\n"
        "import engine, mygrad.engine\n"
        "from . import engine as relative\n"
        "from .engine import Value\n"
        "from dataclasses import dataclass\n"
        "assert engine is mygrad.engine is relative and engine.Value is Value\n"
        "@dataclass\n"
        "class Neuron:\n"
        "    w: list[Value]\n"
        "    def __init__(self, nin):\n"
        "        self.w = []\n"
    )
    for folder in (tmp_path, home):
        with Session(read(folder)) as session:
            (answer,) = session.run([Request(("load", "nn"), 0, Slug("load/nn"))])
        assert answer == ()


def test_a_foreign_import_is_one_finding_at_its_line(ask: Ask) -> None:
    answers = ask("return self", before="\nimport requests\n")
    for answer in answers:
        assert failure(answer)[:2] == ("raised", "ModuleNotFoundError")
        assert failure(answer)[3:] == ("engine.py", 2)
        assert "cannot import requests" in failure(answer).message


def test_standard_modules_are_there_and_the_grader_is_not(ask: Ask) -> None:
    assert ask("import math, random, collections.abc; return Value(-2.0)")[0] == (-2.0,)
    for name in ("grader", "worker", "serve", "course", "engine_reference", "socket", "click"):
        assert failure(ask(f"import {name}; return self")[0]).type == "ModuleNotFoundError", name


def test_a_file_of_the_learner_s_own_hides_a_standard_module(tmp_path: Path) -> None:
    (tmp_path / "random.py").write_text("number = -2.0\n")
    submission = engine(
        tmp_path, "import random\n" + MINIMAL.format(neg="return Value(random.number)")
    )
    with Session(submission) as session:
        assert session.run([Request(NEG, 1, Slug("value/neg"))]) == [(-2.0,)]


def test_random_is_in_the_same_state_for_every_task(tmp_path: Path) -> None:
    submission = engine(
        tmp_path, "import random\n" + MINIMAL.format(neg="return Value(random.random())")
    )
    with Session(submission) as session:
        first, second = session.run([Request(NEG, 1, Slug("value/neg"))] * 2)
    assert first == second


SETS = """
class Value:
    __slots__ = ("data", "grad", "parents"{more})
    def __init__(self, data, parents=()):
        self.data = data
        self.grad = 0
        self.parents = set(parents)
    def __add__(self, other):
        # A number that betrays in which order the set was walked.
        out = Value(0.0, (self, other))
        out.data = next(iter(out.parents)).data
        return out
"""


@pytest.mark.parametrize("more", ["", ', "__dict__"'])
def test_sets_of_values_have_the_same_order_in_every_run_and_two_orders_are_tried(
    tmp_path: Path, more: str
) -> None:
    submission = engine(tmp_path, SETS.replace("{more}", more))
    request = Request(ADD, 1, Slug("value/add"), orders=2)
    answers = set()
    for _ in range(3):
        with Session(submission) as session:
            answers.update(session.run([request] * 5))
    assert len(answers) == 1
    (answer,) = answers
    assert set(answer) == {2.0, 3.0}


def test_a_stand_in_does_nothing_and_is_no_number(ask: Ask) -> None:
    before = "import numpy as np, matplotlib.pyplot as plt\nplt.plot([1])\n"
    bad, good = ask("return Value(np.exp(self.data))", before=before)
    assert failure(bad).message == "`.data` of `-a` is a StandIn, not a number"
    assert good == (5.0,)


def test_waiting_a_little_in_every_task_ends_as_well(tmp_path: Path) -> None:
    patient = "import time\n" + MINIMAL.format(neg="time.sleep(0.4); return Value(-self.data)")
    limits = Limits(cpu_s=1.0, task_cpu_s=1.0, wall_factor=2.0)
    requests = [Request(NEG, 1, Slug("value/neg"))] * 100
    with open_lane("process") as lane, Session(engine(tmp_path, patient), limits, lane) as session:
        answers = session.run(requests)
    assert (-2.0,) in answers
    assert failure(answers[-1]).kind == NOT_RUN
    assert "most of it waiting" in failure(answers[-1]).message


def test_a_worker_is_not_ended_for_what_the_grader_takes_between_two_batches(
    tmp_path: Path,
) -> None:
    counting = "calls = []\n" + MINIMAL.format(neg="calls.append(1); return Value(len(calls))")
    limits = Limits(task_cpu_s=1.0, wall_factor=2.0)
    with Session(engine(tmp_path, counting), limits) as session:
        first = session.run([Request(NEG, 1, Slug("value/neg"))])
        time.sleep(2.5)  # the time-out that is not to happen cannot be asked for
        second = session.run([Request(NEG, 1, Slug("value/neg"))])
    assert (first, second) == ([(1.0,)], [(2.0,)])
