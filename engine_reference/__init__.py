"""The answer: an autograd engine, a network and its training loop, written to be read.

Read in this order; each file needs only the ones before it.

- `engine`: `Value`, a number that remembers how it was computed.
- `nn`: `Neuron`, `Layer`, `MLP`, built from Values.
- `train`: `loss` and the four-step loop.
"""

from engine_reference.engine import Value
from engine_reference.nn import MLP, Layer, Neuron
from engine_reference.train import loss, train

__all__ = ["MLP", "Layer", "Neuron", "Value", "loss", "train"]
