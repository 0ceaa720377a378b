"""A multi-layer perceptron made of scalar Values."""

from __future__ import annotations

import random
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Union

from engine import Value

Scalar = Union[Value, int, float]


class Module(ABC):
    """Anything with parameters."""

    @abstractmethod
    def parameters(self) -> list[Value]:
        """Return every weight and bias once."""

    def zero_grad(self) -> None:
        """Set the gradient of every parameter back to zero."""
        for parameter in self.parameters():
            parameter.grad = 0.0


class Neuron(Module):
    """tanh of a weighted sum plus a bias."""

    def __init__(self, nin: int) -> None:
        """Draw `nin` weights and a bias from [-1, 1]."""
        self.w: list[Value] = [Value(random.uniform(-1, 1)) for _ in range(nin)]
        self.b: Value = Value(random.uniform(-1, 1))

    def __call__(self, x: Sequence[Scalar]) -> Value:
        """Return the activation for the inputs `x`."""
        if len(x) != len(self.w):
            raise ValueError(f"expected {len(self.w)} inputs, got {len(x)}")
        total: Value = self.b
        for weight, value in zip(self.w, x):
            total = total + weight * value
        return total.tanh()

    def parameters(self) -> list[Value]:
        """Return the weights, then the bias."""
        return [*self.w, self.b]


class Layer(Module):
    """Neurons that all see the same inputs."""

    def __init__(self, nin: int, nout: int) -> None:
        """Make `nout` neurons with `nin` inputs each."""
        self.neurons: list[Neuron] = [Neuron(nin) for _ in range(nout)]

    def activations(self, x: Sequence[Scalar]) -> list[Value]:
        """Return one Value per neuron."""
        return [neuron(x) for neuron in self.neurons]

    def __call__(self, x: Sequence[Scalar]) -> Value | list[Value]:
        """Return the activations, or the only one."""
        out = self.activations(x)
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        """Return the parameters of all neurons."""
        return [p for neuron in self.neurons for p in neuron.parameters()]


class MLP(Module):
    """Layers in a row, each reading what the one before it wrote."""

    def __init__(self, nin: int, nouts: Sequence[int]) -> None:
        """Make one layer for every entry of `nouts`."""
        sizes: list[int] = [nin, *nouts]
        self.layers: list[Layer] = [Layer(a, b) for a, b in zip(sizes[:-1], sizes[1:])]

    def __call__(self, x: Sequence[Scalar]) -> Value | list[Value]:
        """Return the last layer's activations, or the only one."""
        for layer in self.layers[:-1]:
            x = layer.activations(x)
        return self.layers[-1](x)

    def parameters(self) -> list[Value]:
        """Return the parameters of all layers."""
        return [p for layer in self.layers for p in layer.parameters()]
