"""Mutations of the judge: what it forgives, and what it overlooks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from prove.mutating import Grader, Mutation, put, ruled

from grader import grading, judge, judging, tolerance
from grader.checks import Check
from grader.judging import Answered, Finding
from grader.session import Answer
from grader.tasks import Slug, Task
from grader.worker.wire import Failure


def within(relative: float, absolute: float) -> Callable[[Grader], None]:
    """Allow another distance for each rounding step."""
    return put(
        tolerance,
        "tolerance",
        lambda expected, steps: (absolute + relative * abs(expected)) * (1 + steps),
    )


def one_percent(actual: float, expected: float, _steps: int) -> bool:
    return abs(actual - expected) <= 0.01 * (1 + abs(expected))


def nan_is_close(actual: float, expected: float, steps: int) -> bool:
    return not abs(actual - expected) > tolerance.tolerance(expected, steps)


def size_is_all(actual: float, expected: float, steps: int) -> bool:
    return tolerance.close(abs(actual), abs(expected), steps)


def equal_in(some: slice) -> judge.Rule:
    """Compare only some of a task's numbers."""
    return lambda task, actual: judge.equal_numbers(
        replace(task, expected=task.expected[some]), actual[some]
    )


def always(*_: object) -> bool:
    return True


def distinct_or_nan(_task: Task, actual: Sequence[float]) -> bool:
    return len(set(actual)) == len(actual)


def distinct_in_one_network(task: Task, actual: Sequence[float]) -> bool:
    return judge.distinct(task, actual[: len(actual) // 2])


def some_moved(task: Task, actual: Sequence[float]) -> bool:
    return any(a != b for a, b in zip(actual, judge._before(task), strict=True))


def not_uphill(task: Task, actual: Sequence[float]) -> bool:
    return judge.downhill(task, actual) or list(actual) == list(judge._before(task))


def loss_no_higher(task: Task, actual: Sequence[float]) -> bool:
    return judge.lower_loss(task, actual) or list(actual) == list(judge._before(task))


def first_order_holds(check: Check, task: Task, answer: Sequence[float]) -> bool:
    return judge.RULES[check.rule](task, answer[: len(task.expected)])


def some_order_holds(check: Check, task: Task, answer: Sequence[float]) -> bool:
    size = len(task.expected)
    orders = [answer[i : i + size] for i in range(0, len(answer), size or 1)]
    return any(judge.RULES[check.rule](task, order) for order in orders) or not orders


_first_failure = judging._first_failure
_judged = judging.judged


def looking_at(
    choose: Callable[[Answered], Answered],
) -> Callable[[Grader], None]:
    """Judge a claim by some of its answers."""
    return put(
        judging, "_first_failure", lambda check, answered: _first_failure(check, choose(answered))
    )


def forgiving(kind: str) -> Callable[[Grader], None]:
    """Overlook failures of one kind."""

    def is_forgiven(answer: Answer) -> bool:
        return isinstance(answer, Failure) and answer.kind == kind

    return looking_at(lambda answered: [pair for pair in answered if not is_forgiven(pair[1])])


def most_suffice(check: Check, answered: Answered) -> Finding | None:
    wrong = [pair for pair in answered if _first_failure(check, [pair]) is not None]
    return _first_failure(check, wrong) if len(wrong) > len(answered) / 2 else None


def taking(outcome: str, for_: str) -> Callable[[Grader], None]:
    """Take one outcome for another."""

    def judged(
        check: Check,
        answered: Answered,
        findings: Mapping[Slug, Finding],
        suspected: Mapping[Slug, Finding],
    ) -> Finding:
        finding = _judged(check, answered, findings, suspected)
        return replace(finding, outcome=for_) if finding.outcome == outcome else finding

    return put(grading, "judged", judged)


UNIT = 2.0**-53
"""Half a unit in the last place of 1.0: what one operation may be off, and nothing more."""

JUDGE: dict[str, Mutation] = {
    "one-percent-is-close": Mutation(put(judge, "close", one_percent), ["exp_with_e_rounded"]),
    "rounding-is-not-forgiven": Mutation(within(UNIT, UNIT), ["one_letter_names"]),
    "errors-are-absolute": Mutation(within(0, tolerance.STEP), ["lecture_closures"]),
    "errors-are-relative": Mutation(within(tolerance.STEP, 0), ["consumer_counts"]),
    "slopes-are-exact": Mutation(put(tolerance, "SLOPE", 1e-11), ["one_letter_names"]),
    "nan-is-close": Mutation(put(judge, "close", nan_is_close), ["grad_starts_as_nan"]),
    "signs-do-not-count": Mutation(
        put(judge, "close", size_is_all), ["div_denominator_sign", "sub_one_for_both"]
    ),
    "only-the-first-number-counts": Mutation(
        ruled("equal", equal_in(slice(1))), ["zero_grad_of_weights_only"]
    ),
    "only-the-last-number-counts": Mutation(
        ruled("equal", equal_in(slice(-1, None))), ["one_neuron_repeated"]
    ),
    "sets-have-one-order": Mutation(put(Task, "orders", 1), ["order_by_hash"]),
    "the-first-order-counts": Mutation(put(judging, "holds", first_order_holds), ["order_by_hash"]),
    "any-order-will-do": Mutation(put(judging, "holds", some_order_holds), ["order_by_hash"]),
    "every-slope-is-right": Mutation(ruled("slope", always), ["first_gradient_kept"]),
    "all-weights-are-distinct": Mutation(ruled("distinct", always), ["equal_weights"]),
    "nan-is-a-weight": Mutation(ruled("distinct", distinct_or_nan), ["weights_unset"]),
    "one-network-is-enough": Mutation(
        ruled("distinct", distinct_in_one_network), ["seeded_in_every_network"]
    ),
    "everything-has-moved": Mutation(ruled("moved", always), ["trains_a_copy"]),
    "something-has-moved": Mutation(ruled("moved", some_moved), ["only_last_layer_updated"]),
    "every-way-is-downhill": Mutation(ruled("downhill", always), ["plus_in_update"]),
    "standing-still-is-downhill": Mutation(
        ruled("downhill", not_uphill), ["update_before_backward"]
    ),
    "every-loss-is-lower": Mutation(ruled("lower-loss", always), ["trains_a_copy"]),
    "the-same-loss-is-lower": Mutation(ruled("lower-loss", loss_no_higher), ["trains_a_copy"]),
    "exceptions-are-overlooked": Mutation(forgiving("raised"), ["neg_missing"]),
    "what-is-no-number-is-overlooked": Mutation(forgiving("unexpected"), ["mul_gives_a_number"]),
    "running-out-of-time-is-overlooked": Mutation(forgiving("timed out"), ["exponential_walk"]),
    "half-of-the-examples-suffice": Mutation(
        put(judging, "_first_failure", most_suffice), ["add_in_place"]
    ),
    "the-first-example-suffices": Mutation(
        looking_at(lambda answered: answered[:1]), ["relu_passes_everywhere"]
    ),
    "one-missing-operation-fails-the-rest": Mutation(
        put(judging, "refuted", lambda *_: None), ["mul_gives_a_number"]
    ),
    "nobody-is-suspected": Mutation(
        put(grading, "suspected_derivatives", lambda _: {}), ["pow_missing_exponent"]
    ),
    "skipped-is-passed": Mutation(taking("skipped", "passed"), ["student_template"]),
    "errored-is-skipped": Mutation(taking("errored", "skipped"), ["neg_missing"]),
    "errored-is-passed": Mutation(taking("errored", "passed"), ["radd_missing"]),
}
