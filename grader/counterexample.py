"""A failure in words, and as Python that a learner can paste."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from grader.checks import Check
from grader.programs import (
    Program,
    expression,
    literal,
    node_names,
    operands,
    to_python,
    used_nodes,
)
from grader.report import Counterexample, FirstDifference
from grader.session import Session
from grader.shrinking import Suspect
from grader.submission import Submission
from grader.tasks import Job, Task
from grader.tolerance import close
from grader.worker.wire import Failure

TEMPLATE = Submission({}, {})
"""Stands in where a script is not about anybody's own files."""

LONGEST = 30
"""A program of more lines is shown by its beginning and its end."""


@dataclass(frozen=True)
class Script:
    """Python that sets a situation up, and the expressions whose numbers are compared."""

    setup: str
    shown: Sequence[str]

    def text(self, prints: bool = True) -> str:
        """Return the whole script, which prints what is compared."""
        lines = self.setup.split("\n")
        if len(lines) > LONGEST:
            half = LONGEST // 2
            dots = f"# … {len(lines) - 2 * half} more lines in between …"
            lines = [*lines[:half], dots, *lines[-half:]]
        if prints:
            lines.append(f"print({', '.join(self.shown)})")
        return "\n".join(lines)


def sentence(failure: Failure) -> str:
    """Say in one sentence why there are no numbers."""
    place = f"{failure.file}:{failure.line}" if failure.file else ""
    if failure.kind == "raised":
        if failure.type == "NotImplementedError" and failure.message.startswith("not written yet"):
            return f"not written yet, at {place}" if place else "not written yet"
        at = f" at {place}" if place else ""
        message = f": {failure.message}" if failure.message else ""
        return f"raised {failure.type}{at}{message}"
    if failure.kind == "timed out":
        at = f" at {place}" if place else ""
        more = f", {failure.message}" if failure.message else ""
        return f"timed out{at}{more}"
    return f"{failure.message} at {place}" if place else failure.message


def explain(
    session: Session, submission: Submission, check: Check, suspect: Suspect
) -> tuple[str, Counterexample | None]:
    """Return the reason in one sentence, and the counterexample."""
    task = suspect.task
    script = _script(submission, check, task)
    if isinstance(suspect.answer, Failure):
        reason = sentence(suspect.answer)
        if script is None:
            return reason, None
        expected = dict(zip(script.shown, task.expected, strict=True))
        return reason, Counterexample(
            script.text(suspect.answer.kind != "timed out"), expected, None
        )
    actual_numbers, other_order = _worst_order(suspect)
    if check.rule == "lower-loss":
        return _loss_not_lower(task, actual_numbers), None
    assert script is not None  # noqa: S101 (only `lower-loss` has none)
    expected = dict(zip(script.shown, task.expected, strict=True))
    actual = dict(zip(script.shown, actual_numbers, strict=True))
    wrong = next(
        name
        for name in script.shown
        if not close(actual[name], expected[name], task.rounding_steps)
    )
    reason = f"{wrong} is {_short(actual[wrong])} and should be {_short(expected[wrong])}"
    if other_order:
        reason += "; it depends on the order of a set, and so may change from run to run"
    difference = _first_difference(session, suspect)
    return reason, Counterexample(script.text(), expected, actual, difference)


def example(check: Check, task: Task) -> Counterexample | None:
    """Return a task of a check as Python with the right numbers; None where it has no script."""
    script = _script(TEMPLATE, check, task)
    if script is None:
        return None
    return Counterexample(script.text(), dict(zip(script.shown, task.expected, strict=True)), None)


def _worst_order(suspect: Suspect) -> tuple[Sequence[float], bool]:
    """Return the numbers of the first order of sets that goes wrong, and if orders differ."""
    if isinstance(suspect.answer, Failure):
        return (), False
    answer, size, steps = suspect.answer, len(suspect.task.expected), suspect.task.rounding_steps
    runs = [answer[i : i + size] for i in range(0, len(answer), size or 1)]
    differ = any(
        not close(a, b, steps) and not (math.isnan(a) and math.isnan(b))
        for run in runs[1:]
        for a, b in zip(runs[0], run, strict=True)
    )
    return next(run for run in runs if not suspect.holds(suspect.task, run)), differ


def _loss_not_lower(task: Task, parameters: Sequence[float]) -> str:
    from grader.oracle import loss_of  # only for this failure

    before, after = loss_of(task.job, task.expected), loss_of(task.job, parameters)
    steps, rate = task.job[4], task.job[5]
    return (
        f"the loss was {_short(before)} before and is {_short(after)} after {steps} steps with "
        f"learning rate {rate:g}"
    )


def _short(number: float) -> str:
    """Write a number in at most ten significant digits: what differs shows long before."""
    return f"{number:.10g}" if not float(number).is_integer() else f"{number:.1f}"


# ── Scripts ───────────────────────────────────────────────────────────────────────────


def _script(submission: Submission, check: Check, task: Task) -> Script | None:
    make = _SCRIPTS.get(task.kind)
    return make(submission, task.job) if make and check.rule != "lower-loss" else None


def _imports(submission: Submission, *wanted: tuple[str, str]) -> str:
    lines = []
    for role, name in wanted:
        module = submission.roles.get(role, role)
        source = submission.files.get(module)
        folder = source.path.rpartition("/")[0].replace("/", ".") if source else ""
        lines.append(f"from {folder + '.' if folder else ''}{module} import {name}")
    return "\n".join(lines)


def _program_script(submission: Submission, job: Job) -> Script:
    program = Program(*job[1:])
    names = node_names(program.size)
    first = len(program.leaves)
    shown = {
        "results": [f"{name}.data" for name in names[first:]],
        "operands": [f"{name}.data" for name in names[:first]],
        "gradients": [f"{name}.grad" for name in names[:first]],
    }[program.observe]
    return Script(f"{_imports(submission, ('engine', 'Value'))}\n\n{to_python(program)}", shown)


def _neuron_script(submission: Submission, job: Job) -> Script:
    _, weights, bias, x = job
    lines = [_imports(submission, ("nn", "Neuron")), "", f"n = Neuron({len(weights)})"]
    lines += [f"n.w[{i}].data = {literal(w)}" for i, w in enumerate(weights)]
    lines += [f"n.b.data = {literal(bias)}", f"out = n({list(x)})"]
    return Script("\n".join(lines), ["out.data"])


def _count_script(submission: Submission, job: Job) -> Script:
    _, nin, nouts = job
    lines = [_imports(submission, ("nn", "MLP")), "", f"model = MLP({nin}, {list(nouts)})"]
    return Script("\n".join(lines), ["len(model.parameters())"])


def _forward_script(submission: Submission, job: Job) -> Script:
    _, nin, nouts, weights, x = job
    lines = [_imports(submission, ("nn", "MLP")), "", *_mlp_lines(nin, nouts, weights)]
    lines.append(f"out = model({list(x)})")
    shown = [f"out[{i}].data" for i in range(nouts[-1])] if nouts[-1] > 1 else ["out.data"]
    return Script("\n".join(lines), shown)


def _mlp_lines(
    nin: int, nouts: Sequence[int], weights: Sequence[Sequence[tuple[Sequence[float], float]]]
) -> list[str]:
    table = [[(list(w), b) for w, b in layer] for layer in weights]
    rows = ",\n".join(f"    {row}" for row in table)
    return [
        f"model = MLP({nin}, {list(nouts)})",
        f"weights = [  # layers of neurons: (weights, bias)\n{rows},\n]",
        "for layer, rows in zip(model.layers, weights):",
        "    for neuron, (w, b) in zip(layer.neurons, rows):",
        "        for value, number in zip(neuron.w, w):",
        "            value.data = number",
        "        neuron.b.data = b",
    ]


def _training_script(submission: Submission, job: Job) -> Script:
    _, spec, xs, ys, steps, rate, observe = job
    if spec[0] == "mlp":
        lines = [_imports(submission, ("nn", "MLP"), ("train", "train")), ""]
        lines += _mlp_lines(*spec[1:])
    else:
        lines = [
            _imports(submission, ("engine", "Value"), ("train", "train")),
            "",
            "class OneWeight:",
            f"    w = Value({literal(spec[1])})",
            "    def __call__(self, x):",
            "        return self.w * x[0]",
            "    def parameters(self):",
            "        return [self.w]",
            "    def zero_grad(self):",
            "        self.w.grad = 0.0",
            "",
            "model = OneWeight()",
        ]
    lines.append(
        f"losses = train(model, {[list(x) for x in xs]}, {list(ys)}, "
        f"steps={steps}, learning_rate={rate})"
    )
    if observe == "losses":
        return Script("\n".join(lines), [f"losses[{i}]" for i in range(steps)])
    return Script("\n".join(lines), ["model.w.data"])


_SCRIPTS = {
    "program": _program_script,
    "neuron": _neuron_script,
    "parameter-count": _count_script,
    "forward": _forward_script,
    "training": _training_script,
}

# ── Where numbers first part ──────────────────────────────────────────────────────────


def _first_difference(session: Session, suspect: Suspect) -> FirstDifference | None:
    """Run the program once more, observe every node, and find where it goes wrong first."""
    from grader.oracle import answer as reference  # only for failures

    program = suspect.task.program
    if program is None or program.size > 3 * LONGEST:
        return None
    whole = program._replace(observe="nodes")
    request = suspect.request(Task(("program", *whole), (0.0,) * (2 * program.size), 0))
    (answer,) = session.run([request])
    if isinstance(answer, Failure):
        return None
    expected = reference(("program", *whole))
    steps = suspect.task.rounding_steps
    for start in range(0, len(answer), len(expected)):
        run = answer[start : start + len(expected)]
        found = _parting(program, expected, run, steps)
        if found is not None:
            return found
    return None


def _parting(
    program: Program, expected: Sequence[float], actual: Sequence[float], steps: int
) -> FirstDifference | None:
    size, names = program.size, node_names(program.size)

    def difference(i: int, quantity: Literal["data", "grad"]) -> FirstDifference | None:
        at = i if quantity == "data" else size + i
        if close(actual[at], expected[at], steps):
            return None
        text = names[i]
        if i >= len(program.leaves):
            text = expression(program.instructions[i - len(program.leaves)], names)
        uses = [
            f"{names[len(program.leaves) + j]} = {expression(instruction, names)}"
            for j, instruction in enumerate(program.instructions)
            if quantity == "grad" and i in operands(instruction)
        ]
        return FirstDifference(names[i], text, quantity, expected[at], actual[at], uses)

    for i in range(size):
        if (found := difference(i, "data")) is not None:
            return found
    reached = set().union(*(used_nodes(program, root) for root in program.roots))
    # An engine may keep no gradients but the leaves': then only leaves can be compared.
    keeps_all = any(actual[size + i] for i in range(len(program.leaves), size))
    for i in sorted(reached, reverse=True):
        if (i < len(program.leaves) or keeps_all) and (found := difference(i, "grad")):
            return found
    return None
