"""Mistakes in the walk back: which nodes hand on their gradient, when, and how often."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

MISCONCEPTIONS: tuple[Misconception, ...] = (
    Misconception(
        slug=Slug("root-grad-zero"),
        stage="backward",
        mistake="`backward()` starts with a gradient of 0 at the result, so 0 arrives everywhere",
        belief="`backward()` finds its starting gradient by itself.",
        why="The result's own derivative, 1, is so plain that it is easily left unwritten.",
        breaks="Every gradient is a product with the first one: 0 times anything is 0.",
        look="the beginning of `backward`",
        hint="set `self.grad` to 1 before anything is handed on",
        solution="self.grad = 1.0",
        edits=(Edit("engine.py", "        self.grad = 1.0\n", ""),),
        where=Place(("Value.backward",)),
        cards=("why-the-root-starts-with-one",),
    ),
    Misconception(
        slug=Slug("depth-first-without-order"),
        stage="backward",
        mistake="`backward()` hands a gradient on as soon as it arrives, before all of it is there",
        belief="Each node can pass its gradient to its parents at once, and they to theirs.",
        why="Without shared nodes there is nothing to wait for, and it is right.",
        breaks="A node used twice hands on its first contribution again with the second.",
        look="the walk in `backward`",
        hint="list the nodes in topological order first, then go through the list backwards",
        solution="for node in reversed(topological_order(self)):\n    node._backward()",
        edits=(
            Edit(
                "engine.py",
                "        for node in reversed(topological_order(self)):\n",
                "        waiting = [self]\n"
                "        while waiting:\n"
                "            node = waiting.pop()\n"
                "            waiting += node.parents[::-1]\n",
            ),
        ),
        where=Place(("Value.backward",)),
        cards=("order-of-backward", "when-a-node-is-finished"),
    ),
)
