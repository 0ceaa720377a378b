"""When each card comes up again, derived from the answers alone (FSRS).

The intervals are those of the `fsrs` package, without its random spreading: the same answers
give the same schedule. A day is the reader's day, and begins at four in the morning; a card
that is due on a day is due all of that day.
"""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Literal

import fsrs

from flashcards.model import ItemId
from flashcards.review_log import Answer

Clock = Callable[[], datetime]
"""Gives the time as an aware datetime, in the reader's own time zone."""

Phase = Literal["new", "learning", "review"]
"""Never asked; asked again within minutes; asked again after days."""

RATINGS: Mapping[int, str] = {1: "again", 2: "hard", 3: "good", 4: "easy"}

DAY_BEGINS = timedelta(hours=4)
AHEAD = timedelta(minutes=20)
"""With nothing else to do, a card may come so much before its minutes are over."""

_SCHEDULER = fsrs.Scheduler(enable_fuzzing=False)


@dataclass(frozen=True)
class Limits:
    """How many new cards, and how many reviews, a day may bring."""

    new: int = 10
    reviews: int = 100


@dataclass(frozen=True)
class Queue:
    """What is left to do now, each in the order in which it is asked.

    `soon` are cards whose minutes are nearly over. `wanted` are those that something else
    asks for, whenever they would be due. `held_back` counts what is due or new but beyond
    the limits of the day.
    """

    learning: tuple[ItemId, ...]
    wanted: tuple[ItemId, ...]
    reviews: tuple[ItemId, ...]
    new: tuple[ItemId, ...]
    soon: tuple[ItemId, ...]
    held_back: Mapping[Phase, int]

    @property
    def all(self) -> tuple[ItemId, ...]:
        """Everything, the most urgent first."""
        return (*self.learning, *self.wanted, *self.reviews, *self.new, *self.soon)


class Schedule:
    """What a reader knows, after some answers."""

    def __init__(self, answers: Iterable[Answer] = ()) -> None:
        self._cards: dict[ItemId, fsrs.Card] = {}
        self._asked: Counter[tuple[date, Phase]] = Counter()
        # In order already, unless somebody has joined two logs.
        for answer in sorted(answers, key=lambda answer: answer.review_time):
            self.record(answer)

    def record(self, answer: Answer) -> None:
        """Take one more answer into account."""
        phase = self.phase(answer.card_id)
        self._asked[day_of(answer.at), phase] += 1
        self._cards[answer.card_id] = self._after(answer.card_id, answer.rating, answer.at)

    def phase(self, card: ItemId) -> Phase:
        """Return where a card stands."""
        if card not in self._cards:
            return "new"
        return "review" if self._cards[card].state is fsrs.State.Review else "learning"

    def due(self, card: ItemId, now: datetime) -> datetime | None:
        """Return when a card comes up again, in the time zone of `now`; None for a new one."""
        return self._cards[card].due.astimezone(now.tzinfo) if card in self._cards else None

    def intervals(self, card: ItemId, now: datetime) -> Mapping[int, timedelta]:
        """Return for each rating how long it would be until the card comes up again."""
        at = now.astimezone(UTC)
        return {rating: self._after(card, rating, now).due - at for rating in RATINGS}

    def queue(
        self,
        cards: Sequence[ItemId],
        now: datetime,
        limits: Limits,
        wanted: Mapping[str, datetime] = MappingProxyType({}),
    ) -> Queue:
        """Return what is left to do now among `cards`, which come in the order of learning.

        `wanted` are cards that are due now, whatever the limits, unless they were answered
        after the time that stands beside them.
        """
        today = day_of(now)
        phases = {card: self.phase(card) for card in cards}
        due = {card: at for card in cards if (at := self.due(card, now)) is not None}
        waiting = sorted(due, key=lambda card: due[card])
        learning = [card for card in waiting if phases[card] == "learning"]
        asked_for = [
            card
            for card in cards
            if card in wanted and phases[card] != "learning" and self._before(card, wanted[card])
        ]
        others = [card for card in waiting if card not in asked_for]
        reviews = [
            card for card in others if phases[card] == "review" and day_of(due[card]) <= today
        ]
        new = [card for card in cards if phases[card] == "new" and card not in asked_for]
        may_review = max(0, limits.reviews - self._asked[today, "review"])
        may_begin = max(0, limits.new - self._asked[today, "new"])
        return Queue(
            learning=tuple(card for card in learning if due[card] <= now),
            wanted=tuple(asked_for),
            reviews=tuple(reviews[:may_review]),
            new=tuple(new[:may_begin]),
            soon=tuple(card for card in learning if now < due[card] <= now + AHEAD),
            held_back={"review": len(reviews[may_review:]), "new": len(new[may_begin:])},
        )

    def _before(self, card: ItemId, at: datetime) -> bool:
        """Tell whether a card was answered last before a time, or never."""
        last = self._cards[card].last_review if card in self._cards else None
        return last is None or last < at

    def forecast(self, cards: Sequence[ItemId], now: datetime) -> Mapping[date, int]:
        """Return how many cards come up on each day from now on; overdue ones count today."""
        due = (self.due(card, now) for card in cards)
        days = Counter(max(day_of(now), day_of(at)) for at in due if at is not None)
        return dict(sorted(days.items()))

    def _after(self, card: ItemId, rating: int, at: datetime) -> fsrs.Card:
        known = copy.copy(self._cards.get(card)) or fsrs.Card(card_id=0, due=at)
        if known.last_review is not None:
            # FSRS counts spans of 24 hours; what matters to memory is the nights between.
            nights = day_of(at) - day_of(known.last_review.astimezone(at.tzinfo))
            known.last_review = min(known.last_review, at.astimezone(UTC) - nights)
        utc = at.astimezone(UTC)
        return _SCHEDULER.review_card(known, fsrs.Rating(rating), utc)[0]


def day_of(at: datetime) -> date:
    """Return the reader's day to which a time belongs: at two at night, it is the day before."""
    return (at - DAY_BEGINS).date()


class SteadyClock:
    """A clock that never goes back, and does not start before the latest answer.

    `behind` is by how much the machine's clock had fallen behind that answer at the start.
    """

    def __init__(self, clock: Clock, answers: Iterable[Answer]) -> None:
        now = clock()
        latest = max((answer.at for answer in answers), default=now)
        self._clock = clock
        self.behind = max(timedelta(), latest - now)
        self._latest = now + self.behind

    def __call__(self) -> datetime:
        """Return the time."""
        self._latest = max(self._latest, self._clock() + self.behind)
        return self._latest


def local_time() -> datetime:
    """Return the machine's time, in its own time zone."""
    return datetime.now(UTC).astimezone()
