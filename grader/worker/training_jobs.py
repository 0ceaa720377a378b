"""The learner's loss and training loop, on a one-weight model or on their own network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .answers import Submission, defined, items, number, value_number
from .network_jobs import build_mlp, read_neurons

ModelSpec = tuple[Any, ...]  # ("weight", w) or ("mlp", nin, nouts, weights)


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


def loss(
    submission: Submission, model_spec: ModelSpec, xs: Any, ys: Sequence[float]
) -> list[float]:
    """Return the number of the learner's loss."""
    return [value_number(_loss(submission, model_spec, xs, ys)[0], "`loss(model, xs, ys)`")]


def loss_gradients(
    submission: Submission, model_spec: ModelSpec, xs: Any, ys: Sequence[float]
) -> list[float]:
    """Return the gradients of the learner's loss for every parameter."""
    total, model = _loss(submission, model_spec, xs, ys)
    value_number(total, "`loss(model, xs, ys)`")
    total.backward()
    return [number(p.grad, "`.grad` of a parameter") for p in trained(model)]


def _loss(
    submission: Submission, model_spec: ModelSpec, xs: Any, ys: Sequence[float]
) -> tuple[Any, Any]:
    compute = defined(submission, "train", "loss")
    model = training_model(submission, model_spec)
    return compute(model, [list(x) for x in xs], list(ys)), model


def training(
    submission: Submission,
    model_spec: ModelSpec,
    xs: Sequence[Sequence[float]],
    ys: Sequence[float],
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
    """Tell whether the learner's one-output network wraps its output.

    Where there is no network to ask, tell what their `loss` reads: a correct `train.py` is
    not to fail because `nn.py` has a mistake.
    """
    try:
        output = defined(submission, "nn", "MLP")(1, [1])([0.5])
    except Exception:
        return not _loss_reads(submission, in_list=False) and _loss_reads(submission, in_list=True)
    return isinstance(output, list | tuple)


def _loss_reads(submission: Submission, *, in_list: bool) -> bool:
    """Tell whether the learner's loss gives a number for a model that answers in this form."""
    try:
        weight = defined(submission, "engine", "Value")(1.0)
        total = defined(submission, "train", "loss")(OneWeight(weight, in_list), [[1.0]], [0.5])
        value_number(total, "`loss(model, xs, ys)`")
    except Exception:
        return False
    return True
