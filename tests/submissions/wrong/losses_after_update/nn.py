from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import InitVar, dataclass, field

from engine import Value


def random_value() -> Value:
    return Value(random.uniform(-1, 1))


@dataclass
class Neuron:
    nin: InitVar[int]
    w: list[Value] = field(init=False)
    b: Value = field(init=False, default_factory=random_value)

    def __post_init__(self, nin: int) -> None:
        self.w = [random_value() for _ in range(nin)]

    def __call__(self, x: Sequence[Value | float]) -> Value:
        return sum((w * xi for w, xi in zip(self.w, x)), start=self.b).tanh()

    def parameters(self) -> list[Value]:
        return [*self.w, self.b]

    def zero_grad(self) -> None:
        for p in self.parameters():
            p.grad = 0.0


@dataclass
class Layer:
    nin: InitVar[int]
    nout: InitVar[int]
    neurons: list[Neuron] = field(default_factory=list, init=False)

    def __post_init__(self, nin: int, nout: int) -> None:
        self.neurons.extend(Neuron(nin) for _ in range(nout))

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        out = [neuron(x) for neuron in self.neurons]
        return out[0] if len(out) == 1 else out

    def parameters(self) -> list[Value]:
        return [p for neuron in self.neurons for p in neuron.parameters()]

    def zero_grad(self) -> None:
        for neuron in self.neurons:
            neuron.zero_grad()


@dataclass
class MLP:
    nin: InitVar[int]
    nouts: InitVar[Sequence[int]]
    layers: list[Layer] = field(default_factory=list, init=False)

    def __post_init__(self, nin: int, nouts: Sequence[int]) -> None:
        for nout in nouts:
            self.layers.append(Layer(nin, nout))
            nin = nout

    def __call__(self, x: Sequence[Value | float]) -> Value | list[Value]:
        for layer in self.layers:
            x = layer([x] if isinstance(x, Value) else x)
        return x

    def parameters(self) -> list[Value]:
        return [p for layer in self.layers for p in layer.parameters()]

    def zero_grad(self) -> None:
        for layer in self.layers:
            layer.zero_grad()
