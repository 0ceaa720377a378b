"""Any job as Python that a learner can paste."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.programs import Program, literal, node_names, to_python
from grader.submission import Submission
from grader.tasks import Job
from grader.worker.network_jobs import Weights

LONGEST = 30
"""A script of more lines is shown by its beginning and its end."""


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


@dataclass(frozen=True)
class Style:
    """What a script has to know of the submission it is for.

    `package` is the folder that the modules must be imported from, where they import each
    other relatively. `output_in_list` says whether a one-output network returns a list.
    `notebooks` are the modules that cannot be imported: there, a script goes into a new cell.
    """

    modules: Mapping[str, str] = field(default_factory=dict)
    package: str = ""
    output_in_list: bool = False
    notebooks: frozenset[str] = frozenset()

    @staticmethod
    def of(submission: Submission, output_in_list: bool) -> Style:
        """Read the style off a submission's files."""
        lines = (line for file in submission.files.values() for line in file.text.splitlines())
        is_package = "__init__" in submission.files or any(
            line.startswith("from .") for line in lines
        )
        package = f"{submission.folders[-1]}." if is_package else ""
        notebooks = frozenset(n for n, file in submission.files.items() if file.cell_starts)
        return Style(submission.roles, package, output_in_list, notebooks)

    def imports(self, *wanted: tuple[str, str]) -> str:
        """Return import lines for (role, name) pairs."""
        modules = [(self.modules.get(role, role), name) for role, name in wanted]
        lines = [
            f"from {self.package}{module} import {name}"
            for module, name in modules
            if module not in self.notebooks
        ]
        if len(lines) < len(modules):
            lines.append("# in a new cell at the end of the notebook")
        return "\n".join(lines)

    def outputs(self, nouts: Sequence[int]) -> list[str]:
        """Name the outputs of a network after `out = model(x)`."""
        if nouts[-1] == 1 and not self.output_in_list:
            return ["out"]
        return [f"out[{i}]" for i in range(nouts[-1])]


def script_for(style: Style, job: Job) -> Script | None:
    """Return a job as Python that imports the submission's own files; None if it has no form."""
    make = _SCRIPTS.get(job[0])
    return make(style, job) if make else None


def _program_script(style: Style, job: Job) -> Script:
    program = Program(*job[1:])
    names = node_names(program.size)
    first = len(program.leaves)
    shown = {
        "results": [f"{name}.data" for name in names[first:]],
        "operands": [f"{name}.data" for name in names[:first]],
        "gradients": [f"{name}.grad" for name in names[:first]],
    }[program.observe]
    return Script(f"{style.imports(('engine', 'Value'))}\n\n{to_python(program)}", shown)


def _neuron_script(style: Style, job: Job) -> Script:
    _, weights, bias, x = job
    lines = [style.imports(("nn", "Neuron")), "", f"n = Neuron({len(weights)})"]
    lines += [f"n.w[{i}].data = {literal(w)}" for i, w in enumerate(weights)]
    lines += [f"n.b.data = {literal(bias)}", f"out = n({list(x)})"]
    return Script("\n".join(lines), ["out.data"])


def _new(kind: str, arguments: Sequence[object]) -> str:
    parts = (str(list(part)) if isinstance(part, tuple) else str(part) for part in arguments)
    return f"{kind}({', '.join(parts)})"


def _count_script(style: Style, job: Job) -> Script:
    _, kind, *arguments = job
    lines = [style.imports(("nn", kind)), "", f"model = {_new(kind, arguments)}"]
    return Script("\n".join(lines), ["len(model.parameters())"])


def _zero_grad_script(style: Style, job: Job) -> Script:
    _, numbers, kind, *arguments = job
    names = _parameter_names(kind, arguments)
    lines = [style.imports(("nn", kind)), "", f"model = {_new(kind, arguments)}"]
    lines += [f"{name}.data = {name}.grad = {n}" for name, n in zip(names, numbers, strict=True)]
    shown = [f"{name}.{part}" for part in ("grad", "data") for name in names]
    return Script("\n".join([*lines, "model.zero_grad()"]), shown)


def _sizes_script(style: Style, job: Job) -> Script:
    _, nin, nouts = job
    lines = [style.imports(("nn", "MLP")), "", f"model = {_new('MLP', (nin, nouts))}"]
    shown = ["len(model.layers)"]
    shown += [f"len(model.layers[{i}].neurons)" for i in range(len(nouts))]
    shown += [
        f"len(model.layers[{i}].neurons[{j}].w)"
        for i, count in enumerate(nouts)
        for j in range(count)
    ]
    return Script("\n".join(lines), shown)


def _once_script(style: Style, job: Job) -> Script:
    _, nin, nouts = job
    lines = [
        style.imports(("nn", "MLP")),
        "",
        f"model = {_new('MLP', (nin, nouts))}",
        "def times(value):  # in the list, as this very object",
        "    return sum(value is listed for listed in model.parameters())",
    ]
    return Script(
        "\n".join(lines), [f"times({name})" for name in _parameter_names("MLP", (nin, nouts))]
    )


def _parameter_names(kind: str, arguments: Sequence[Any], quantity: str = "") -> list[str]:
    """Name every weight and bias of a `model` of this kind, from where they are kept."""
    nin, *rest = arguments
    if kind == "Neuron":
        neurons = [("model", nin)]
    elif kind == "Layer":
        neurons = [(f"model.neurons[{j}]", nin) for j in range(rest[0])]
    else:
        neurons = [
            (f"model.layers[{i}].neurons[{j}]", (nin, *rest[0])[i])
            for i, count in enumerate(rest[0])
            for j in range(count)
        ]
    return [
        f"{neuron}.{part}{quantity}"
        for neuron, count in neurons
        for part in (*(f"w[{k}]" for k in range(count)), "b")
    ]


def _forward_script(style: Style, job: Job) -> Script:
    _, nin, nouts, weights, x, inputs = job
    lines = [*_network_lines(style, nin, nouts, weights, inputs == "values")]
    row = (
        f"[{', '.join(f'Value({literal(n)})' for n in x)}]" if inputs == "values" else f"{list(x)}"
    )
    return Script(
        "\n".join([*lines, f"out = model({row})"]), [f"{out}.data" for out in style.outputs(nouts)]
    )


def _halved_script(style: Style, job: Job) -> Script:
    _, nin, nouts, weights, x = job
    lines = [*_network_lines(style, nin, nouts, weights)]
    lines += [
        "list(model.parameters())  # and again:",
        "for p in model.parameters():",
        "    p.data = p.data / 2",
        f"out = model({list(x)})",
    ]
    return Script("\n".join(lines), [f"{out}.data" for out in style.outputs(nouts)])


def _gradients_script(style: Style, job: Job) -> Script:
    _, nin, nouts, weights, x = job
    lines = [*_network_lines(style, nin, nouts, weights), f"out = model({list(x)})"]
    lines.append(f"total = {' + '.join(style.outputs(nouts))}")
    lines.append("total.backward()")
    return Script("\n".join(lines), _parameter_names("MLP", (nin, nouts), ".grad"))


def _network_lines(
    style: Style,
    nin: int,
    nouts: Sequence[int],
    weights: Weights,
    values: bool = False,
    more: Sequence[tuple[str, str]] = (),
) -> list[str]:
    wanted = [("nn", "MLP"), *((("engine", "Value"),) if values else ()), *more]
    table = [[(list(w), b) for w, b in layer] for layer in weights]
    rows = ",\n".join(f"    {row}" for row in table)
    return [
        style.imports(*wanted),
        "",
        f"model = MLP({nin}, {list(nouts)})",
        f"weights = [  # layers of neurons: (weights, bias)\n{rows},\n]",
        "for layer, rows in zip(model.layers, weights):",
        "    for neuron, (w, b) in zip(layer.neurons, rows):",
        "        for value, number in zip(neuron.w, w):",
        "            value.data = number",
        "        neuron.b.data = b",
    ]


def _model_lines(style: Style, spec: Sequence[Any], function: str) -> list[str]:
    """Return lines that make the model of a training job and import `function`."""
    if spec[0] == "mlp":
        return _network_lines(style, spec[1], spec[2], spec[3], more=[("train", function)])
    return [
        style.imports(("engine", "Value"), ("train", function)),
        "",
        "class OneWeight:",
        "    def __init__(self):",
        f"        self.w = Value({literal(spec[1])})",
        "    def __call__(self, x):",
        f"        return {'[self.w * x[0]]' if style.output_in_list else 'self.w * x[0]'}",
        "    def parameters(self):",
        "        return [self.w]",
        "    def zero_grad(self):",
        "        self.w.grad = 0.0",
        "",
        "model = OneWeight()",
    ]


def _trained_names(spec: Sequence[Any], quantity: str) -> list[str]:
    if spec[0] == "weight":
        return [f"model.w{quantity}"]
    return _parameter_names("MLP", spec[1:3], quantity)


def _examples_text(xs: Sequence[Sequence[float]], ys: Sequence[float]) -> str:
    return f"{[list(x) for x in xs]}, {list(ys)}"


def _loss_script(style: Style, job: Job) -> Script:
    kind, spec, xs, ys = job
    lines = _model_lines(style, spec, "loss")
    lines.append(f"total = loss(model, {_examples_text(xs, ys)})")
    if kind == "loss":
        return Script("\n".join(lines), ["total.data"])
    return Script("\n".join([*lines, "total.backward()"]), _trained_names(spec, ".grad"))


def _training_script(style: Style, job: Job) -> Script:
    _, spec, xs, ys, steps, rate, observe = job
    lines = _model_lines(style, spec, "train")
    if observe == "examples":
        lines.append(f"xs, ys = {_examples_text(xs, ys)}")
        lines.append(f"losses = train(model, xs, ys, steps={steps}, learning_rate={rate})")
        shown = [f"xs[{i}][{j}]" for i, x in enumerate(xs) for j in range(len(x))]
        return Script("\n".join(lines), [*shown, *(f"ys[{i}]" for i in range(len(ys)))])
    examples = _examples_text(xs, ys)
    lines.append(f"losses = train(model, {examples}, steps={steps}, learning_rate={rate})")
    if observe == "losses":
        return Script("\n".join(lines), [f"losses[{i}]" for i in range(steps)])
    return Script("\n".join(lines), _trained_names(spec, ".data"))


_SCRIPTS: Mapping[str, Callable[[Style, Job], Script]] = {
    "program": _program_script,
    "neuron": _neuron_script,
    "forward": _forward_script,
    "sizes": _sizes_script,
    "parameter-count": _count_script,
    "parameters-once": _once_script,
    "halved-parameters": _halved_script,
    "gradients": _gradients_script,
    "zero-grad": _zero_grad_script,
    "loss": _loss_script,
    "loss-gradients": _loss_script,
    "training": _training_script,
}
