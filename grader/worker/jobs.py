"""One task of each kind, run with a submission's code and turned into plain floats.

The same functions run the reference, for the expected numbers: a task is data, and whose
`Value` computes it makes no difference here. A job returns exactly as many numbers as the
grader expects of it, or raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, Protocol

from .operations import OPERATIONS

Vector = Sequence[float]
Instruction = tuple[Any, ...]  # (operation, node) or (operation, node, node or number)
Weights = Sequence[Sequence[tuple[Vector, float]]]  # layers × neurons × (weights, bias)
ModelSpec = tuple[Any, ...]  # ("weight", w) or ("mlp", nin, nouts, weights)


class Unexpected(Exception):  # noqa: N818 (not an error of ours: what the learner's code gave)
    """The learner's code ran, and gave something else than the contract asks for."""


class Submission(Protocol):
    """Where a job finds the learner's three files."""

    imports: Mapping[str, Mapping[str, int]]

    def load(self, role: str) -> ModuleType:
        """Return the module that plays `engine`, `nn` or `train`."""

    def reraise(self, role: str) -> None:
        """Raise again what the top level of that module raised, if it did."""


def run(submission: Submission, job: Sequence[Any]) -> list[float]:
    """Run one job, a kind and its arguments, and return its numbers."""
    kind, *arguments = job
    return JOBS[kind](submission, *arguments)


# ── The engine ────────────────────────────────────────────────────────────────────────


def load(submission: Submission, role: str) -> list[float]:
    """Import a role's module, so that its top-level code is charged to no claim.

    Raises whatever that code raises.
    """
    submission.load(role)
    submission.reraise(role)
    return []


def survey(
    submission: Submission, role: str, names: Sequence[str], packages: Sequence[str]
) -> list[float]:
    """Tell which names a role's module defines: 1 or 0 each.

    After that, in which line the file imports each of `packages`, or 0.
    """
    module = submission.load(role)
    imports = submission.imports[module.__name__.rpartition(".")[2]]
    defined_ = [float(hasattr(module, name)) for name in names]
    return defined_ + [float(imports.get(package, 0)) for package in packages]


def program(
    submission: Submission,
    leaves: Vector,
    instructions: Sequence[Instruction],
    roots: Sequence[int],
    observe: str,
) -> list[float]:
    """Run an expression graph, call `backward()` on each root, and observe.

    Nodes are numbered: first the leaves, then the results of the instructions. `observe`:
    `results` are the numbers of all instructions, `operands` those of the leaves,
    `gradients` the leaves' gradients, `nodes` the numbers of all nodes and then all
    gradients, where a gradient that is no number counts as NaN (only leaves are judged).
    """
    value_class = defined(submission, "engine", "Value")
    nodes = [value_class(leaf) for leaf in leaves]
    for instruction in instructions:
        nodes.append(execute(instruction, nodes))
    first = len(leaves)
    if observe == "results":
        return [data_of(nodes[i], i, first, instructions) for i in range(first, len(nodes))]
    for root in roots:
        nodes[root].backward()
    if observe == "operands":
        return [data_of(nodes[i], i, first, instructions) for i in range(first)]
    if observe == "gradients":
        return [number(leaf.grad, "a leaf's `.grad`") for leaf in nodes[:first]]
    numbers = [data_of(node, i, first, instructions) for i, node in enumerate(nodes)]
    return numbers + [number_or_nan(getattr(node, "grad", None)) for node in nodes]


def execute(instruction: Instruction, nodes: Sequence[Any]) -> Any:
    """Compute one instruction's node with the learner's operators."""
    operation = OPERATIONS[instruction[0]]
    if operation.operand is None:
        return operation.apply(nodes[instruction[1]])
    operand = instruction[2]
    return operation.apply(
        nodes[instruction[1]], nodes[operand] if operation.operand == "node" else operand
    )


def data_of(node: Any, index: int, first: int, instructions: Sequence[Instruction]) -> float:
    """Return a node's number; `index` and `first` name the node in an error."""
    if index < first:
        what = "`Value(number)`"
    else:
        name, *operands = instructions[index - first]
        operation = OPERATIONS[name]
        b = operands[1] if operation.operand == "number" else "b"
        what = f"`{operation.python.format(a='a', b=b)}`"
    return value_number(node, what)


# ── The network ───────────────────────────────────────────────────────────────────────


def neuron(submission: Submission, weights: Vector, bias: float, x: Vector) -> list[float]:
    """Return what a `Neuron` with these weights computes for `x`."""
    unit = defined(submission, "nn", "Neuron")(len(weights))
    write_neuron(unit, weights, bias, "`Neuron`")
    return outputs(unit(list(x)), 1, "`Neuron(…)(x)`")


def forward(
    submission: Submission,
    nin: int,
    nouts: Sequence[int],
    weights: Weights,
    x: Vector,
    inputs: str,
) -> list[float]:
    """Return what an `MLP` with these weights computes for `x`, given as `floats` or `values`."""
    model = build_mlp(submission, nin, nouts, weights)
    if inputs == "values":
        value_class = defined(submission, "engine", "Value")
        return outputs(model([value_class(number_) for number_ in x]), nouts[-1], "`MLP(…)(x)`")
    return outputs(model(list(x)), nouts[-1], "`MLP(…)(x)`")


def sizes(submission: Submission, nin: int, nouts: Sequence[int]) -> list[float]:
    """Return how many layers an `MLP` has, neurons each layer, and weights each neuron."""
    model = defined(submission, "nn", "MLP")(nin, list(nouts))
    layers = items(model.layers, len(nouts), "`MLP(…).layers`")
    neurons = [
        items(layer.neurons, nout, "`.neurons` of a layer")
        for layer, nout in zip(layers, nouts, strict=True)
    ]
    weights = [float(len(unit.w)) for units in neurons for unit in units]
    return [float(len(layers)), *(float(len(units)) for units in neurons), *weights]


def parameter_count(submission: Submission, kind: str, *arguments: Any) -> list[float]:
    """Return how many parameters a new `Neuron`, `Layer` or `MLP` lists."""
    return [float(len(parameters(new(submission, kind, arguments))))]


def parameters_once(submission: Submission, nin: int, nouts: Sequence[int]) -> list[float]:
    """Return how often each weight and bias of an `MLP` is in `.parameters()`: the object."""
    model = defined(submission, "nn", "MLP")(nin, list(nouts))
    listed = parameters(model)
    return [
        float(sum(parameter is listed_ for listed_ in listed)) for parameter in read_neurons(model)
    ]


def halved_parameters(
    submission: Submission, nin: int, nouts: Sequence[int], weights: Weights, x: Vector
) -> list[float]:
    """Return an `MLP`'s outputs after each Value in `.parameters()` has been halved."""
    model = build_mlp(submission, nin, nouts, weights)
    parameters(model)  # a list made anew at each call must hold the same objects
    for parameter in parameters(model):
        parameter.data = parameter.data / 2
    return outputs(model(list(x)), nouts[-1], "`MLP(…)(x)`")


def starting_weights(submission: Submission, nin: int, nouts: Sequence[int]) -> list[float]:
    """Return the weights, without biases, of two new networks of these sizes."""
    models = [defined(submission, "nn", "MLP")(nin, list(nouts)) for _ in range(2)]
    return [
        value_number(weight, "a weight")
        for model in models
        for layer in model.layers
        for unit in layer.neurons
        for weight in unit.w
    ]


def gradients(
    submission: Submission, nin: int, nouts: Sequence[int], weights: Weights, x: Vector
) -> list[float]:
    """Return the gradient of an `MLP`'s summed outputs for every weight and bias."""
    model = build_mlp(submission, nin, nouts, weights)
    result = model(list(x))
    first, *others = result if isinstance(result, list | tuple) else [result]
    total = first
    for output in others:
        total = total + output
    total.backward()
    return [number(p.grad, "`.grad` of a parameter") for p in read_neurons(model)]


def zero_grad(submission: Submission, kind: str, *arguments: Any) -> list[float]:
    """Return the gradients that `.zero_grad()` leaves, where each was 1 before."""
    model = new(submission, kind, arguments)
    read = {"MLP": read_neurons, "Layer": read_layer, "Neuron": read_neuron}[kind]
    for parameter in read(model):
        parameter.grad = 1.0
    model.zero_grad()
    return [number(parameter.grad, "`.grad` after zero_grad()") for parameter in read(model)]


def new(submission: Submission, kind: str, arguments: Sequence[Any]) -> Any:
    """Make the learner's `Neuron`, `Layer` or `MLP`."""
    thawed = [list(part) if isinstance(part, tuple) else part for part in arguments]
    return defined(submission, "nn", kind)(*thawed)


def build_mlp(submission: Submission, nin: int, nouts: Sequence[int], weights: Weights) -> Any:
    """Make the learner's `MLP` and write the given weights into it."""
    model = defined(submission, "nn", "MLP")(nin, list(nouts))
    layers = items(model.layers, len(weights), "`MLP(…).layers`")
    for layer, layer_weights in zip(layers, weights, strict=True):
        neurons = items(layer.neurons, len(layer_weights), "`Layer(…).neurons`")
        for unit, (unit_weights, bias) in zip(neurons, layer_weights, strict=True):
            write_neuron(unit, unit_weights, bias, "a neuron of the `MLP`")
    return model


def write_neuron(unit: Any, weights: Vector, bias: float, what: str) -> None:
    """Set a neuron's weights and bias by writing `.data`."""
    for weight, number_ in zip(
        items(unit.w, len(weights), f"`.w` of {what}"), weights, strict=True
    ):
        weight.data = number_
    unit.b.data = bias


def read_neurons(model: Any) -> Iterator[Any]:
    """Yield every weight and bias of an `MLP`, from where they are kept."""
    for layer in model.layers:
        yield from read_layer(layer)


def read_layer(layer: Any) -> Iterator[Any]:
    """Yield every weight and bias of a `Layer`, neuron by neuron."""
    for unit in layer.neurons:
        yield from read_neuron(unit)


def read_neuron(unit: Any) -> Iterator[Any]:
    """Yield a `Neuron`'s weights, then its bias."""
    yield from unit.w
    yield unit.b


def parameters(model: Any) -> list[Any]:
    """Return `model.parameters()` as a list, whatever sequence it came in."""
    listed = model.parameters()
    if listed is None:
        raise Unexpected("`.parameters()` gave None, not a list of Values")
    return list(listed)


# ── The training loop ─────────────────────────────────────────────────────────────────


class OneWeight:
    """The smallest model: one weight, prediction w·x. Stands in for a network."""

    def __init__(self, weight: Any, in_list: bool) -> None:
        self.weight = weight
        self._in_list = in_list

    def __call__(self, x: Sequence[Any]) -> Any:
        """Return w·x₀ in the form that the learner's own one-output network uses."""
        prediction = self.weight * x[0]
        return [prediction] if self._in_list else prediction

    def parameters(self) -> list[Any]:
        """Return the weight."""
        return [self.weight]

    def zero_grad(self) -> None:
        """Set the weight's gradient back to 0."""
        self.weight.grad = 0.0


def loss(submission: Submission, model_spec: ModelSpec, xs: Any, ys: Vector) -> list[float]:
    """Return the number of the learner's loss."""
    return [value_number(_loss(submission, model_spec, xs, ys)[0], "`loss(model, xs, ys)`")]


def loss_gradients(
    submission: Submission, model_spec: ModelSpec, xs: Any, ys: Vector
) -> list[float]:
    """Return the gradients of the learner's loss for every parameter."""
    total, model = _loss(submission, model_spec, xs, ys)
    value_number(total, "`loss(model, xs, ys)`")
    total.backward()
    return [number(p.grad, "`.grad` of a parameter") for p in trained(model)]


def _loss(submission: Submission, model_spec: ModelSpec, xs: Any, ys: Vector) -> tuple[Any, Any]:
    compute = defined(submission, "train", "loss")
    model = training_model(submission, model_spec)
    return compute(model, [list(x) for x in xs], list(ys)), model


def training(
    submission: Submission,
    model_spec: ModelSpec,
    xs: Sequence[Vector],
    ys: Vector,
    steps: int,
    learning_rate: float,
    observe: str,
) -> list[float]:
    """Train a fresh model with the learner's `train` and observe.

    `observe`: `losses` are the returned list, `parameters` the model's numbers afterwards,
    read from where they are kept and not from `.parameters()`; `examples` what has become
    of the inputs and targets.
    """
    run_training = defined(submission, "train", "train")
    model = training_model(submission, model_spec)
    inputs, targets = [list(x) for x in xs], list(ys)
    losses = run_training(model, inputs, targets, steps=steps, learning_rate=learning_rate)
    if observe == "losses":
        listed = items(losses, steps, "what `train` returned")
        return [number(loss, "a loss that `train` returned") for loss in listed]
    if observe == "examples":
        rows = [items(row, len(x), "an input") for row, x in zip(inputs, xs, strict=True)]
        numbers = [part for row in rows for part in row] + items(targets, len(ys), "the targets")
        return [number(part, "an input or target after training") for part in numbers]
    return [value_number(p, "a parameter after training") for p in trained(model)]


def trained(model: Any) -> list[Any]:
    """Return what a training job trains, from where it is kept."""
    return [model.weight] if isinstance(model, OneWeight) else list(read_neurons(model))


def training_model(submission: Submission, model_spec: ModelSpec) -> Any:
    """Make the fresh model of a training job: `("weight", w)` or `("mlp", …)`."""
    if model_spec[0] == "mlp":
        return build_mlp(submission, *model_spec[1:])
    weight = defined(submission, "engine", "Value")(model_spec[1])
    return OneWeight(weight, single_output_in_list(submission))


def starting_parameters(model_spec: ModelSpec) -> tuple[float, ...]:
    """Return the numbers that a training job writes into its fresh model, in their order."""
    if model_spec[0] == "weight":
        return (model_spec[1],)
    return tuple(
        number_
        for layer in model_spec[3]
        for weights, bias in layer
        for number_ in (*weights, bias)
    )


def output_form(submission: Submission) -> list[float]:
    """Return 1 where the learner's one-output network gives a list, 0 where a bare Value."""
    return [float(single_output_in_list(submission))]


def single_output_in_list(submission: Submission) -> bool:
    """Tell whether the learner's one-output network wraps its output; no network: no."""
    try:
        output = defined(submission, "nn", "MLP")(1, [1])([0.5])
    except Exception:
        return False
    return isinstance(output, list | tuple)


# ── What comes out ────────────────────────────────────────────────────────────────────


def defined(submission: Submission, role: str, name: str) -> Any:
    """Return what the module of a role calls `name`."""
    loaded = submission.load(role)
    try:
        return getattr(loaded, name)
    except AttributeError:
        submission.reraise(role)
        raise Unexpected(f"`{name}` is not defined in {loaded.__file__}") from None


def items(sequence: Any, count: int, what: str) -> list[Any]:
    """Return `sequence` as a list if it is one of `count` items."""
    if not isinstance(sequence, list | tuple):
        raise Unexpected(f"{what} is {described(sequence)}, not a list")
    if len(sequence) != count:
        raise Unexpected(f"{what} has {len(sequence)} items, not {count}")
    return list(sequence)


def outputs(result: Any, count: int, what: str) -> list[float]:
    """Return a layer's output numbers; a single one may come with or without a list."""
    if count == 1 and not isinstance(result, list | tuple):
        result = [result]
    return [value_number(output, what) for output in items(result, count, what)]


def value_number(node: Any, what: str) -> float:
    """Return `node.data`, where `node` should be a Value."""
    try:
        data = node.data
    except AttributeError:
        if hasattr(type(node), "data"):
            raise  # it is there, and the learner's own code failed inside it
        raise Unexpected(f"{what} gave {described(node)}, not a Value") from None
    return number(data, f"`.data` of {what}")


def number(thing: Any, what: str) -> float:
    """Return `thing` if it is exactly a float or an int; nothing else counts as a number."""
    kind = type(thing)
    if kind is float:
        return thing  # type: ignore[no-any-return]
    if kind is int:
        try:
            return float(thing)
        except OverflowError:
            raise Unexpected(f"{what} is an int too large for a float") from None
    raise Unexpected(f"{what} is {described(thing)}, not a number")


def number_or_nan(thing: Any) -> float:
    """Return `thing` as `number` does, or NaN."""
    try:
        return number(thing, "")
    except Unexpected:
        return float("nan")


def described(thing: Any) -> str:
    """Name what was given instead, without running any of its code."""
    return "None" if thing is None else f"a {type(thing).__name__}"


JOBS: dict[str, Callable[..., list[float]]] = {
    "load": load,
    "survey": survey,
    "program": program,
    "neuron": neuron,
    "forward": forward,
    "sizes": sizes,
    "parameter-count": parameter_count,
    "parameters-once": parameters_once,
    "halved-parameters": halved_parameters,
    "starting-weights": starting_weights,
    "gradients": gradients,
    "zero-grad": zero_grad,
    "output-form": output_form,
    "loss": loss,
    "loss-gradients": loss_gradients,
    "training": training,
}
