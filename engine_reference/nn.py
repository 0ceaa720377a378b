"""A network of neurons. Everything in it is an expression of `Value`s, one graph a run."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence

from engine_reference.engine import Value


class Neuron:
    """Compute tanh(w·x + b): one trainable weight for each of `nin` inputs, and one bias.

    Weights start at random in (−1, 1). Were they all equal, every neuron of a layer would
    compute the same number, receive the same gradient and stay equal for ever.
    """

    def __init__(self, nin: int) -> None:
        self.w = [Value(random.uniform(-1, 1)) for _ in range(nin)]  # noqa: S311 (no secret)
        self.b = Value(0.0)

    def __call__(self, x: Sequence[Value | float]) -> Value:
        """Return the activation for `x`: nin numbers or Values."""
        total = self.b
        for weight, input_ in zip(self.w, x, strict=True):
            total = total + weight * input_
        return total.tanh()

    def parameters(self) -> list[Value]:
        """Return the nin weights and the bias: the live objects, not copies."""
        return [*self.w, self.b]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter back to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Layer:
    """`nout` neurons side by side, each of which reads all `nin` inputs."""

    def __init__(self, nin: int, nout: int) -> None:
        self.neurons = [Neuron(nin) for _ in range(nout)]

    def __call__(self, x: Sequence[Value | float]) -> list[Value]:
        """Return the nout activations for `x`: nin numbers or Values."""
        return [neuron(x) for neuron in self.neurons]

    def parameters(self) -> list[Value]:
        """Return the parameters of all neurons, each once."""
        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter back to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class MLP:
    """Layers in a row, each fed with what the one before it returned.

    `MLP(3, [4, 4, 1])` takes 3 inputs through layers of 4, 4 and 1 neurons. Its parameters:
    (3 + 1)·4 + (4 + 1)·4 + (4 + 1)·1 = 41.
    """

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        sizes = [nin, *nouts]
        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes)]

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        """Return the last layer's activations for `x`; a single one without its list."""
        for layer in self.layers:
            x = outputs = layer(x)
        return outputs[0] if len(outputs) == 1 else outputs

    def parameters(self) -> list[Value]:
        """Return the parameters of all layers, each once."""
        return [parameter for layer in self.layers for parameter in layer.parameters()]

    def zero_grad(self) -> None:
        """Set the gradient of every parameter back to 0."""
        for parameter in self.parameters():
            parameter.grad = 0.0
