"""Each level of isolation holds what it promises, and takes nothing from honest work."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from conftest import ROOT, Run
from prove.mutating import take_walls_down

from grader import filter as walls_filter
from grader import fork_server, lane
from grader.attempts import ATTEMPTS, succeeded
from grader.conversation import Answer, Limits, Request
from grader.corpus import Corpus
from grader.grading import grade
from grader.isolation import ADDED, Demand, IsolationError, Level, WorkerError
from grader.lane import Lane, open_lane
from grader.privileges import OWN_USER
from grader.renderers.json import render
from grader.session import Session
from grader.submission import ALLOWED_MODULES, SourceFile, Submission, read
from grader.tasks import Slug
from grader.worker.orders import ENDED
from grader.worker.wire import Failure

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")

FILTERED = pytest.param("filtered", marks=pytest.mark.needs("libseccomp"))
STRICT = pytest.param("strict", marks=pytest.mark.needs("bwrap", "libseccomp", "namespaces"))
EVERY_LEVEL = pytest.mark.parametrize("level", ["process", FILTERED, STRICT])
WALLED = pytest.mark.parametrize("level", [FILTERED, STRICT])

JOB = ("program", (2.0,), (("neg", 0),), (), "results")
QUICK = Limits(task_cpu_s=1.0, wall_factor=60)

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def lane_at() -> Iterator[Callable[[Level], Lane]]:
    """Open each level's lane once for all tests of this file."""
    with contextlib.ExitStack() as open_lanes:
        lanes: dict[Level, Lane] = {}

        def at(level: Level) -> Lane:
            if level not in lanes:
                lanes[level] = open_lanes.enter_context(open_lane(level))
            return lanes[level]

        yield at


def submission(body: str, before: str = "") -> Submission:
    """Make a submission whose `-a` runs `body`, which returns a number."""
    lines = "\n".join(f"    {line}" for line in body.split("\n"))
    source = (
        f"{before}\n"
        "class Value:\n"
        "    def __init__(self, data):\n"
        "        self.data, self.grad = data, 0.0\n"
        "    def __neg__(self):\n"
        "        return Value(attempt())\n"
        f"def attempt():\n{lines}\n"
    )
    return Submission({"engine": SourceFile("engine.py", source)}, {"engine": "engine"})


def answer_of(where: Lane, body: str, before: str = "", limits: Limits = QUICK) -> Answer:
    with Session(submission(body, before), limits, where) as session:
        (answer,) = session.run([Request(JOB, 1, Slug("value/neg"))])
    return answer


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Forget which levels have been found to work, before and after."""
    program = walls_filter.program
    monkeypatch.setattr(lane, "_tried", {})
    program.cache_clear()
    yield
    program.cache_clear()


# ── What honest work keeps ────────────────────────────────────────────────────────────

RIGHT = sorted((ROOT / "tests" / "submissions" / "right").iterdir())


def test_every_right_submission_has_full_marks_and_the_same_bytes_at_every_level(
    lane_at: Callable[[Level], Lane], practice_corpus: Corpus
) -> None:
    levels = [level for level in lane.LEVELS if lane.refusal(level) is None]
    for folder in RIGHT:
        texts = set()
        for level in levels:
            report = grade(read(folder), practice_corpus, version="test", lane=lane_at(level))
            assert report.points == 100, (folder.name, level)
            assert report.isolation.level == level
            content = json.loads(render(report))
            del content["isolation"]
            texts.add(json.dumps(content))
        assert len(texts) == 1, folder.name


# What reaches code that is loaded only when it is used, on some version of Python.
USES: Mapping[str, str] = {
    "collections": "str(collections.Counter('aab').most_common(1))",
    "contextlib": "contextlib.suppress(ValueError)",
    "copy": "copy.deepcopy([int, {1: (2,)}])",
    "dataclasses": "dataclasses.make_dataclass('D', [('a', int)], order=True)(1)",
    "decimal": "+decimal.Decimal('1.10')",
    "enum": "enum.Enum('E', 'A B')['A'], enum.IntFlag('F', 'X Y')",
    "fractions": "fractions.Fraction('3/7') + fractions.Fraction(0.5)",
    "functools": (
        "functools.singledispatch(len), functools.lru_cache(len)((1,)), "
        "functools.singledispatchmethod(len)"
    ),
    "inspect": "inspect.signature(attempt), inspect.getmembers(attempt)",
    "io": "io.StringIO('a').read() + io.TextIOWrapper(io.BytesIO(b'a')).read()",
    "json": "json.loads(json.dumps({'a': [1.5, None]}, indent=1))",
    "logging": "logging.warning('a'), logging.getLogger('x').exception('b')",
    "numbers": "isinstance(1.0, numbers.Real)",
    "operator": "operator.attrgetter('real').__reduce__(), operator.methodcaller('a').__reduce__()",
    "pprint": "pprint.pformat({'a': [1] * 99})",
    "queue": "queue.PriorityQueue().put(1)",
    "random": "random.seed('text'), random.gauss(0, 1), random.choices([1, 2], k=3)",
    "re": r"re.sub(r'(?P<a>\N{BULLET}|x+)', r'\g<a>', 'xxy')",
    "statistics": "statistics.NormalDist(0, 1).samples(2, seed='a'), statistics.median([1, 2])",
    "string": "string.Template('$a').substitute(a=1), string.Formatter().format('{0}', 1)",
    "textwrap": "textwrap.dedent('  a') + textwrap.fill('a b ' * 40)",
    "time": "time.strptime('2020', '%Y'), time.sleep(0.001), time.perf_counter()",
    "traceback": "traceback.format_exc(), traceback.format_stack()",
    "types": "types.coroutine(generator), types.SimpleNamespace(a=1)",
    "typing": (
        "typing.get_type_hints(attempt), typing.NamedTuple('N', [('a', int)])(1), "
        "typing.Optional[int], isinstance(1, typing.runtime_checkable(Measured)), typing.Pattern"
    ),
    "uuid": "uuid.uuid4(), uuid.uuid5(uuid.NAMESPACE_DNS, 'a')",
    "warnings": "warnings.filterwarnings('ignore', 'a.*'), warnings.warn('text')",
    "weakref": "weakref.WeakKeyDictionary({Value: 1}).copy(), weakref.finalize(Value, len)",
}

HELPERS = """
def generator():
    yield
"""

HELPERS_OF_TYPING = """
import typing
class Measured(typing.Protocol):
    def __len__(self): ...
"""


@pytest.mark.needs("libseccomp")
@pytest.mark.parametrize("module", sorted(ALLOWED_MODULES - {"__future__"}))
def test_an_allowed_module_works_where_no_file_can_be_opened(
    module: str, lane_at: Callable[[Level], Lane]
) -> None:
    uses = USES.get(module, f"[getattr({module}, name) for name in dir({module})]")
    body = f"import {module}\nused = ({uses})\nreturn 1"
    before = HELPERS_OF_TYPING if module == "typing" else HELPERS
    assert answer_of(lane_at("filtered"), body, before) == (1.0,)


@EVERY_LEVEL
def test_a_module_that_is_not_allowed_is_refused_at_its_line_though_others_have_loaded_it(
    level: Level, lane_at: Callable[[Level], Lane]
) -> None:
    for module in ("ast", "ctypes", "hashlib", "signal", "_socket", "importlib"):
        answer = answer_of(lane_at(level), "return 1", f"import inspect, uuid\nimport {module}")
        assert isinstance(answer, Failure)
        assert answer.type == "ModuleNotFoundError", module
        assert (answer.file, answer.line) == ("engine.py", 2)
        assert f"cannot import {module}" in answer.message


# ── What a submission finds ───────────────────────────────────────────────────────────

OPEN_DESCRIPTORS = """\
import os
found = 0
for descriptor in range(64):
    try:
        os.lseek(descriptor, 0, 1)
    except OSError as error:
        if error.errno == 9:
            continue
    found = found * 100 + descriptor + 1
return found"""


@EVERY_LEVEL
def test_only_the_null_device_and_the_wire_are_open(
    level: Level, lane_at: Callable[[Level], Lane]
) -> None:
    assert answer_of(lane_at(level), OPEN_DESCRIPTORS) == (102031112.0,)


@EVERY_LEVEL
def test_the_environment_is_empty_and_so_is_the_command_line(
    level: Level, lane_at: Callable[[Level], Lane], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "a secret")
    assert answer_of(
        lane_at(level), "import os, sys\nreturn len(os.environ) + len(sys.argv[1:])"
    ) == (0,)


@WALLED
def test_a_grader_that_is_root_gives_a_submission_another_user(
    level: Level, lane_at: Callable[[Level], Lane]
) -> None:
    where = lane_at(level)
    (user,) = answer_of(where, "import os\nreturn os.getuid()")
    if os.geteuid() != 0:
        assert user == os.geteuid()
    elif not any("no user of its own" in missing for missing in where.facts.missing):
        assert user == OWN_USER


@WALLED
def test_what_is_denied_is_an_exception_at_a_line_of_the_submission(
    level: Level, lane_at: Callable[[Level], Lane]
) -> None:
    answer = answer_of(lane_at(level), "x = 1\nreturn len(open('/etc/passwd').read())")
    assert isinstance(answer, Failure)
    assert (answer.type, answer.file, answer.line) == ("PermissionError", "engine.py", 9)


@EVERY_LEVEL
def test_nothing_of_a_submission_reaches_the_next(
    level: Level, lane_at: Callable[[Level], Lane]
) -> None:
    vandal = (
        "import math, sys, builtins, random\n"
        "math.pi = 3.0\n"
        "builtins.len = None\n"
        "sys.modules['planted'] = math\n"
        "for name in list(sys.modules): sys.modules[name].__dict__.pop('exp', None)\n"
        "sys.meta_path.clear()\n"
        "return 1"
    )
    heir = (
        "import math, sys\n"
        "assert math.exp(0) == 1 and len('ab') == 2 and 'planted' not in sys.modules\n"
        "return math.pi"
    )
    answer_of(lane_at(level), vandal)
    assert answer_of(lane_at(level), heir) == (3.141592653589793,)


@WALLED
def test_nothing_that_an_attack_tries_succeeds(level: Level) -> None:
    assert [what for what, done in succeeded(level).items() if done] == []


def test_without_any_wall_attacks_do_succeed_which_shows_that_they_are_real(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    take_walls_down(monkeypatch, tmp_path)
    done = succeeded("process")
    assert len(done) == len(ATTEMPTS)
    assert done["read a file"]
    assert done["reach a server on this machine"]
    assert not done["answer in the worker's name"]
    assert not done["leave a process behind"]
    assert not done["loop for ever"]


# ── Lanes that die ────────────────────────────────────────────────────────────────────


def parent_of(where: Lane) -> int:
    assert where._server is not None
    return where._server._process.pid


@pytest.mark.parametrize("level", ["process", FILTERED])
def test_a_lane_that_is_killed_is_replaced_and_its_submission_tried_once_more(level: Level) -> None:
    with open_lane(level) as where, Session(submission("return 5"), QUICK, where) as session:
        requests = [Request(JOB, 1, Slug("value/neg"))]
        assert session.run(requests) == [(5.0,)]
        killed = parent_of(where)
        os.kill(killed, signal.SIGKILL)
        os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
        assert session.run(requests) == [(5.0,)]
        assert parent_of(where) != killed


@pytest.mark.parametrize("level", ["process", FILTERED])
def test_a_lane_that_is_killed_between_two_submissions_is_replaced(level: Level) -> None:
    with open_lane(level) as where:
        os.kill(parent_of(where), signal.SIGKILL)
        os.waitid(os.P_PID, parent_of(where), os.WEXITED | os.WNOWAIT)
        assert answer_of(where, "return 5") == (5.0,)


def test_a_submission_that_kills_its_lane_each_time_is_told_so_and_the_next_one_is_graded(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    take_walls_down(monkeypatch, tmp_path)
    with open_lane("process") as where:
        answer = answer_of(where, "import os\nos.kill(os.getppid(), 9)\nos.kill(os.getpid(), 9)")
        assert isinstance(answer, Failure)
        assert answer.kind == "died"
        assert "the one that had started it" in answer.message
        assert answer_of(where, "return 5") == (5.0,)


def test_a_lane_that_a_submission_has_stopped_is_replaced(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    take_walls_down(monkeypatch, tmp_path)
    monkeypatch.setattr(fork_server, "END_S", 1.0)
    with open_lane("process") as where:
        stopped = parent_of(where)
        assert answer_of(where, "import os\nos.kill(os.getppid(), 19)\nreturn 5") == (5.0,)
        assert answer_of(where, "return 6") == (6.0,)
        assert parent_of(where) != stopped
    assert not runs(stopped)


@pytest.mark.parametrize(
    "account",
    [
        (0, float("nan"), 0),
        (0, float("inf"), 0),
        (0, -1.0, 0),
        (0, 0.0, -1),
        (-1, 0.0, 0),
        (1 << 40, 0.0, 0),
        (0x137F, 0.0, 0),  # stopped, not ended
    ],
)
def test_an_account_that_no_child_can_have_is_not_believed(
    account: tuple[int, float, int],
) -> None:
    with pytest.raises(ValueError, match=r"."):
        fork_server._ended(ENDED.pack(*account))


@EVERY_LEVEL
def test_a_closed_lane_leaves_no_process(level: Level) -> None:
    with open_lane(level) as where:
        assert answer_of(where, "return 5") == (5.0,)
        session = parent_of(where)
    with pytest.raises(ProcessLookupError):
        os.killpg(session, 0)


LOOPING = """
import sys
from grader.conversation import Limits, Request
from grader.lane import open_lane
from grader.session import Session
from grader.submission import SourceFile, Submission
engine = "class Value:\\n    def __init__(self, data):\\n        while True: pass\\n"
submission = Submission({"engine": SourceFile("engine.py", engine)}, {"engine": "engine"})
with open_lane(sys.argv[1]) as lane, Session(submission, Limits(600, 600), lane) as session:
    print(lane._server._process.pid, flush=True)
    session.run([Request(("program", (2.0,), (), (), "operands"), 1, "value/neg")])
"""


@EVERY_LEVEL
def test_a_grader_that_is_killed_leaves_no_process(level: Level) -> None:
    command = [sys.executable, "-c", LOOPING, level]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as grader:
        assert grader.stdout is not None
        started = int(grader.stdout.readline())
        family = [started]
        deadline = time.monotonic() + 60
        while len(family) < 2:  # the child that loops
            assert time.monotonic() < deadline
            family = [started, *descendants(started)]
        grader.kill()
    while any(map(runs, family)):
        assert time.monotonic() < deadline
        time.sleep(0.01)


def runs(process: int) -> bool:
    """Tell whether a process runs; one that only waits for an inattentive parent does not."""
    try:
        stat = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def descendants(process: int) -> list[int]:
    try:
        text = Path(f"/proc/{process}/task/{process}/children").read_text()
    except OSError:
        return []
    return [below for child in map(int, text.split()) for below in (child, *descendants(child))]


def test_after_a_memory_error_the_next_task_has_a_new_process() -> None:
    body = "global rest\nrest = []\nwhile True: rest.append(bytearray(1 << 24))"
    other = ("program", (2.0, 3.0), (("neg", 0), ("neg", 1)), (), "results")
    with Session(submission(body), QUICK) as session:
        first, same, after = session.run(
            [
                Request(JOB, 1, Slug("value/neg")),
                Request(JOB, 1, Slug("value/neg")),
                Request(other, 2, Slug("value/other")),
            ]
        )
    assert isinstance(first, Failure)
    assert first.type == "MemoryError"
    assert isinstance(same, Failure)
    assert same.kind == "not run"
    assert isinstance(after, Failure)
    assert after.type == "MemoryError"


# ── What this machine gives ───────────────────────────────────────────────────────────


def refused(demanded: Demand) -> str:
    with pytest.raises(IsolationError) as caught, open_lane(demanded):
        pass
    return re.search(r"does not give it \((.*)\): see `course doctor`$", str(caught.value))[1]  # type: ignore[index]


def settled() -> tuple[str, str]:
    facts = lane.settle("auto")
    return facts.level, " ".join(facts.missing)


def test_without_libseccomp_no_more_than_a_process_is_promised(
    untried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls_filter, "LIBRARY", "libnowhere.so.2")
    level, missing = settled()
    assert level == "process"
    assert lane.settle("auto").advisory
    assert missing.count("libseccomp is not installed") >= 1
    assert refused("filtered") == "libseccomp is not installed"
    assert refused("strict") in ("libseccomp is not installed", "bubblewrap is not installed")


def test_where_there_is_no_fork_server_a_fresh_process_gives_the_same_report(
    untried: None, monkeypatch: pytest.MonkeyPatch, practice_corpus: Corpus
) -> None:
    folder = ROOT / "tests" / "submissions" / "wrong" / "no_topological_order"
    with open_lane("process") as forking:
        forked = grade(read(folder), practice_corpus, version="test", lane=forking)
    monkeypatch.setattr(lane, "HAS_FORK_SERVER", False)
    fresh = grade(read(folder), practice_corpus, version="test")
    assert fresh.isolation.level == "process"
    assert f"{ADDED['filtered']} (only on Linux)" in (fresh.isolation.missing)
    assert fresh.checks == forked.checks
    assert refused("filtered") == "only on Linux"


@pytest.mark.needs("libseccomp")
def test_without_bubblewrap_the_filter_is_the_strongest(
    untried: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    level, missing = settled()
    assert level == "filtered"
    assert "no namespaces of its own (bubblewrap is not installed)" in missing
    assert not lane.settle("auto").advisory
    assert refused("strict") == "bubblewrap is not installed"


@pytest.mark.needs("libseccomp")
def test_where_namespaces_are_denied_bubblewrap_s_own_words_are_the_reason(
    untried: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bubblewrap = tmp_path / "bwrap"
    bubblewrap.write_text(
        "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2; exit 1\n"
    )
    bubblewrap.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert settled()[0] == "filtered"
    assert refused("strict") == "bwrap: No permissions to create new namespace"


@pytest.mark.needs("libseccomp")
def test_a_trial_finds_a_hole_in_the_filter(untried: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(walls_filter, "COMPUTING", (*walls_filter.COMPUTING, "openat", "open"))
    assert refused("filtered") == "a file could be opened"


@pytest.mark.needs("libseccomp")
def test_a_trial_finds_that_computing_is_denied(
    untried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    less = [call for call in walls_filter.COMPUTING if call != "setitimer"]
    monkeypatch.setattr(walls_filter, "COMPUTING", less)
    assert "computing is denied as well" in refused("filtered")


def test_what_cannot_enter_its_walls_is_never_run(
    untried: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walls_filter, "program", lambda: bytes(8))  # no program at all
    assert "Invalid argument" in refused("filtered")
    lane._tried["filtered"] = ""  # as if it had been tried and found good
    with open_lane("filtered") as where, pytest.raises(WorkerError, match="could not be entered"):
        answer_of(where, "return 5")


def test_a_level_that_is_not_to_be_had_ends_the_command_with_its_own_code(
    course: Run, tmp_path: Path
) -> None:
    done = course(
        *("grade", "examples/complete", "--isolation", "strict"), env={"PATH": str(tmp_path)}
    )
    assert done.returncode == 3
    assert done.stdout == ""
    assert done.stderr == (
        "Error: isolation level 'strict' was asked for, and this machine does not give it "
        "(bubblewrap is not installed): see `course doctor`\n"
    )


def test_the_report_says_at_which_level_and_that_the_weakest_is_advisory(course: Run) -> None:
    arguments = ("grade", "examples/complete", "--isolation", "process")
    isolation = json.loads(course(*arguments, "--report", "json").stdout)["isolation"]
    assert isolation["level"] == "process"
    assert isolation["advisory"] is True
    assert any("not filtered" in missing for missing in isolation["missing"])
    assert "Advisory: graded at isolation level process" in course(*arguments).stdout


def test_a_level_that_does_not_exist_is_a_wrong_use_of_the_command(course: Run) -> None:
    done = course("grade", "examples/complete", "--isolation", "some")
    assert done.returncode == 2
    assert "'some' is not one of" in done.stderr


def test_doctor_shows_what_was_tried_and_what_auto_takes_on_a_narrow_terminal_too(
    course: Run,
) -> None:
    for columns in (40, 100):
        done = course("doctor", env={"COLUMNS": str(columns), "NO_COLOR": "1"})
        assert done.returncode == 0, done.stderr
        lines = done.stdout.splitlines()
        assert max(map(len, lines)) <= columns
        assert "\x1b" not in done.stdout
        assert lines[0].split() == ["at", "level", "process", "filtered", "strict"]
        assert f"`auto` takes level {lane.settle('auto').level}" in done.stdout
    for attempt in ATTEMPTS:
        assert f"{attempt.what}  " in done.stdout


def test_doctor_says_what_to_install(course: Run, tmp_path: Path) -> None:
    done = course("doctor", env={"PATH": str(tmp_path), "COLUMNS": "200"})
    assert done.returncode == 0, done.stderr
    text = " ".join(done.stdout.split())
    assert "Level strict is not to be had: bubblewrap is not installed." in text
    assert "Install the package bubblewrap." in text
