"""The smallest expression that still goes wrong.

A failing program is already among the smallest of its corpus. From it, all programs that
are one step simpler are made at once: an operation left out, a part of the graph taken
alone, a number replaced by a plainer one. Those that are fair to ask go to the worker in
one batch; the simplest that still fails is the next to be reduced. All failing checks
shrink together, so that the whole takes a handful of exchanges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from grader.programs import Instruction, Program, operands
from grader.session import Answer, Request, Session
from grader.tasks import Slug, Task
from grader.worker.operations import OPERATIONS
from grader.worker.wire import Failure

ROUNDS = 12
"""At most so many exchanges with the worker."""

CANDIDATES = 60
"""At most so many simpler programs of one suspect in one exchange, the simplest first."""

LARGEST = 40
"""Programs of more nodes are shown as they are: they were written long on purpose."""

PLAIN_NUMBERS = (2.0, 3.0, -2.0, 0.5, 4.0, 1.0)
"""Numbers that are easy to calculate with, the best first. 1 hides much, and comes last."""


@dataclass(frozen=True)
class Suspect:
    """A task that went wrong, and how to ask and judge others in its place."""

    task: Task
    answer: Answer
    request: Callable[[Task], Request]
    holds: Callable[[Task, Sequence[float]], bool]
    about: frozenset[str] = frozenset()
    """Operations of which one must stay: a claim about `-a` is not shown by `a * a`."""

    @property
    def kind(self) -> str:
        """What went wrong; while shrinking, it must stay the same kind of wrong."""
        if isinstance(self.answer, Failure):
            return f"{self.answer.kind} {self.answer.type}"
        return "numbers"


def shrink(session: Session, suspects: Mapping[Slug, Suspect]) -> dict[Slug, Suspect]:
    """Return each suspect with the simplest task found that goes wrong in the same way."""
    found = dict(suspects)
    active = {slug for slug, suspect in found.items() if _can_shrink(suspect)}
    for _ in range(ROUNDS):
        candidates = [
            (slug, task) for slug in found if slug in active for task in _simpler_tasks(found[slug])
        ]
        if not candidates:
            break
        requests = [found[slug].request(task) for slug, task in candidates]
        active = set()
        for (slug, task), answer in zip(candidates, session.run(requests), strict=True):
            suspect = replace(found[slug], task=task, answer=answer)
            # Candidates come simplest first: the first that goes wrong is taken.
            if slug not in active and suspect.kind == found[slug].kind and _wrong(suspect):
                found[slug] = suspect
                active.add(slug)
    return found


def _can_shrink(suspect: Suspect) -> bool:
    program = suspect.task.program
    if program is None or program.size > LARGEST:
        return False
    return not (isinstance(suspect.answer, Failure) and suspect.answer.kind != "raised")


def _wrong(suspect: Suspect) -> bool:
    if isinstance(suspect.answer, Failure):
        return True
    return not suspect.holds(suspect.task, suspect.answer)


def _simpler_tasks(suspect: Suspect) -> list[Task]:
    from grader import oracle  # the reference is needed only where all is not well

    program = suspect.task.program
    assert program is not None  # noqa: S101 (asked for in `_can_shrink`)
    simpler = {
        candidate
        for candidate in reductions(program)
        if complexity(candidate) < complexity(program)
        and reuse(candidate) <= reuse(program)
        and (not suspect.about or any(i[0] in suspect.about for i in candidate.instructions))
    }
    tasks: list[Task] = []
    for candidate in sorted(simpler, key=lambda p: (complexity(p), p)):
        task = oracle.task(("program", *candidate))
        if task is not None:
            tasks.append(task)
        if len(tasks) == CANDIDATES:
            break
    return tasks


def complexity(program: Program) -> tuple[int, int, int, int]:
    """Order programs from simple to complicated: fewer operations, leaves, plainer numbers."""
    numbers = [
        *program.leaves,
        *(i[2] for i in program.instructions if OPERATIONS[i[0]].operand == "number"),  # type: ignore[misc]
    ]
    return (
        len(program.instructions),
        len(program.leaves),
        # Two leaves with the same number can hide which is which.
        len(program.leaves) - len(set(program.leaves)),
        sum(map(_plainness, numbers)),
    )


def reuse(program: Program) -> int:
    """Count the uses of nodes beyond the first of each.

    Shrinking may not add any: `a / a` has fewer leaves than `a / b`, and is harder to
    understand, as two mistakes of one operation meet in one gradient.
    """
    used = [node for instruction in program.instructions for node in operands(instruction)]
    return len(used) - len(set(used))


def _plainness(number: float) -> int:
    if number in PLAIN_NUMBERS:
        return PLAIN_NUMBERS.index(number)
    return len(PLAIN_NUMBERS) + len(repr(number))


def reductions(program: Program) -> Iterator[Program]:
    """Yield programs that are one step simpler, or at least different."""
    first = len(program.leaves)
    for i, instruction in enumerate(program.instructions):
        for stand_in in operands(instruction):
            yield _without(program, first + i, stand_in)
    for i, instruction in enumerate(program.instructions):
        if OPERATIONS[instruction[0]].operand == "number":
            for number in PLAIN_NUMBERS:
                changed: Instruction = (instruction[0], instruction[1], number)
                yield program._replace(
                    instructions=(
                        *program.instructions[:i],
                        changed,
                        *program.instructions[i + 1 :],
                    )
                )
    for i in range(first):
        for number in PLAIN_NUMBERS:
            leaves = (*program.leaves[:i], number, *program.leaves[i + 1 :])
            yield program._replace(leaves=leaves)


def _without(program: Program, gone: int, stand_in: int) -> Program:
    """Use node `stand_in` wherever node `gone` was used, then drop what nobody needs."""
    first = len(program.leaves)

    def node(i: int) -> int:
        return stand_in if i == gone else i

    instructions: list[Instruction] = []
    for instruction in program.instructions:
        if OPERATIONS[instruction[0]].operand == "node":
            instructions.append((instruction[0], node(instruction[1]), node(int(instruction[2]))))  # type: ignore[misc]
        else:
            instructions.append((instruction[0], node(instruction[1]), *instruction[2:]))
    ends = [node(root) for root in (program.roots or (program.size - 1,))]
    needed = set(ends)
    for i in range(len(instructions) - 1, -1, -1):
        if first + i in needed:
            needed.update(operands(instructions[i]))
    return _renumbered(program, instructions, ends, sorted(needed))


def _renumbered(
    program: Program, instructions: Sequence[Instruction], ends: Sequence[int], kept: Sequence[int]
) -> Program:
    first = len(program.leaves)
    place = {old: new for new, old in enumerate(kept)}
    moved: list[Instruction] = []
    for i in kept:
        if i < first:
            continue
        name, a, *rest = instructions[i - first]
        if OPERATIONS[name].operand == "node":
            rest = [place[int(rest[0])]]
        moved.append((name, place[a], *rest))  # type: ignore[arg-type]
    return Program(
        tuple(program.leaves[i] for i in kept if i < first),
        tuple(moved),
        tuple(dict.fromkeys(place[end] for end in ends)) if program.roots else (),
        program.observe,
    )
