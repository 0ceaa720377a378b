"""One number that says how wrong a model is, and the loop that makes this number small.

Stage train, lesson 3 (Building and training a net).
"""

from engine import Value

_LESSON_3 = "stage train, lesson 3: Building and training a net"


def loss(model, xs, ys) -> Value:
    """Return the sum, over all examples, of (prediction - target) squared.

    model: callable on one example; your MLP, or anything else with its methods
    xs: the examples, each a list of numbers
    ys: the targets, one number for each example

    For example, predictions of 1.0 and 2.0 for the targets 1.0 and 5.0 give 0 + 9 = 9.0.
    """
    # The sum itself: it is not divided by the number of examples.
    # If your network answers with a list of one Value, take the Value out of it first.
    # The result is a Value because backward() has to start somewhere. Which Value knows every
    # prediction, and through them every parameter?
    raise NotImplementedError(f"not written yet: loss ({_LESSON_3})")


def train(model, xs, ys, *, steps, learning_rate) -> list[float]:
    """Take that many steps downhill; return the loss of each step, as plain numbers.

    model: its parameters are changed in place
    xs, ys: as for loss; they are left as they were
    steps: how many times to go round; 0 gives an empty list
    learning_rate: how far to go in each step, as a factor on the gradient

    Each loss is measured in the forward pass of its step, before the update of that step.

    For example, let a model multiply its input by a single weight, which is 2.0 so far. One
    step with xs = [[3.0]], ys = [3.0] and learning_rate=0.05 returns [9.0], and afterwards the
    weight is 1.1.
    """
    # A step has four parts: forward, zero the gradients, backward, update.
    # The graph of one step is of no use in the next one, for the weights have moved: build a
    # new one each time.
    # Nothing complains when a part is missing, and on an easy problem the loss may fall all
    # the same. So take the example above, do two steps with pencil and paper, and compare.
    raise NotImplementedError(f"not written yet: train ({_LESSON_3})")
