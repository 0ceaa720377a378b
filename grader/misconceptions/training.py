"""What the mistakes of the training loop share: the reference's lines, and how one is declared."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

FORWARD = "        total = loss(model, xs, ys)\n"
RECORD = "        losses.append(total.data)\n"
ZERO = "        model.zero_grad()\n"
BACKWARD = "        total.backward()\n"
FOR = "        for parameter in model.parameters():\n"
MOVE = "            parameter.data -= learning_rate * parameter.grad\n"
BEGIN = "    for _ in range(steps):\n"
RETURN = "    return losses"

TRAIN = Place(("train",))
AT_LOOP = Place(("train",), "for")
AT_APPEND = Place(("train",), "append()")
AT_RETURN = Place(("train",), "return")
AT_ZERO = Place(("train",), "backward()")
AT_UPDATE = Place(("train",), "data -=")
ZEROING = ("zero-every-iteration", "without-zeroing", "one-step-by-hand")
UPDATE = ("update-rule", "why-minus")
RATE = ("learning-rate", "update-rule")
STEPS = ("four-steps", "four-steps-in-order")
WAY = "model.zero_grad()\ntotal.backward()"
RULE = "for p in model.parameters():\n    p.data -= learning_rate * p.grad"
LOOP = (
    "for _ in range(steps):\n"
    "    total = loss(model, xs, ys)\n"
    "    losses.append(total.data)\n"
    "    model.zero_grad()\n"
    "    total.backward()\n"
    "    for p in model.parameters():\n"
    "        p.data -= learning_rate * p.grad"
)


def in_loop(
    slug: str,
    *edits: tuple[str, str],
    fails: tuple[str, ...],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    look: str,
    hint: str,
    cards: tuple[str, ...],
    where: Place = TRAIN,
    solution: str = LOOP,
    group: str | None = None,
) -> Misconception:
    """Declare a mistake in `train`, as edits of its text."""
    return Misconception(
        slug=Slug(slug),
        stage="train",
        mistake=mistake,
        fails=frozenset(Slug(f"train/{check}") for check in fails),
        belief=belief,
        why=why,
        breaks=breaks,
        look=look,
        hint=hint,
        solution=solution,
        edits=tuple(Edit("train.py", old, new) for old, new in edits),
        where=where,
        cards=cards,
        group=group,
    )
