"""Mistakes in how many layers there are, and how many neurons in each."""

from __future__ import annotations

from grader.misconceptions.misconception import Misconception
from grader.misconceptions.networks import LAYER_INIT, MADE, NEURONS, PAIRS, SIZES, in_network

MISCONCEPTIONS: tuple[Misconception, ...] = (
    # ── sizes ──
    in_network(
        "sizes-not-chained",
        (MADE, "        self.layers = [Layer(nin, nout) for nout in nouts]"),
        fails=(
            "sizes",
            "parameter-count",
            "layers-chained",
            "values-as-inputs",
        ),
        mistake="Every layer is made for as many inputs as the network has",
        belief="`nin` is the number of inputs, for every layer.",
        why="It is so for the first layer, and `nin` is the name at hand.",
        breaks="The second layer gets as many inputs as the first has neurons.",
        look="the list of layers in `__init__` of `MLP`",
        hint="give each layer as many inputs as the layer before it has neurons",
        where=SIZES,
        solution=PAIRS,
        cards=("mlp", "neuron-parameters"),
    ),
    in_network(
        "last-layer-missing",
        (MADE, "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes[:-1])]"),
        fails=(
            "sizes",
            "parameter-count",
            "forward",
            "one-output",
        ),
        mistake="The last layer is never made",
        belief="The range over the sizes ends one before the last.",
        why="`range` leaves out its end already, and one takes away 1 once more.",
        breaks="`MLP(3, [4, 4, 1])` has two layers and four outputs.",
        look="the range in `__init__` of `MLP`",
        hint="make one layer for each number in `nouts`",
        where=SIZES,
        solution=PAIRS,
    ),
    in_network(
        "input-layer-made",
        (
            MADE,
            "        self.layers = [Layer(*pair) for pair in itertools.pairwise([nin, *sizes])]",
        ),
        fails=(
            "sizes",
            "parameter-count",
            "forward",
            "one-output",
        ),
        mistake="The inputs get a layer of neurons of their own",
        belief="The input layer is a layer like any other.",
        why="In drawings it has circles, as the others do.",
        breaks="`MLP(3, [4, 4, 1])` has four layers and too many parameters.",
        look="the list of sizes in `__init__` of `MLP`",
        hint="make one layer for each number in `nouts`; inputs are only numbers",
        where=SIZES,
        solution=PAIRS,
    ),
    in_network(
        "layer-arguments-swapped",
        (NEURONS, "        self.neurons = [Neuron(nout) for _ in range(nin)]"),
        fails=(
            "sizes",
            "parameter-count",
            "forward",
            "one-output",
        ),
        mistake="A layer makes `nin` neurons with `nout` weights each: the two are swapped",
        belief="A layer is asked for by its outputs, and then by its inputs.",
        why="Two numbers with similar names; where they are equal it is right.",
        breaks="`MLP(3, [4, 4, 1])` gets layers of 3, 4 and 4 neurons.",
        look="the list of neurons in `__init__` of `Layer`",
        hint="make `nout` neurons, each with `nin` weights",
        where=LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
        cards=("mlp", "neuron-parameters"),
    ),
    in_network(
        "one-neuron-too-few",
        (NEURONS, "        self.neurons = [Neuron(nin) for _ in range(1, nout)]"),
        fails=(
            "sizes",
            "parameter-count",
            "forward",
            "one-output",
        ),
        mistake="A layer makes one neuron too few",
        belief="Counting starts at 1.",
        why="Outside of programs it does.",
        breaks="A layer of one neuron has none, and the others lack one.",
        look="the range in `__init__` of `Layer`",
        hint="let the range start at 0: `range(nout)`",
        where=LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
    ),
    in_network(
        "one-neuron-repeated",
        (NEURONS, "        self.neurons = [Neuron(nin)] * nout"),
        fails=(
            "forward",
            "parameters-once",
            "starting-weights",
        ),
        mistake="All neurons of a layer are one and the same object",
        belief="A list times four is four of what is in it.",
        why="With numbers it makes no difference: numbers are never changed.",
        breaks="The layer computes one number four times, and has a quarter of its parameters.",
        look="the list of neurons in `__init__` of `Layer`",
        hint="make a new neuron each time, in a comprehension",
        where=LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
        cards=("mlp", "neuron-parameters"),
    ),
    in_network(
        "one-layer-shared",
        (
            MADE,
            (
                "        made = {}\n"
                "        pairs = itertools.pairwise(sizes)\n"
                "        self.layers = [made.setdefault(pair, Layer(*pair)) for pair in pairs]"
            ),
        ),
        fails=(
            "layers-chained",
            "parameters-live",
        ),
        mistake="Layers of the same size are one and the same object",
        belief="Two layers of four neurons are the same layer.",
        why="It saves making it twice.",
        breaks="They share their weights, and each training step moves them for both.",
        look="the list of layers in `__init__` of `MLP`",
        hint="make a new layer each time",
        where=SIZES,
        solution=PAIRS,
        cards=("mlp", "neuron-parameters"),
    ),
)
