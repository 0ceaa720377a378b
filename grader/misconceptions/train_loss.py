"""Mistakes in the loss: another number, or no way back from it."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

_SQUARED = "        total = total + (prediction - y) ** 2\n"
_RETURN = "    return total\n"
_CARDS = ("loss-squared-error", "loss-one-value")
_ROOT = ("loss-one-value", "keeping-the-record")
_SUM = (
    "total = Value(0.0)\n"
    "for x, y in zip(xs, ys):\n"
    "    total = total + (model(x) - y) ** 2\n"
    "return total"
)


def _loss(
    slug: str,
    *edits: tuple[str, str],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    look: str,
    hint: str,
    cards: tuple[str, ...] = _CARDS,
) -> Misconception:
    return Misconception(
        slug=Slug(slug),
        stage="train",
        mistake=mistake,
        belief=belief,
        why=why,
        breaks=breaks,
        look=look,
        hint=hint,
        solution=_SUM,
        edits=tuple(Edit("train.py", old, new) for old, new in edits),
        where=Place(("loss",)),
        cards=cards,
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    _loss(
        "loss-as-number",
        (_RETURN, "    return total.data\n"),
        mistake="The loss is a plain number, from which there is no way back",
        belief="The loss is a number to look at, so the plain data will do.",
        why="It is what one prints.",
        breaks="A plain number has no `backward()`.",
        look="the end of `loss`: `.data`",
        hint="return the Value",
        cards=_ROOT,
    ),
    _loss(
        "loss-cut-off",
        (_RETURN, "    return Value(total.data)\n"),
        mistake="The loss is a new Value that does not know the predictions",
        belief="A Value of the right number is the right Value.",
        why="Printed, it looks the same.",
        breaks="No gradient reaches the parameters, so nothing is learnt.",
        look="the end of `loss`: is a Value made anew there?",
        hint="return the sum itself",
        cards=_ROOT,
    ),
    _loss(
        "loss-not-returned",
        (_RETURN, "    _ = total\n"),
        mistake="`loss` computes the loss and does not return it",
        belief="Computing a result is the same as giving it back.",
        why="In a notebook the last line of a cell is shown without being asked for.",
        breaks="The caller gets `None`, which has no `backward()`.",
        look="the end of `loss`",
        hint="return the sum",
        cards=("loss-one-value",),
    ),
    _loss(
        "return-in-example-loop",
        (_SQUARED, _SQUARED + "        return total\n"),
        mistake="`loss` returns after its first example",
        belief="The return at the end of the loop runs when the loop is through.",
        why="It stands at the end; one level of indentation decides.",
        breaks="Only the first example counts.",
        look="the indentation of `return` in `loss`",
        hint="move the `return` one level to the left, behind the loop",
    ),
    _loss(
        "loss-of-last-example",
        (_SQUARED, "        total = (prediction - y) ** 2\n"),
        mistake="Each example's loss replaces the one before, so only the last one counts",
        belief="The loop over the examples adds their errors up by itself.",
        why="`=` and `+=` differ by one sign.",
        breaks="The network learns its last example and forgets the others.",
        look="the line inside the loop of `loss`",
        hint="add each example to what has been summed so far",
    ),
    _loss(
        "last-example-left-out",
        ("zip(xs, ys, strict=True)", "list(zip(xs, ys, strict=True))[: max(1, len(ys) - 1)]"),
        mistake="The loss leaves out the last example",
        belief="The last index is one less, so the range ends one before it.",
        why="`range` leaves out its end already, and one takes away 1 once more.",
        breaks="The last example is never learnt.",
        look="the range of the loop in `loss`",
        hint="go through all examples, best with `zip`",
    ),
    _loss(
        "loss-averaged",
        (_RETURN, "    return total / len(ys)\n"),
        mistake="The loss is the mean over the examples, and the course asks for their sum",
        belief="A loss is always the mean over the examples.",
        why="Mean squared error is the name that one knows.",
        breaks="The loss and all its gradients are too small by the number of examples.",
        look="the end of `loss`: a division",
        hint="return the sum",
    ),
    _loss(
        "loss-halved",
        (_RETURN, "    return total * 0.5\n"),
        mistake="The loss is half of the sum of squares",
        belief="A squared error comes with a factor ½.",
        why="It makes the derivative tidy on paper.",
        breaks="The loss and all its gradients are half as large as they should be.",
        look="a factor in `loss`",
        hint="leave the factor out",
    ),
    _loss(
        "loss-root-taken",
        (_RETURN, "    return (total + 1e-12) ** 0.5\n"),
        mistake="The loss is the square root of the sum of squares",
        belief="After squaring, the root has to be taken.",
        why="So it is with distances.",
        breaks="The number is another one, and near 0 its slope jumps.",
        look="the end of `loss`: a root",
        hint="return the sum of squares as it is",
    ),
    _loss(
        "loss-not-squared",
        (_SQUARED, "        total = total + (prediction - y)\n"),
        mistake="The misses are added up without being squared",
        belief="The miss is prediction minus target, so the total is their sum.",
        why="It is half of the formula.",
        breaks="Misses of opposite sign cancel, and the loss has no smallest value.",
        look="the line inside the loop of `loss`",
        hint="square each miss before you add it",
    ),
    _loss(
        "miss-cubed",
        (_SQUARED, "        total = total + (prediction - y) ** 3\n"),
        mistake="The misses are raised to the third power, and not squared",
        belief="The larger the exponent, the more a large miss counts.",
        why="Squaring counts large misses more, and the cube even more.",
        breaks="A cube keeps its sign: misses below the target make the loss smaller.",
        look="the exponent in `loss`",
        hint="square each miss",
    ),
    _loss(
        "miss-as-distance",
        (
            _SQUARED,
            "        miss = prediction - y\n        total = total + miss.relu() + (-miss).relu()\n",
        ),
        mistake="The loss adds up distances, and not their squares",
        belief="A miss is how far off the prediction is.",
        why="It is never negative, as a loss should be.",
        breaks="The slope is the same for small and large misses, so steps do not get finer.",
        look="the line inside the loop of `loss`",
        hint="square each miss",
    ),
    _loss(
        "target-added",
        (_SQUARED, "        total = total + (prediction + y) ** 2\n"),
        mistake="The loss adds the target to the prediction, and does not subtract it",
        belief="Prediction and target are put together and squared.",
        why="One sign differs, and with a target of 0 it is right.",
        breaks="The network learns the negative of what it should.",
        look="the line inside the loop of `loss`",
        hint="take prediction minus target",
    ),
    _loss(
        "sum-squared",
        (_SQUARED, "        total = total + (prediction - y)\n"),
        (_RETURN, "    return total**2\n"),
        mistake="The misses are added up first, and their sum is squared",
        belief="Squaring once at the end is the same, and shorter.",
        why="With one example it is the same.",
        breaks="Misses of opposite sign cancel: a loss of 0 can hide two large ones.",
        look="where `loss` squares",
        hint="square each miss, then add",
    ),
    _loss(
        "miss-of-numbers",
        (_SQUARED, "        total = total + (prediction.data - y) ** 2\n"),
        mistake="The misses are computed from plain numbers, so there is no way back",
        belief="The loss compares numbers.",
        why="The number is right.",
        breaks="No gradient reaches the parameters, so nothing is learnt.",
        look="the line inside the loop of `loss`: `.data`",
        hint="subtract from the prediction itself, which is a Value",
        cards=_ROOT,
    ),
    _loss(
        "loss-negated",
        (_RETURN, "    return -total\n"),
        mistake="The loss is negative: the worse, the smaller",
        belief="Training makes a score larger.",
        why="Scores are like that, and a minus is needed somewhere.",
        breaks="Going down on it makes every prediction worse.",
        look="a minus sign in `loss`",
        hint="return the sum of squares as it is; the minus belongs to the update",
        cards=("loss-squared-error", "why-minus"),
    ),
)
