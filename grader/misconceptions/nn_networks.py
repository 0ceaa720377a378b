"""Mistakes in how neurons make layers, and layers a network."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

_NETWORK = Place(("MLP.__call__", "MLP"))
_SIZES = Place(("MLP.__init__", "MLP"))
_LAYER = Place(("Layer.__call__", "Layer"))
_LAYER_INIT = Place(("Layer.__init__", "Layer"))

_FOR = "        for layer in self.layers:\n            x = outputs = layer(x)\n"
_MADE = "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes)]"
_OUT = "        return outputs[0] if len(outputs) == 1 else outputs\n"
_NEURONS = "        self.neurons = [Neuron(nin) for _ in range(nout)]"
_CHAIN = "for layer in self.layers:\n    x = layer(x)\nreturn x[0] if len(x) == 1 else x"
_PAIRS = (
    "sizes = [nin, *nouts]\n"
    "self.layers = [Layer(sizes[i], sizes[i + 1]) for i in range(len(nouts))]"
)
_MLP = ("mlp", "neuron")
_GRAPH = ("keeping-the-record", "mlp")


def _network(
    slug: str,
    *edits: tuple[str, str],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    look: str,
    hint: str,
    cards: tuple[str, ...] = _MLP,
    where: Place = _NETWORK,
    solution: str = _CHAIN,
    group: str | None = None,
) -> Misconception:
    return Misconception(
        slug=Slug(slug),
        stage="mlp",
        mistake=mistake,
        belief=belief,
        why=why,
        breaks=breaks,
        look=look,
        hint=hint,
        solution=solution,
        edits=tuple(Edit("nn.py", old, new) for old, new in edits),
        where=where,
        cards=cards,
        group=group,
    )


MISCONCEPTIONS: tuple[Misconception, ...] = (
    # ── sizes ──
    _network(
        "sizes-not-chained",
        (_MADE, "        self.layers = [Layer(nin, nout) for nout in nouts]"),
        mistake="Every layer is made for as many inputs as the network has",
        belief="`nin` is the number of inputs, for every layer.",
        why="It is so for the first layer, and `nin` is the name at hand.",
        breaks="The second layer gets as many inputs as the first has neurons.",
        look="the list of layers in `__init__` of `MLP`",
        hint="give each layer as many inputs as the layer before it has neurons",
        where=_SIZES,
        solution=_PAIRS,
        cards=("mlp", "neuron-parameters"),
    ),
    _network(
        "last-layer-missing",
        (_MADE, "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes[:-1])]"),
        mistake="The last layer is never made",
        belief="The range over the sizes ends one before the last.",
        why="`range` leaves out its end already, and one takes away 1 once more.",
        breaks="`MLP(3, [4, 4, 1])` has two layers and four outputs.",
        look="the range in `__init__` of `MLP`",
        hint="make one layer for each number in `nouts`",
        where=_SIZES,
        solution=_PAIRS,
    ),
    _network(
        "input-layer-made",
        (
            _MADE,
            "        self.layers = [Layer(*pair) for pair in itertools.pairwise([nin, *sizes])]",
        ),
        mistake="The inputs get a layer of neurons of their own",
        belief="The input layer is a layer like any other.",
        why="In drawings it has circles, as the others do.",
        breaks="`MLP(3, [4, 4, 1])` has four layers and too many parameters.",
        look="the list of sizes in `__init__` of `MLP`",
        hint="make one layer for each number in `nouts`; inputs are only numbers",
        where=_SIZES,
        solution=_PAIRS,
    ),
    _network(
        "layer-arguments-swapped",
        (_NEURONS, "        self.neurons = [Neuron(nout) for _ in range(nin)]"),
        mistake="A layer makes `nin` neurons with `nout` weights each: the two are swapped",
        belief="A layer is asked for by its outputs, and then by its inputs.",
        why="Two numbers with similar names; where they are equal it is right.",
        breaks="`MLP(3, [4, 4, 1])` gets layers of 3, 4 and 4 neurons.",
        look="the list of neurons in `__init__` of `Layer`",
        hint="make `nout` neurons, each with `nin` weights",
        where=_LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
        cards=("mlp", "neuron-parameters"),
    ),
    _network(
        "one-neuron-too-few",
        (_NEURONS, "        self.neurons = [Neuron(nin) for _ in range(1, nout)]"),
        mistake="A layer makes one neuron too few",
        belief="Counting starts at 1.",
        why="Outside of programs it does.",
        breaks="A layer of one neuron has none, and the others lack one.",
        look="the range in `__init__` of `Layer`",
        hint="let the range start at 0: `range(nout)`",
        where=_LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
    ),
    _network(
        "one-neuron-repeated",
        (_NEURONS, "        self.neurons = [Neuron(nin)] * nout"),
        mistake="All neurons of a layer are one and the same object",
        belief="A list times four is four of what is in it.",
        why="With numbers it makes no difference: numbers are never changed.",
        breaks="The layer computes one number four times, and has a quarter of its parameters.",
        look="the list of neurons in `__init__` of `Layer`",
        hint="make a new neuron each time, in a comprehension",
        where=_LAYER_INIT,
        solution="self.neurons = [Neuron(nin) for _ in range(nout)]",
        cards=("mlp", "neuron-parameters"),
    ),
    _network(
        "one-layer-shared",
        (
            _MADE,
            (
                "        made = {}\n"
                "        pairs = itertools.pairwise(sizes)\n"
                "        self.layers = [made.setdefault(pair, Layer(*pair)) for pair in pairs]"
            ),
        ),
        mistake="Layers of the same size are one and the same object",
        belief="Two layers of four neurons are the same layer.",
        why="It saves making it twice.",
        breaks="They share their weights, and each training step moves them for both.",
        look="the list of layers in `__init__` of `MLP`",
        hint="make a new layer each time",
        where=_SIZES,
        solution=_PAIRS,
        cards=("mlp", "neuron-parameters"),
    ),
    # ── one layer after the other ──
    _network(
        "input-to-every-layer",
        (_FOR, "        for layer in self.layers:\n            outputs = layer(x)\n"),
        mistake="Every layer is fed with the network's own inputs",
        belief="Every layer looks at the inputs of the network.",
        why="`x` is the name of the inputs, and the result has another one.",
        breaks="Only the last layer counts, and where sizes differ it fails.",
        look="the loop over the layers in `__call__` of `MLP`",
        hint="feed each layer with the outputs of the one before: `x = layer(x)`",
    ),
    _network(
        "return-in-layer-loop",
        (_FOR, _FOR + "            break\n"),
        mistake="The network returns after its first layer",
        belief="The return at the end of the loop runs when the loop is through.",
        why="It stands at the end; one level of indentation decides.",
        breaks="All other layers are never asked.",
        look="the indentation of `return` in `__call__` of `MLP`",
        hint="move the `return` one level to the left, behind the loop",
    ),
    _network(
        "last-layer-not-called",
        (
            _FOR,
            (
                "        for layer in self.layers[:-1] or self.layers:\n"
                "            x = outputs = layer(x)\n"
            ),
        ),
        mistake="The network leaves out its last layer",
        belief="The last layer is the output, and so needs no call.",
        why="The word output layer suggests it.",
        breaks="A network with several layers returns what its last but one computes.",
        look="the loop over the layers in `__call__` of `MLP`",
        hint="go through all layers",
    ),
    _network(
        "layers-in-reverse",
        (_FOR, "        for layer in reversed(self.layers):\n            x = outputs = layer(x)\n"),
        mistake="The layers are called from the last to the first",
        belief="The network is walked back to front, as in `backward()`.",
        why="The way back has just been written.",
        breaks="Sizes do not fit, or the numbers are others.",
        look="the loop over the layers in `__call__` of `MLP`",
        hint="begin with the first layer",
    ),
    _network(
        "last-layer-linear",
        (
            _FOR,
            "        for layer in self.layers[:-1]:\n            x = layer(x)\n"
            "        outputs = []\n"
            "        for neuron in self.layers[-1].neurons:\n"
            "            total = neuron.b\n"
            "            for weight, input_ in zip(neuron.w, x, strict=True):\n"
            "                total = total + weight * input_\n"
            "            outputs.append(total)\n",
        ),
        mistake="The last layer has no `tanh`",
        belief="An output must be able to take any value, so the last layer has no tanh.",
        why="In networks for regression it is usual.",
        breaks="This course's network ends with `tanh`; its outputs are other numbers.",
        look="where the activation is chosen or left out",
        hint="use `tanh` in every layer",
    ),
    _network(
        "only-last-layer-bends",
        (
            _FOR,
            "        for layer in self.layers[:-1]:\n"
            "            sums = []\n"
            "            for neuron in layer.neurons:\n"
            "                total = neuron.b\n"
            "                for weight, input_ in zip(neuron.w, x, strict=True):\n"
            "                    total = total + weight * input_\n"
            "                sums.append(total)\n"
            "            x = sums\n"
            "        outputs = self.layers[-1](x)\n",
        ),
        mistake="Only the last layer has `tanh`; the others are plain sums",
        belief="The activation belongs to the output.",
        why="There it is seen.",
        breaks="Sums of sums are sums: the hidden layers might as well not be there.",
        look="where the activation is chosen or left out",
        hint="use `tanh` in every layer",
    ),
    _network(
        "layers-detached",
        (
            _FOR,
            (
                "        for layer in self.layers:\n"
                "            outputs = layer(x)\n"
                "            x = [output.data for output in outputs]\n"
            ),
        ),
        mistake="Each layer is fed with plain numbers, so no gradient gets past the last layer",
        belief="A layer is fed with numbers, and where they came from is over.",
        why="The outputs are right.",
        breaks="All layers but the last keep the gradient 0 and never move.",
        look="the loop over the layers: `.data`",
        hint="hand on the Values themselves",
        cards=_GRAPH,
    ),
    _network(
        "outputs-cut-off",
        (_OUT, "        outputs = [Value(output.data) for output in outputs]\n" + _OUT),
        mistake="The network returns new Values that do not know where they came from",
        belief="A network's results are numbers, wrapped once more for the caller.",
        why="The numbers are right.",
        breaks="No gradient reaches any parameter.",
        look="the end of `__call__` of `MLP`",
        hint="return the last layer's Values themselves",
        cards=_GRAPH,
    ),
    _network(
        "outputs-as-numbers",
        (_OUT, "        outputs = [output.data for output in outputs]\n" + _OUT),
        mistake="The network returns plain numbers",
        belief="What a network says in the end is a number.",
        why="It is what one wants to look at.",
        breaks="A loss made of plain numbers has no way back.",
        look="the end of `__call__` of `MLP`: `.data`",
        hint="return the Values",
        cards=("loss-one-value", *_GRAPH),
    ),
    _network(
        "one-output-as-number",
        (_OUT, "        return outputs[0].data if len(outputs) == 1 else outputs\n"),
        mistake="A network with one output returns a plain number",
        belief="A single output is a number.",
        why="It is what one wants to look at.",
        breaks="A loss made of plain numbers has no way back.",
        look="the end of `__call__` of `MLP`: `.data`",
        hint="return the Value, alone or in its list",
        cards=("loss-one-value", *_GRAPH),
    ),
    _network(
        "only-first-output",
        (_OUT, "        return outputs[0]\n"),
        mistake="The network returns its first output alone, however many it has",
        belief="A network has one output.",
        why="In the training loop it has.",
        breaks="`MLP(2, [3, 2])` has two outputs and returns one.",
        look="the end of `__call__` of `MLP`",
        hint="return all outputs; only a single one may come without a list",
    ),
    _network(
        "outputs-added-up",
        (
            _OUT,
            (
                "        total = outputs[0]\n"
                "        for output in outputs[1:]:\n"
                "            total = total + output\n"
                "        return total\n"
            ),
        ),
        mistake="The network adds its outputs up",
        belief="A network gives one number in the end.",
        why="The loss does, and it is made of sums.",
        breaks="`MLP(2, [3, 2])` has two outputs and returns their sum.",
        look="the end of `__call__` of `MLP`",
        hint="return the list of outputs",
    ),
    _network(
        "layer-skips-a-neuron",
        (
            "return [neuron(x) for neuron in self.neurons]",
            "return [self.neurons[0](x) for _ in self.neurons]",
        ),
        mistake="A layer asks its first neuron every time",
        belief="The loop moves on to the next neuron by itself.",
        why="The name in the loop and the name in its body differ by a letter.",
        breaks="All outputs of a layer are the same number.",
        look="`__call__` of `Layer`",
        hint="ask each neuron of the layer",
        where=_LAYER,
        solution="return [neuron(x) for neuron in self.neurons]",
    ),
    _network(
        "neurons-in-a-row",
        (
            "return [neuron(x) for neuron in self.neurons]",
            (
                "outputs = []\n"
                "        for neuron in self.neurons:\n"
                "            outputs.append(neuron(x))\n"
                "            x = [*x[:-1], outputs[-1]]\n"
                "        return outputs"
            ),
        ),
        mistake="A neuron's output replaces an input of the next neuron in the same layer",
        belief="What has been computed goes on to the next one.",
        why="From layer to layer it does.",
        breaks="Neurons of a layer should not see each other.",
        look="`__call__` of `Layer`",
        hint="give every neuron of a layer the same inputs",
        where=_LAYER,
        solution="return [neuron(x) for neuron in self.neurons]",
    ),
    _network(
        "inputs-always-wrapped",
        (_FOR, "        x = [Value(float(input_)) for input_ in x]\n" + _FOR),
        mistake="Every input is wrapped in a Value, even one that is a Value already",
        belief="Inputs are plain numbers, and each has to be made a Value.",
        why="From the training data they come so.",
        breaks="A Value in a Value is no number: `MLP` fails when it is fed with Values.",
        look="the beginning of `__call__`, where inputs are wrapped",
        hint="wrap only what is no Value; `*` and `+` take plain numbers as well",
        cards=("wrap-plain-numbers", "neuron"),
    ),
)
