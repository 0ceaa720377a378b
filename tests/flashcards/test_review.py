"""`course review`: no answer is lost, and the same answers give the same days."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import fsrs
import pytest

from course import lesson_pages
from course.commands.dialogue import Dialogue
from course.commands.review import Session, span
from flashcards.model import ItemId
from flashcards.review_log import Answer, LogError, LogInUse, ReviewLog
from flashcards.schedule import Limits, Schedule, SteadyClock, day_of
from flashcards.terminal import Look

ROOT = Path(__file__).parents[2]
COMMAND = "from course import cli; from course.commands.review import review; " + (
    "cli.cli.add_command(review); cli.main()"
)
NOON = datetime(2026, 3, 2, 12, tzinfo=timezone(timedelta(hours=1)))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
A, B, C = ItemId("value-holds"), ItemId("leaf"), ItemId("when-the-graph-is-built")
AGAIN, HARD, GOOD, EASY = 1, 2, 3, 4


def given(card: ItemId, rating: int, at: datetime = NOON) -> Answer:
    return Answer.given(card, rating, at)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reviews.jsonl"


def answers(path: Path) -> tuple[Answer, ...]:
    with ReviewLog(path) as log:
        return log.answers


# ── The log ───────────────────────────────────────────────────────────────────────────────


def test_answers_are_there_again_with_card_time_and_rating(path: Path) -> None:
    wanted = (given(A, GOOD), given(B, AGAIN, NOON + MINUTE))
    with ReviewLog(path) as log:
        assert log.is_new
        for answer in wanted:
            log.add(answer)
    assert answers(path) == wanted
    assert answers(path)[1].at == NOON + MINUTE
    assert answers(path)[1].at.utcoffset() == HOUR


def test_an_answer_is_in_the_file_before_add_returns(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))
        assert path.read_bytes().count(b"\n") == 1


def test_a_line_has_the_names_and_units_of_the_published_data_sets(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(Answer.given(A, GOOD, NOON, timedelta(seconds=5.4)))
    assert json.loads(path.read_text()) == {
        "v": 1,
        "card_id": "value-holds",
        "review_time": 1772449200000,
        "utc_offset": 60,
        "review_rating": 3,
        "review_duration": 5400,
    }


def test_an_answer_that_is_taken_back_stays_in_the_file_and_counts_no_more(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))
        log.add(given(B, AGAIN))
        assert log.undo() == given(B, AGAIN)
        log.add(given(B, EASY))
    assert path.read_bytes().count(b"\n") == 4
    assert answers(path) == (given(A, GOOD), given(B, EASY))


def test_wherever_a_crash_cuts_the_file_all_whole_answers_stay(path: Path) -> None:
    with ReviewLog(path) as log:
        for number in range(3):
            log.add(given(A, GOOD, NOON + number * DAY))
        everything = log.answers
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        kept = whole[:length].count(b"\n")
        # A line that lacks nothing but its end is an answer, too.
        kept += length < len(whole) and whole[length : length + 1] == b"\n"
        with ReviewLog(path) as log:
            assert log.answers == everything[:kept], length
            log.add(given(B, HARD))
        assert path.read_bytes().startswith(whole[:length])
        assert answers(path) == (*everything[:kept], given(B, HARD)), length


def test_a_crash_while_a_torn_line_is_marked_tears_nothing_else(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))
    torn = path.read_bytes() + b'{"v": 1, "card_id": "le'
    path.write_bytes(torn)
    with ReviewLog(path) as log:
        assert log.torn == 2
        log.add(given(B, GOOD))
    whole = path.read_bytes()
    for length in range(len(torn), len(whole)):
        path.write_bytes(whole[:length])
        with ReviewLog(path) as log:
            log.add(given(C, EASY))
        assert answers(path)[0] == given(A, GOOD)
        assert answers(path)[-1] == given(C, EASY)


def test_zeros_that_a_power_cut_has_left_at_the_end_are_passed_over(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))
    path.write_bytes(path.read_bytes() + bytes(40))
    with ReviewLog(path) as log:
        log.add(given(B, GOOD))
    assert answers(path) == (given(A, GOOD), given(B, GOOD))


LINE = json.dumps(
    {
        "v": 1,
        "card_id": "leaf",
        "review_time": 1772449200000,
        "utc_offset": 0,
        "review_rating": 3,
        "review_duration": 0,
    }
)

REFUSED: Mapping[str, tuple[bytes, str]] = {
    # what: (the second of three lines, part of the sentence)
    "garbage": (b"\x00\xff garbage", "is not JSON"),
    "half a line": (LINE[:30].encode(), "is not JSON"),
    "a list": (b"[1, 2]", "not a line of a review log"),
    "another program's line": (b'{"card": "leaf", "rating": 3}', "not a line of a review log"),
    "a later format": (b'{"v": 2}', "has format 2"),
    "a format that is true": (b'{"v": true}', "not a line of a review log"),
    "a rating of 5": (LINE.replace(": 3", ": 5").encode(), "neither an answer"),
    "a rating as text": (LINE.replace(": 3", ': "3"').encode(), "neither an answer"),
    "a rating that is true": (LINE.replace(": 3", ": true").encode(), "neither an answer"),
    "a time beyond all times": (LINE.replace("000,", "000000000,").encode(), "neither an"),
    "no card": (LINE.replace('"leaf"', "null").encode(), "neither an answer"),
    "an offset of days": (LINE.replace('offset": 0', 'offset": 9999').encode(), "neither an"),
    "a long number": (b'{"v": 1, "card_id": ' + b"9" * 5000 + b"}", "is not JSON"),
    "deep brackets": (b"[" * 60_000, "is not JSON"),
    "a line without end": (b"x" * 200_000, "is not JSON"),
    "an answer taken back that was not given": (
        b'{"v": 1, "undo": {"card_id": "leaf", "review_time": 7}}',
        "takes back an answer that is not there",
    ),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_line_that_is_not_understood_is_named_and_the_file_left_alone(
    what: str, path: Path
) -> None:
    line, sentence = REFUSED[what]
    content = b"\n".join([LINE.encode(), line, LINE.encode(), b""])
    path.write_bytes(content)
    with pytest.raises(LogError) as caught:
        ReviewLog(path)
    assert str(caught.value).startswith(f"{path}:2: ")
    assert sentence in str(caught.value)
    assert "\n" not in str(caught.value)
    assert path.read_bytes() == content


@pytest.mark.parametrize("content", [b"hello", b'{"a": 1}', b"\x7fELF" + bytes(99), b"a,b\n1,2\n"])
def test_a_file_that_is_no_log_is_not_written_to(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    with pytest.raises(LogError, match=r"reviews\.jsonl:1: "):
        ReviewLog(path)
    assert path.read_bytes() == content


def test_what_an_editor_leaves_behind_does_no_harm(path: Path) -> None:
    path.write_bytes(b"\xef\xbb\xbf" + f"{LINE}\r\n\r\n{LINE}\r\n".encode())
    assert len(answers(path)) == 2


def test_a_folder_is_no_log(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="is not a file"):
        ReviewLog(tmp_path)


def test_a_disk_that_is_full_costs_only_the_answer_that_did_not_fit(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))

        def full(descriptor: int, data: bytes) -> int:
            if len(data) > 20:
                return write(descriptor, data[:20])
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(os, "write", full)
        with pytest.raises(LogError, match="No space left on device"):
            log.add(given(B, GOOD))
        monkeypatch.undo()
        assert log.answers == (given(A, GOOD),)
    assert answers(path) == (given(A, GOOD),)


def test_a_log_that_is_replaced_during_a_review_is_not_written_past(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(A, GOOD))
        other = path.with_suffix(".edited")
        other.write_bytes(path.read_bytes())
        other.replace(path)
        with pytest.raises(LogError, match="removed or replaced"):
            log.add(given(B, GOOD))
    assert answers(path) == (given(A, GOOD),)


def test_a_log_is_held_by_one_review_at_a_time(path: Path) -> None:
    with ReviewLog(path), pytest.raises(LogInUse, match="another review is going on"):
        ReviewLog(path)
    assert answers(path) == ()


# ── The schedule ──────────────────────────────────────────────────────────────────────────


def test_good_answers_on_the_day_give_the_intervals_of_fsrs() -> None:
    schedule, now, seen = Schedule(), NOON, []
    for _ in range(4):
        seen.append(span(schedule.intervals(A, now)[GOOD]))
        schedule.record(given(A, GOOD, now))
        now = schedule.due(A, now) or now
    assert seen == ["10 min", "2 d", "11 d", "46 d"]


def test_the_schedule_is_what_fsrs_makes_of_the_same_answers() -> None:
    times = [NOON, NOON + 10 * MINUTE, NOON + 3 * DAY, NOON + 20 * DAY, NOON + 21 * DAY]
    ratings = [GOOD, GOOD, HARD, AGAIN, EASY]
    schedule = Schedule(given(A, r, at) for r, at in zip(ratings, times, strict=True))
    logs = [
        fsrs.ReviewLog(1, fsrs.Rating(rating), at.astimezone(UTC), None)
        for rating, at in zip(ratings, times, strict=True)
    ]
    card = fsrs.Scheduler(enable_fuzzing=False).reschedule_card(fsrs.Card(card_id=1), logs)
    assert schedule.due(A, NOON) == card.due


def test_a_card_is_due_all_of_its_day() -> None:
    evening = NOON.replace(hour=21)
    schedule = Schedule([given(A, GOOD, evening - 20 * MINUTE), given(A, GOOD, evening)])
    morning = NOON.replace(hour=6) + 2 * DAY
    assert schedule.queue([A], morning - DAY, Limits()).all == ()
    assert schedule.queue([A], morning, Limits()).reviews == (A,)
    # and FSRS is told of the two nights between, not of less than 48 hours
    late = schedule.intervals(A, NOON.replace(hour=21) + 2 * DAY)
    assert schedule.intervals(A, morning) == late


def test_a_day_ends_at_four_in_the_morning() -> None:
    assert day_of(NOON.replace(hour=3)) == day_of(NOON) - DAY
    assert day_of(NOON.replace(hour=4)) == day_of(NOON)


def test_a_day_is_that_of_the_place_where_the_answer_was_given() -> None:
    tokyo = timezone(timedelta(hours=9))
    begun = given(A, GOOD, datetime(2026, 3, 3, 5, tzinfo=tokyo))  # 2 March, 20:00 UTC
    schedule = Schedule([begun])
    queue = schedule.queue([A, B], begun.at, Limits(new=1))
    assert queue.new == ()
    assert schedule.queue([A, B], begun.at + DAY, Limits(new=1)).new == (B,)


def test_new_cards_come_in_order_and_not_more_than_a_day_may_bring() -> None:
    schedule = Schedule([given(A, EASY)])
    queue = schedule.queue([A, B, C], NOON, Limits(new=2))
    assert (queue.new, queue.held_back["new"]) == ((B,), 1)
    assert schedule.queue([A, B, C], NOON + DAY, Limits(new=2)).new == (B, C)


def test_reviews_stop_at_the_limit_of_the_day_and_the_longest_overdue_come_first() -> None:
    schedule = Schedule([given(B, EASY), given(A, EASY, NOON + MINUTE), given(C, EASY)])
    later = NOON + 30 * DAY
    queue = schedule.queue([A, B, C], later, Limits(reviews=2))
    assert (queue.reviews, queue.held_back["review"]) == ((B, C), 1)
    schedule.record(given(B, GOOD, later))
    assert schedule.queue([A, B, C], later, Limits(reviews=2)).reviews == (C,)
    assert schedule.queue([A, B, C], later + DAY, Limits(reviews=2)).reviews == (C, A)


def test_a_card_that_was_not_known_comes_back_before_new_ones() -> None:
    schedule = Schedule([given(A, AGAIN)])
    assert schedule.queue([A, B], NOON, Limits()).all == (B, A)
    assert schedule.queue([A, B], NOON + MINUTE, Limits()).all == (A, B)


def test_two_logs_joined_by_hand_count_in_the_order_of_time() -> None:
    first, second = given(A, GOOD), given(A, GOOD, NOON + 10 * MINUTE)
    assert Schedule([second, first]).due(A, NOON) == Schedule([first, second]).due(A, NOON)


def test_nothing_is_ever_scheduled_into_the_past_whatever_the_clock_does() -> None:
    jumps = [0, 5, -3000, 10, 9_000_000, -50_000_000, 60, 0, -1]
    times = iter([NOON, *(NOON + jump * MINUTE for jump in jumps)])
    clock = SteadyClock(lambda: next(times), [])
    schedule, before = Schedule(), NOON
    for rating in (GOOD, GOOD, AGAIN, HARD, GOOD, EASY, AGAIN, GOOD, GOOD):
        now = clock()
        assert now >= before
        schedule.record(given(A, rating, now))
        due = schedule.due(A, now)
        assert due is not None
        assert due > now
        before = now


def test_a_clock_that_is_behind_the_log_goes_on_from_there() -> None:
    times = iter([NOON, NOON + MINUTE])
    clock = SteadyClock(lambda: next(times), [given(A, GOOD, NOON + DAY)])
    assert clock.behind == DAY
    assert clock() == NOON + DAY + MINUTE


# ── A sitting ─────────────────────────────────────────────────────────────────────────────


class Scripted(Dialogue):
    """A dialogue whose answers are known beforehand."""

    def __init__(self, *said: str) -> None:
        self.waiting = list(said)
        self.shown = ""

    @property
    def look(self) -> Look:
        return Look()

    def say(self, *lines: str) -> None:
        self.shown += "\n".join(lines) + "\n"

    def ask(self, prompt: str) -> str | None:
        self.shown += f"{prompt}\n"
        return self.waiting.pop(0) if self.waiting else None


def sit(
    path: Path, *said: str, at: datetime = NOON, limits: Limits | None = None, lesson: str = "1"
) -> str:
    """Hold a sitting at a time and return all it has shown."""
    dialogue = Scripted(*said)
    with ReviewLog(path) as log:
        clock = SteadyClock(lambda: at, log.answers)
        lessons = lesson_pages.load([lesson])
        assert Session(lessons, log, clock, limits or Limits(new=2), dialogue).hold() == 0
    assert not dialogue.waiting, "answers that nobody asked for"
    return dialogue.shown


def test_a_sitting_shows_what_is_due_the_choices_and_the_end(path: Path) -> None:
    shown = sit(path, "", "4", "", "easy", "")
    assert "Today: 2 new." in shown
    assert "0 done, 2 to go · Recording the graph · new" in shown
    assert "1 again 1 min · 2 hard 6 min · 3 good 10 min · 4 easy 8 d" in shown
    assert "2 answers: easy 2." in shown
    assert "New cards for another day: 10 (--new N)." in shown
    assert "Next: 2 cards on Tuesday, 10 March 2026." in shown
    assert [answer.rating for answer in answers(path)] == [EASY, EASY]


def test_enter_alone_means_good(path: Path) -> None:
    sit(path, "", "", "q")
    assert [answer.rating for answer in answers(path)] == [GOOD]


def test_with_nothing_due_the_next_day_is_named(path: Path) -> None:
    sit(path, "", "4", "", "4", "")
    shown = sit(path, at=NOON + HOUR)
    assert "Nothing to review now." in shown
    assert "New cards for another day: 10" in shown
    assert "Next: 2 cards" in shown


def test_undo_takes_the_answer_back_and_asks_the_card_again(path: Path) -> None:
    shown = sit(path, "", "1", "u", "", "4", "q")
    assert "Taken back: What does a Value hold?" in shown
    assert [(answer.card_id, answer.rating) for answer in answers(path)] == [(A, EASY)]


def test_the_last_answer_can_be_taken_back_too(path: Path) -> None:
    sit(path, "", "4", "", "1", "", "4", "u", "", "3", "", "4", "", limits=Limits(new=2))
    assert [(answer.card_id, answer.rating) for answer in answers(path)] == [
        (A, EASY),
        (B, AGAIN),
        (B, GOOD),
        (B, EASY),
    ]


def test_only_answers_of_this_sitting_are_taken_back(path: Path) -> None:
    sit(path, "", "4", "q")
    assert "no answer of this sitting" in sit(path, "u", "q")
    assert len(answers(path)) == 1


def test_an_answer_that_means_nothing_is_asked_for_again(path: Path) -> None:
    shown = sit(path, "", "5", "maybe", "2", "q")
    assert shown.count("Type 1, 2, 3 or 4") == 2
    assert [answer.rating for answer in answers(path)] == [HARD]


def test_a_flood_of_nonsense_ends_the_sitting(path: Path) -> None:
    assert "No answers this time." in sit(path, "y", "y", "y", "y", "y", "y")


def test_a_lesson_by_number_or_id_asks_its_cards_only(path: Path) -> None:
    assert "· Backward ·" in sit(path, "q", lesson="2")
    assert "· Backward ·" in sit(path, "q", lesson="backward")


def test_a_clock_that_went_back_is_said_with_the_line_and_what_to_do(path: Path) -> None:
    sit(path, "", "4", "q", at=NOON + 3 * DAY)
    shown = " ".join(sit(path, "", "4", "q").split())
    assert "clock shows 02 Mar 2026 12:00" in shown
    assert f"{path}:1 is of 05 Mar 2026 12:00" in shown
    first, second = answers(path)
    assert second.at >= first.at


def test_a_torn_line_is_said(path: Path) -> None:
    path.write_bytes(f'{LINE}\n{{"v": 1, "ca'.encode())
    shown = " ".join(sit(path, "q").split())
    assert f"{path}:2 is half an answer, left by a crash" in shown


def test_cards_that_no_lesson_has_any_more_are_left_in_the_log(path: Path) -> None:
    with ReviewLog(path) as log:
        log.add(given(ItemId("gone"), GOOD))
    sit(path, "q", at=NOON + 9 * DAY)
    assert answers(path)[0].card_id == "gone"


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (timedelta(seconds=1), "1 min"),
        (59.6 * MINUTE, "1 h"),
        (23.9 * HOUR, "1 d"),
        (364.9 * DAY, "1.0 y"),
        (2 * DAY, "2 d"),
        (800 * DAY, "2.2 y"),
    ],
)
def test_spans_of_time_are_short_and_right(interval: timedelta, shown: str) -> None:
    assert span(interval) == shown


# ── The command ───────────────────────────────────────────────────────────────────────────


def environment(**extra: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if key != "NO_COLOR"}
    return {**kept, "PYTHONUTF8": "1", "TERM": "xterm", **extra}


def review(
    *arguments: str | Path, said: str = "", **extra: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "review", *map(str, arguments)],
        cwd=ROOT,
        input=said,
        capture_output=True,
        encoding="utf-8",
        env=environment(**extra),
        timeout=60,
        check=False,
    )


def test_in_a_pipe_lines_are_answers_and_the_end_of_input_ends_it(path: Path) -> None:
    done = review("--log", path, said="\n3\n\n4\n\n")
    assert (done.returncode, done.stderr) == (0, "")
    assert "\x1b" not in done.stdout
    assert "2 answers: good 1, easy 1." in done.stdout
    assert len(answers(path)) == 2


def test_without_a_log_named_the_answers_are_in_the_data_folder(tmp_path: Path) -> None:
    done = review(said="\n3\n", HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path / "data"))
    assert done.returncode == 0
    (log,) = tmp_path.rglob("reviews.jsonl")
    assert str(log) in done.stdout
    assert len(answers(log)) == 1


def test_input_that_is_no_text_does_not_end_in_a_traceback(path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-P", "-c", COMMAND, "review", "--log", str(path)],
        input=b"\n\xff\xfe\x00\n3\n",
        capture_output=True,
        cwd=ROOT,
        env=environment(),
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert len(answers(path)) == 1


def test_a_second_review_says_so_and_ends_with_2(path: Path) -> None:
    with ReviewLog(path):
        done = review("--log", path, said="\n3\n")
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line.startswith("Error: another review is going on with ")
    assert answers(path) == ()


def test_a_log_that_cannot_be_used_is_one_sentence_and_2(tmp_path: Path, path: Path) -> None:
    path.write_text("hello\n")
    for log in (path, tmp_path, path / "below"):
        done = review("--log", log)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
        assert "--log" in done.stderr
    assert path.read_text() == "hello\n"


def test_limits_are_numbers_from_0_on(path: Path) -> None:
    assert review("--log", path, "--new", "-1").returncode == 2
    done = review("--log", path, "--new", "0")
    assert done.returncode == 0
    assert "Nothing to review now." in done.stdout


class Terminal:
    """The command at a pseudo-terminal."""

    def __init__(self, *arguments: str | Path, **extra: str) -> None:
        pty = pytest.importorskip("pty")
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-c", COMMAND, "review", *map(str, arguments)],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=ROOT,
            env=environment(**extra),
            start_new_session=True,
        )
        os.close(slave)
        self.shown = ""
        self.seen = 0

    def type(self, line: str) -> None:
        os.write(self.master, f"{line}\n".encode())

    def until(self, text: str) -> None:
        """Read on until this is shown; what is shown before it counts no more."""
        deadline = time.monotonic() + 30
        while text not in self.shown[self.seen :]:
            ready, _, _ = select.select([self.master], [], [], deadline - time.monotonic())
            assert ready, f"{text!r} was never shown: {self.shown}"
            self.shown += os.read(self.master, 4096).decode("utf-8", "replace")
        self.seen = self.shown.index(text, self.seen) + len(text)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


@pytest.fixture
def terminal(path: Path) -> Iterator[type[Terminal]]:
    opened: list[Terminal] = []

    class Opened(Terminal):
        def __init__(self, *arguments: str | Path, **extra: str) -> None:
            super().__init__("--log", path, *arguments, **extra)
            opened.append(self)

    yield Opened
    for one in opened:
        one.close()


def answer(at: Terminal, rating: str) -> None:
    at.until("Enter shows the answer")
    at.type("")
    at.until("How was it?")
    at.type(rating)


def test_killed_in_the_middle_and_resumed_no_answer_is_lost(
    terminal: type[Terminal], path: Path
) -> None:
    first = terminal()
    answer(first, "4")
    answer(first, "4")
    first.until("2 done, 8 to go")
    first.until("Enter shows the answer")
    first.process.send_signal(signal.SIGKILL)
    first.process.wait()
    assert [given.rating for given in answers(path)] == [EASY, EASY]

    second = terminal()
    second.until("Today: 8 new.")
    answer(second, "4")
    second.until("Enter shows the answer")
    second.type("q")
    second.until("1 answer: easy 1.")
    assert second.process.wait(timeout=30) == 0
    assert [given.card_id for given in answers(path)] == [A, B, C]


def test_ctrl_c_keeps_what_was_done_and_says_so(terminal: type[Terminal], path: Path) -> None:
    one = terminal()
    answer(one, "2")
    one.until("Enter shows the answer")
    one.process.send_signal(signal.SIGINT)
    one.until("1 answer: hard 1.")
    assert one.process.wait(timeout=30) == 130
    assert len(answers(path)) == 1


def test_a_terminal_has_colours(terminal: type[Terminal]) -> None:
    one = terminal()
    one.until("Enter shows the answer")
    assert "\x1b[1m" in one.shown


@pytest.mark.parametrize("unwanted", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_has_no_colours_where_they_are_not_wanted(
    terminal: type[Terminal], unwanted: dict[str, str]
) -> None:
    one = terminal(**unwanted)
    one.until("Enter shows the answer")
    assert "\x1b" not in one.shown
