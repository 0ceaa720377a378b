"""Stage `mlp`: neurons, layers and a network computed with Values."""

from __future__ import annotations

from grader.checks.check import Check, Draw
from grader.checks.value import WRAP
from grader.tasks import Slug

_ENGINE = (WRAP, Slug("value/add"), Slug("value/mul"))
_NEURON = Slug("mlp/neuron")
_BIAS = Slug("mlp/bias")
_SIZES = Slug("mlp/sizes")
_FORWARD = Slug("mlp/forward")
_ONCE = Slug("mlp/parameters-once")
_CHAINED = Slug("mlp/layers-chained")

# Weights as the jobs take them: layers of neurons, each (weights, bias).
_TWO_LAYERS = ((((0.5, -1.0), 0.1), ((1.5, 0.25), -0.2)), (((1.0, -0.5), 0.3),))
_THREE_LAYERS = (
    (((0.5, -1.0), 0.1), ((1.5, 0.25), -0.2)),
    (((1.0, -0.5), 0.3), ((-0.75, 0.5), 0.0)),
    (((0.25, 2.0), -0.4),),
)

MLP: tuple[Check, ...] = (
    Check(
        slug=_NEURON,
        claim="A neuron weighs its inputs and squashes their sum: tanh(w·x), with bias 0",
        why="The weights say how much each input counts; tanh bends what would be a line.",
        points=2,
        cases=(
            ("neuron", (0.5,), 0.0, (1.0,)),
            ("neuron", (0.5, -1.0), 0.0, (2.0, 1.5)),
            ("neuron", (0.5, -1.0, 2.0), 0.0, (1.0, 3.0, 0.5)),
        ),
        draws=(Draw("neuron", 10, {"bias": "zero"}),),
        requires=_ENGINE,
    ),
    Check(
        slug=_BIAS,
        claim="A neuron adds its bias before it squashes: tanh(w·x + b)",
        why="Without it every neuron gives 0 for the input 0, whatever it has learnt.",
        points=2,
        cases=(
            ("neuron", (0.0,), 0.5, (1.0,)),
            ("neuron", (0.5, -1.0), 0.25, (2.0, 1.0)),
        ),
        draws=(Draw("neuron", 8, {"bias": "any"}),),
        requires=(*_ENGINE, _NEURON),
    ),
    Check(
        slug=_SIZES,
        claim="`MLP(3, [4, 4, 1])` has layers of 4, 4 and 1 neurons, with 3, 4 and 4 weights each",
        why="A neuron has one weight for each output of the layer before it.",
        points=1,
        cases=(
            ("sizes", 3, (4, 4, 1)),
            ("sizes", 2, (3, 2)),
            ("sizes", 1, (1,)),
        ),
        draws=(Draw("network_form", 4, {"kind": "sizes"}),),
        requires=(WRAP,),
    ),
    Check(
        slug=Slug("mlp/parameter-count"),
        claim="`MLP(3, [4, 4, 1])` has 41 parameters",
        why="Every weight and every bias is trained: (3+1)·4 + (4+1)·4 + (4+1)·1.",
        points=2,
        cases=(
            ("parameter-count", "MLP", 3, (4, 4, 1)),
            ("parameter-count", "Neuron", 3),
            ("parameter-count", "Layer", 3, 2),
            ("parameter-count", "MLP", 2, (3, 2)),
        ),
        draws=(Draw("parameter_count", 8),),
        requires=(WRAP,),
    ),
    Check(
        slug=_FORWARD,
        claim="A layer's outputs are those of its neurons, one after the other",
        why="Every neuron of a layer reads all of its inputs; together they are its output.",
        points=2,
        cases=(
            ("forward", 1, (2,), ((((0.5,), 0.25), ((-1.0,), 0.5)),), (2.0,), "floats"),
            (
                "forward",
                2,
                (2,),
                ((((0.5, -1.0), 0.1), ((1.5, 0.25), -0.2)),),
                (1.0, 2.0),
                "floats",
            ),
        ),
        draws=(Draw("forward", 8, {"depth": "1"}),),
        requires=(_NEURON, _BIAS),
    ),
    Check(
        slug=Slug("mlp/one-output"),
        claim="A network with one output returns a Value, or a list with one Value in it",
        why="The loss subtracts the target from it; either form will do.",
        points=1,
        cases=(("forward", 1, (1,), ((((0.5,), 0.25),),), (2.0,), "floats"),),
        draws=(Draw("forward", 4, {"depth": "1", "outputs": "1"}),),
        requires=(_NEURON, _BIAS),
    ),
    Check(
        slug=_CHAINED,
        claim="Each layer is fed with the outputs of the layer before it",
        why="Depth is what lets a network combine what earlier layers have found.",
        points=2,
        cases=(
            ("forward", 2, (2, 1), _TWO_LAYERS, (1.0, 2.0), "floats"),
            ("forward", 2, (2, 2, 1), _THREE_LAYERS, (-1.0, 0.5), "floats"),
        ),
        draws=(Draw("forward", 10, {"depth": "more"}),),
        requires=(_FORWARD, Slug("mlp/one-output")),
    ),
    Check(
        slug=Slug("mlp/values-as-inputs"),
        claim="A network takes Values as inputs as well as floats",
        why="A layer is fed with Values by the layer before it; the first is no different.",
        points=1,
        observe="values",
        cases=(
            ("forward", 1, (2,), ((((0.5,), 0.25), ((-1.0,), 0.5)),), (2.0,), "values"),
            ("forward", 2, (2, 1), _TWO_LAYERS, (1.0, 2.0), "values"),
        ),
        draws=(Draw("forward", 4, {"depth": "more"}),),
        requires=(_FORWARD,),
    ),
    Check(
        slug=_ONCE,
        claim="`parameters()` lists every weight and every bias exactly once",
        why="One that is missing is never trained; one that is there twice moves twice.",
        points=1,
        cases=(("parameters-once", 1, (1,)), ("parameters-once", 3, (4, 4, 1))),
        draws=(Draw("network_form", 4, {"kind": "parameters-once"}),),
        requires=(WRAP, _SIZES),
    ),
    Check(
        slug=Slug("mlp/parameters-live"),
        claim="What `parameters()` lists are the network's own Values: writing to them changes it",
        why="The update writes to the list; copies in it would be trained in vain.",
        points=1,
        cases=(
            ("halved-parameters", 1, (2,), ((((0.5,), 0.25), ((-1.0,), 0.5)),), (2.0,)),
            ("halved-parameters", 2, (2, 2, 1), _THREE_LAYERS, (-1.0, 0.5)),
        ),
        draws=(Draw("halved_parameters", 4),),
        requires=(_FORWARD, _ONCE),
    ),
    Check(
        slug=Slug("mlp/starting-weights"),
        claim="Starting weights differ from each other, and from one network to the next",
        why="Neurons that start equal receive equal gradients, and stay equal for ever.",
        points=2,
        cases=(("starting-weights", 1, (1,)), ("starting-weights", 3, (4, 4, 1))),
        draws=(Draw("network_form", 4, {"kind": "starting-weights"}),),
        requires=(WRAP, _SIZES),
        rule="distinct",
    ),
    Check(
        slug=Slug("mlp/gradients"),
        claim="`backward()` reaches every weight and bias of a network with the right gradient",
        why="A parameter without its gradient cannot learn.",
        points=2,
        cases=(
            ("gradients", 1, (2,), ((((0.5,), 0.25), ((-1.0,), 0.5)),), (2.0,)),
            ("gradients", 2, (2, 2, 1), _THREE_LAYERS, (-1.0, 0.5)),
        ),
        draws=(Draw("gradients", 8),),
        requires=(
            _CHAINED,
            *(
                Slug(f"backward/{operation}{reused}")
                for reused in ("", "-reused")
                for operation in ("add", "mul", "tanh")
            ),
        ),
    ),
    Check(
        slug=Slug("mlp/zero-grad"),
        claim="`zero_grad()` sets every gradient of a network, a layer, a neuron back to 0",
        why=(
            "`backward()` adds; somebody has to take away what the last step has left, and "
            "leave the weights as they are."
        ),
        points=1,
        cases=(
            ("zero-grad", (0.5, -1.0, 0.25), "Neuron", 2),
            ("zero-grad", (0.5, -1.0, 0.25, 1.5), "Layer", 1, 2),
            ("zero-grad", (0.5, -1.0, 0.25, 1.5, 2.0, -0.5, 0.75), "MLP", 1, (2, 1)),
        ),
        draws=(Draw("zero_grad", 8),),
        requires=(WRAP, _ONCE),
    ),
)
