"""Neurons, layers and networks of the learner's."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .answers import Submission, Unexpected, defined, items, number, outputs, value_number

Weights = Sequence[Sequence[tuple[Sequence[float], float]]]  # layers × neurons × (weights, bias)


def neuron(
    submission: Submission, weights: Sequence[float], bias: float, x: Sequence[float]
) -> list[float]:
    """Return what a `Neuron` with these weights computes for `x`."""
    unit = defined(submission, "nn", "Neuron")(len(weights))
    write_neuron(unit, weights, bias, "`Neuron`")
    return outputs(unit(list(x)), 1, "`Neuron(…)(x)`")


def forward(
    submission: Submission,
    nin: int,
    nouts: Sequence[int],
    weights: Weights,
    x: Sequence[float],
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


def parameters_of(nin: int, nouts: Sequence[int]) -> int:
    """Return how many weights and biases an `MLP` of these sizes has."""
    inputs = [nin, *nouts]
    return sum((inputs[i] + 1) * nout for i, nout in enumerate(nouts))


def parameters_once(submission: Submission, nin: int, nouts: Sequence[int]) -> list[float]:
    """Return how often each weight and bias of an `MLP` is in `.parameters()`: the object."""
    model = defined(submission, "nn", "MLP")(nin, list(nouts))
    listed = parameters(model)
    own = items(list(read_neurons(model)), parameters_of(nin, nouts), "`MLP(…)` in all its layers")
    return [float(sum(parameter is listed_ for listed_ in listed)) for parameter in own]


def halved_parameters(
    submission: Submission, nin: int, nouts: Sequence[int], weights: Weights, x: Sequence[float]
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
    weights = [
        weight
        for model in models
        for layer in model.layers
        for unit in layer.neurons
        for weight in unit.w
    ]
    count = 2 * (parameters_of(nin, nouts) - sum(nouts))
    return [
        value_number(weight, "a weight") for weight in items(weights, count, "two networks' `.w`")
    ]


def gradients(
    submission: Submission, nin: int, nouts: Sequence[int], weights: Weights, x: Sequence[float]
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


def zero_grad(
    submission: Submission, numbers: Sequence[float], kind: str, *arguments: Any
) -> list[float]:
    """Return the gradients, and then the numbers, that `.zero_grad()` leaves.

    Before it, the parameters hold `numbers`, one each, and have them as gradients too.
    """
    model = new(submission, kind, arguments)
    read = {"MLP": read_neurons, "Layer": read_layer, "Neuron": read_neuron}[kind]
    there = items(list(read(model)), len(numbers), f"`{kind}` as a list of weights and biases")
    for parameter, number_ in zip(there, numbers, strict=True):
        parameter.data = parameter.grad = number_
    model.zero_grad()
    gradients = [number(parameter.grad, "`.grad` after zero_grad()") for parameter in read(model)]
    return gradients + [value_number(parameter, "a parameter") for parameter in read(model)]


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


def write_neuron(unit: Any, weights: Sequence[float], bias: float, what: str) -> None:
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
