"""Whether a hypothesis explains a submission's answers, and in which styles."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.battery import Item
from grader.builds import WALKS, Style, concerning, edits_of
from grader.misconceptions.misconception import Misconception
from grader.predictions import (
    Hypothesis,
    Outcome,
    comparable,
    forms,
    outcome,
    same,
    same_number,
    signature,
)
from grader.programs import Program, operands
from grader.session import Answer
from grader.tasks import Task
from grader.worker.wire import Failure

BUDGET = 6000
"""At most so many predictions are compared for one submission; then nothing more is named."""


@dataclass(frozen=True, eq=False)
class Asked:
    """A question and what came of it, once for each order of sets; nothing where it was not run."""

    item: Item
    runs: tuple[Outcome, ...]

    @property
    def steps(self) -> int:
        """How much rounding is forgiven."""
        return self.item.task.rounding_steps

    @cached_property
    def wrong(self) -> bool:
        """Whether any run differs from the reference."""
        right = right_outcome(self.item.task)
        return not all(same(run, right, self.steps) for run in self.runs)

    @cached_property
    def forks(self) -> int:
        """At how many nodes of its graph a walk may turn left or right."""
        program = self.item.task.program
        return 0 if program is None else _forks(program)

    @cached_property
    def wrong_numbers(self) -> int:
        """How many of the numbers of the first wrong run are wrong; a failure counts as one."""
        right = right_outcome(self.item.task)
        for run in self.runs:
            if isinstance(run, str) or len(run) != len(right):
                return 1
            wrong = sum(not same_number(a, e, self.steps) for a, e in zip(run, right, strict=True))
            if wrong:
                return wrong
        return 0


def right_outcome(task: Task) -> tuple[float, ...]:
    """Return the right numbers in the form in which they are compared.

    Of starting weights nothing is expected but that no two are equal, and none is 0.
    """
    if task.job[0] == "starting-weights":
        return tuple(map(float, range(len(task.expected))))
    return comparable(task.job, task.expected)


def asked(item: Item, answer: Answer) -> Asked:
    """Pair a question with the answer of a session."""
    return Asked(item, runs_of(item.task, answer))


def runs_of(task: Task, answer: Answer) -> tuple[Outcome, ...]:
    """Split an answer into its runs, one an order of sets, in the form that is compared.

    None where the code was not run to its end, or is not written yet.
    """
    if isinstance(answer, Failure):
        unfinished = answer.kind not in ("raised", "unexpected")
        return () if unfinished or answer.type == "NotImplementedError" else (signature(answer),)
    size = len(task.expected)
    return tuple(
        comparable(task.job, answer[i * size : (i + 1) * size]) for i in range(task.orders)
    )


# ── Does a hypothesis explain the answers? ────────────────────────────────────────────────


class OutOfBudget(Exception):  # noqa: N818 (a way out, not an error)
    """So many predictions have been compared that it would take too long to go on."""


class Search:
    """Compares answers with predictions, and counts how often."""

    def __init__(self) -> None:
        self.left = BUDGET

    def fits(
        self,
        hypothesis: Hypothesis,
        questions: Iterable[Asked],
        styles: Sequence[Style],
        *,
        strictly: bool = False,
    ) -> tuple[Style, ...]:
        """Return the styles in which these mistakes, and no others, give every answer.

        Where the numbers of a network turn on the order of a walk, of which there are too many
        to try, any answer will do, unless `strictly`.
        """
        left = tuple(styles)
        for question in questions:
            if not left:
                return ()
            verdicts: dict[Style, bool] = {}
            left = tuple(
                style
                for style in left
                if self._agrees(hypothesis, question, style, verdicts, strictly)
            )
        return left

    def fits_leftmost(
        self, hypothesis: Hypothesis, questions: Iterable[Asked], style: Style
    ) -> bool:
        """Tell whether these mistakes give every answer although all walks go left."""
        return all(
            self._gives(run, hypothesis, question, style, walks=1, strictly=True)
            for question in questions
            for run in question.runs
        )

    def _agrees(
        self,
        hypothesis: Hypothesis,
        question: Asked,
        style: Style,
        verdicts: dict[Style, bool],
        strictly: bool,
    ) -> bool:
        part, rest_on = concerning(style, question.item.labels)
        touching = [m for m in hypothesis if not m.operations or m.operations & rest_on]
        if not touching:
            return not question.wrong
        if part not in verdicts:
            walks = _walks(touching, question, part)
            verdicts[part] = all(
                self._gives(run, hypothesis, question, part, walks, strictly)
                for run in question.runs
            )
        return verdicts[part]

    def _gives(
        self,
        run: Outcome,
        hypothesis: Hypothesis,
        question: Asked,
        style: Style,
        walks: int,
        strictly: bool,
    ) -> bool:
        """Tell whether the mistakes can give one run's numbers."""
        first: Outcome | None = None
        settled = True
        # What a failure leads to, further on, differs with how the rest is written.
        mixed = len(question.item.labels) > 1 and not strictly
        for walk in range(walks):
            for form in forms(hypothesis, style):
                if self.left <= 0:
                    raise OutOfBudget
                self.left -= 1
                prediction = outcome((*edits_of(style, walk), *form), question.item.task.job)
                if same(run, prediction, question.steps):
                    return True
                if mixed and isinstance(run, str) and isinstance(prediction, str):
                    return True
                first = prediction if first is None else first
                settled = settled and same(first, prediction, question.steps)
        return not (settled or strictly or question.item.task.program)


def _walks(hypothesis: Sequence[Misconception], question: Asked, style: Style) -> int:
    """Return how many of the walks have to be tried: one where none can matter."""
    if all(m.stage != "backward" for m in hypothesis):
        return 1
    task = question.item.task
    if task.program is None:
        return 4  # too many forks to try every way: left, right, and by turns
    in_order = all(m.operations for m in hypothesis)
    if in_order and not style and _is_chain(task.program):
        return 1
    forks = question.forks
    if style and any(way.partition(":")[0] in task.operations for way in style):
        forks += len(task.program.instructions)
    return {0: 1, 1: 2, 2: 4}.get(forks, len(WALKS))


def _forks(program: Program) -> int:
    """Count the nodes that two different computed nodes were made into."""
    leaves = len(program.leaves)
    return sum(
        len({node for node in operands(instruction) if node >= leaves}) == 2
        for instruction in program.instructions
    )


def _is_chain(program: Program) -> bool:
    """Tell whether each node uses the one before it: then there is one order only."""
    first = len(program.leaves)
    return len(program.roots) < 2 and all(
        first + i in operands(instruction) for i, instruction in enumerate(program.instructions[1:])
    )
