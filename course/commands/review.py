"""`course review`: each card again on the day it would be forgotten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from course.commands.dialogue import Dialogue
    from flashcards import Card, ItemId, Lesson
    from flashcards.review_log import ReviewLog
    from flashcards.schedule import Limits, Queue, SteadyClock

INTERRUPTED = 130
UNDO = 0
_MEANINGS: Mapping[str, int] = {
    "1": 1,
    "2": 2,
    "3": 3,
    "4": 4,
    "": 3,
    "a": 1,
    "h": 2,
    "g": 3,
    "e": 4,
    "again": 1,
    "hard": 2,
    "good": 3,
    "easy": 4,
    "u": UNDO,
    "undo": UNDO,
}
_WORTH_SAYING = timedelta(minutes=1)


class LogUnusable(click.ClickException):
    """The log of answers cannot be used; it was left as it is."""

    exit_code = 2


@click.command()
@click.option(
    "--lesson",
    "names",
    metavar="SLUG",
    multiple=True,
    help="Only the cards of this lesson, by its id or number; may be repeated.",
)
@click.option(
    "--new",
    metavar="N",
    type=click.IntRange(0),
    default=10,
    show_default=True,
    help="Begin at most N new cards a day.",
)
@click.option(
    "--reviews",
    metavar="N",
    type=click.IntRange(0),
    default=100,
    show_default=True,
    help="Repeat at most N cards a day.",
)
@click.option(
    "--log",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Keep the answers in FILE instead of your data folder.",
)
def review(names: Sequence[str], new: int, reviews: int, file: Path | None) -> int:
    """Review the cards that are due today, and begin some new ones.

    Those that a failed check leads to are due at once.

    Say the answer, press Enter, and tell how it went: 1 again, 2 hard, 3 good, 4 easy. Each
    answer is on the disk before the next card is shown, so you can stop at any time.
    """
    from course import lesson_pages, wanted
    from course.commands.dialogue import Dialogue
    from flashcards.review_log import LogError, ReviewLog, default_path
    from flashcards.schedule import Limits, SteadyClock, local_time

    lessons = lesson_pages.load(names)
    try:
        with ReviewLog(file or default_path()) as log:
            clock = SteadyClock(local_time, log.answers)
            limits = Limits(new, reviews)
            return Session(lessons, log, clock, limits, Dialogue(), wanted.cards()).hold()
    except LogError as error:
        raise LogUnusable(str(error)) from error


@dataclass
class Session:
    """One sitting: from the first card to the summary."""

    lessons: Sequence[Lesson]
    log: ReviewLog
    clock: SteadyClock
    limits: Limits
    dialogue: Dialogue
    wanted: Mapping[str, datetime] = field(default_factory=dict)
    """Cards that a failed check leads to, and since when."""
    ratings: list[int] = field(default_factory=list)
    """Those given in this sitting and not taken back."""

    def __post_init__(self) -> None:
        from flashcards.schedule import Schedule

        self._cards = {card.id: (lesson, card) for lesson in self.lessons for card in lesson.cards}
        self._schedule = Schedule(self.log.answers)
        self._at_hand: ItemId | None = None

    def hold(self) -> int:
        """Ask until nothing is left or the reader stops; return the exit code."""
        self._greet()
        code = 0
        try:
            while (card := self._next()) is not None:
                if not self._ask(*self._cards[card]):
                    break
            self._farewell()
        except KeyboardInterrupt:
            self.dialogue.say("")
            code = INTERRUPTED
            self._farewell()
        return code

    # ── What comes next ───────────────────────────────────────────────────────────────────

    def _queue(self) -> Queue:
        return self._schedule.queue(list(self._cards), self.clock(), self.limits, self.wanted)

    def _next(self) -> ItemId | None:
        """Return the next card; at the end, offer to take the last answer back."""
        if self._at_hand is None:
            self._at_hand = next(iter(self._queue().all), None)
        while self._at_hand is None and self.ratings:
            self.dialogue.say("")
            said = self.dialogue.ask("That was the last one. Enter ends, u undoes:")
            if not said or _MEANINGS.get(said) != UNDO:
                break
            self._undo()
        return self._at_hand

    # ── One card ──────────────────────────────────────────────────────────────────────────

    def _ask(self, lesson: Lesson, card: Card) -> bool:
        """Ask a card and write the answer down; return whether to go on."""
        from course.commands.dialogue import QUIT
        from flashcards.terminal import DIM, block_lines

        self._show_front(lesson, card)
        begun = self.clock()
        reveal = self.dialogue.ask("Enter shows the answer (u undo, q quit):")
        if reveal is None or reveal in QUIT:
            return False
        if _MEANINGS.get(reveal) == UNDO:
            self._undo()
            return True
        self.dialogue.say("", *block_lines(card.back, self.dialogue.look, indent=2), "")
        self.dialogue.note(self._choices(card.id), DIM)
        rating = self.dialogue.choose(
            "How was it? (Enter means good):",
            _MEANINGS,
            "Type 1, 2, 3 or 4, u to undo the answer before, q to quit.",
        )
        if rating == UNDO:
            self._undo()
        elif rating is not None:
            self._write(card.id, rating, begun)
        return rating is not None

    def _show_front(self, lesson: Lesson, card: Card) -> None:
        from flashcards.model import plain
        from flashcards.terminal import BOLD, DIM, inline_lines

        queue = self._queue()
        left = len({*queue.all, card.id})
        phase = {"new": "new", "learning": "once more", "review": "review"}
        state = phase[self._schedule.phase(card.id)]
        if card.id in queue.wanted:
            state += ", for a check that failed"
        count = f"{len(self.ratings)} done, {left} to go"
        self.dialogue.say("")
        self.dialogue.note(f"{count} · {plain(lesson.title)} · {state}", DIM)
        self.dialogue.say("", *inline_lines(card.front, self.dialogue.look, BOLD), "")

    def _choices(self, card: ItemId) -> str:
        from flashcards.schedule import RATINGS
        from flashcards.terminal import UNBROKEN_SPACE

        intervals = self._schedule.intervals(card, self.clock())
        choices = [f"{rating} {word} {span(intervals[rating])}" for rating, word in RATINGS.items()]
        return " · ".join(choice.replace(" ", UNBROKEN_SPACE) for choice in choices)

    def _write(self, card: ItemId, rating: int, begun: datetime) -> None:
        from flashcards.review_log import Answer

        now = self.clock()
        answer = Answer.given(card, rating, now, now - begun)
        self.log.add(answer)
        self._schedule.record(answer)
        self.ratings.append(rating)
        self._at_hand = None

    def _undo(self) -> None:
        from flashcards.model import plain
        from flashcards.schedule import Schedule

        if not self.ratings:
            self.dialogue.note("There is no answer of this sitting to take back.")
            return
        taken = self.log.undo()
        self.ratings.pop()
        self._schedule = Schedule(self.log.answers)
        self._at_hand = taken.card_id
        _, card = self._cards[taken.card_id]
        self.dialogue.note(f"Taken back: {plain(card.front)}")

    # ── Beginning and end ─────────────────────────────────────────────────────────────────

    def _greet(self) -> None:
        if self.log.is_new:
            self.dialogue.note(f"Your answers are kept in {self.log.path}.")
        if self.log.torn is not None:
            self.dialogue.note(
                f"Note: {self.log.path}:{self.log.torn} is half an answer, left by a crash; it "
                "is passed over, and all before it are there."
            )
        if self.clock.behind >= _WORTH_SAYING:
            self._say_that_the_clock_went_back()
        queue = self._queue()
        counts = {
            "for checks that failed": len(queue.wanted),
            "to review": len(queue.reviews),
            "to ask once more": len(queue.learning) + len(queue.soon),
            "new": len(queue.new),
        }
        parts = [f"{count} {what}" for what, count in counts.items() if count]
        if parts:
            self.dialogue.note(f"Today: {', '.join(parts)}.")

    def _say_that_the_clock_went_back(self) -> None:
        latest = max(self.log.answers, key=lambda answer: answer.at)
        self.dialogue.note(
            f"Note: this computer's clock shows {self.clock() - self.clock.behind:%d %b %Y %H:%M}, "
            f"but the answer at {self.log.place(latest)} is of {latest.at:%d %b %Y %H:%M}. The "
            "review goes on from that later time. If the clock is wrong, set it; if the answer's "
            "date is, correct review_time in that line."
        )

    def _farewell(self) -> None:
        from flashcards.schedule import RATINGS
        from flashcards.terminal import BOLD

        queue = self._queue()
        done = f"{len(self.ratings)} answer{'' if len(self.ratings) == 1 else 's'}"
        given = [
            f"{word} {self.ratings.count(rating)}"
            for rating, word in RATINGS.items()
            if rating in self.ratings
        ]
        said = f"{done}: {', '.join(given)}." if given else "No answers this time."
        if not given and not queue.all:
            said = "Nothing to review now."
        self.dialogue.say("")
        self.dialogue.note(said, BOLD)
        for line in self._outlook(queue):
            self.dialogue.note(line)

    def _outlook(self, queue: Queue) -> list[str]:
        lines = []
        if queue.all:
            lines.append(f"Left for now: {_cards(len(queue.all))}.")
        beyond = queue.held_back["review"]
        if beyond:
            lines.append(f"Due, but beyond today's limit: {_cards(beyond)} (--reviews N).")
        if queue.held_back["new"]:
            lines.append(f"New cards for another day: {queue.held_back['new']} (--new N).")
        return [*lines, *self._coming_days()]

    def _coming_days(self) -> list[str]:
        from flashcards.schedule import day_of

        now = self.clock()
        coming = self._schedule.forecast(list(self._cards), now)
        later = [(day, count) for day, count in coming.items() if day > day_of(now)]
        if not later:
            return []
        day, count = later[0]
        when = "tomorrow" if (day - day_of(now)).days == 1 else f"on {day:%A, %d %B %Y}"
        return [f"Next: {_cards(count)} {when}."]


def _cards(count: int) -> str:
    return f"{count} card{'' if count == 1 else 's'}"


def span(interval: timedelta) -> str:
    """Return a span of time in few characters, rounded to what matters.

    Example:
        >>> [span(timedelta(minutes=m)) for m in (0.5, 10, 600, 60 * 36, 60 * 24 * 400)]
        ['1 min', '10 min', '10 h', '2 d', '1.1 y']
    """
    minutes = max(1, round(interval / timedelta(minutes=1)))
    hours, days = round(interval / timedelta(hours=1)), round(interval / timedelta(days=1))
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h"
    return f"{days} d" if days < 365 else f"{interval / timedelta(days=365.25):.1f} y"
