"""Mistakes in neurons, layers and networks."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("bias-not-added"),
        stage="mlp",
        mistake="A neuron does not add its bias to the weighted sum",
        belief="A neuron weighs its inputs, and the bias is a setting beside that.",
        why="With a bias of 0, as most networks begin, nothing is missing.",
        breaks="Every neuron gives 0 for the input 0, whatever it has learnt.",
        look="where `Neuron` adds up its weighted inputs",
        hint="begin the sum with the bias, or add it before `tanh`",
        solution="total = self.b\nfor w, x in zip(self.w, xs):\n    total = total + w * x",
        edits=(Edit("nn.py", "total = self.b\n", "total = Value(0.0)\n"),),
        where=Place(("Neuron.__call__", "Neuron")),
        cards=("neuron", "neuron-parameters"),
    ),
)
