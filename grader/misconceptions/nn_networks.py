"""Mistakes in how a network hands numbers from layer to layer, and what it returns."""

from __future__ import annotations

from grader.misconceptions.misconception import Misconception
from grader.misconceptions.networks import AT_LOOP, AT_RETURN, FOR, GRAPH, LAYER, OUT, in_network

MISCONCEPTIONS: tuple[Misconception, ...] = (
    # ── one layer after the other ──
    in_network(
        "input-to-every-layer",
        (FOR, "        for layer in self.layers:\n            outputs = layer(x)\n"),
        fails=(
            "layers-chained",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="Every layer is fed with the network's own inputs",
        belief="Every layer looks at the inputs of the network.",
        why="`x` is the name of the inputs, and the result has another one.",
        breaks="Only the last layer counts, and where sizes differ it fails.",
        look="the loop over the layers in `__call__` of `MLP`",
        where=AT_LOOP,
        hint="feed each layer with the outputs of the one before: `x = layer(x)`",
    ),
    in_network(
        "return-in-layer-loop",
        (FOR, FOR + "            break\n"),
        fails=(
            "layers-chained",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="The network returns after its first layer",
        belief="The return at the end of the loop runs when the loop is through.",
        why="It stands at the end; one level of indentation decides.",
        breaks="All other layers are never asked.",
        look="the indentation of `return` in `__call__` of `MLP`",
        where=AT_RETURN,
        hint="move the `return` one level to the left, behind the loop",
    ),
    in_network(
        "last-layer-not-called",
        (
            FOR,
            (
                "        for layer in self.layers[:-1] or self.layers:\n"
                "            x = outputs = layer(x)\n"
            ),
        ),
        fails=(
            "layers-chained",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="The network leaves out its last layer",
        belief="The last layer is the output, and so needs no call.",
        why="The word output layer suggests it.",
        breaks="A network with several layers returns what its last but one computes.",
        look="the loop over the layers in `__call__` of `MLP`",
        where=AT_LOOP,
        hint="go through all layers",
    ),
    in_network(
        "layers-in-reverse",
        (FOR, "        for layer in reversed(self.layers):\n            x = outputs = layer(x)\n"),
        fails=(
            "layers-chained",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="The layers are called from the last to the first",
        belief="The network is walked back to front, as in `backward()`.",
        why="The way back has just been written.",
        breaks="Sizes do not fit, or the numbers are others.",
        look="the loop over the layers in `__call__` of `MLP`",
        where=AT_LOOP,
        hint="begin with the first layer",
    ),
    in_network(
        "last-layer-linear",
        (
            FOR,
            "        for layer in self.layers[:-1]:\n            x = layer(x)\n"
            "        outputs = []\n"
            "        for neuron in self.layers[-1].neurons:\n"
            "            total = neuron.b\n"
            "            for weight, input_ in zip(neuron.w, x, strict=True):\n"
            "                total = total + weight * input_\n"
            "            outputs.append(total)\n",
        ),
        fails=(
            "forward",
            "one-output",
        ),
        mistake="The last layer has no `tanh`",
        belief="An output must be able to take any value, so the last layer has no tanh.",
        why="In networks for regression it is usual.",
        breaks="This course's network ends with `tanh`; its outputs are other numbers.",
        look="where the activation is chosen or left out",
        hint="use `tanh` in every layer",
    ),
    in_network(
        "only-last-layer-bends",
        (
            FOR,
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
        fails=(
            "layers-chained",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="Only the last layer has `tanh`; the others are plain sums",
        belief="The activation belongs to the output.",
        why="There it is seen.",
        breaks="Sums of sums are sums: the hidden layers might as well not be there.",
        look="where the activation is chosen or left out",
        hint="use `tanh` in every layer",
    ),
    in_network(
        "layers-detached",
        (
            FOR,
            (
                "        for layer in self.layers:\n"
                "            outputs = layer(x)\n"
                "            x = [output.data for output in outputs]\n"
            ),
        ),
        fails=("gradients",),
        mistake="Each layer is fed with plain numbers, so no gradient gets past the last layer",
        belief="A layer is fed with numbers, and where they came from is over.",
        why="The outputs are right.",
        breaks="All layers but the last keep the gradient 0 and never move.",
        look="the loop over the layers: `.data`",
        where=AT_LOOP,
        hint="hand on the Values themselves",
        cards=GRAPH,
    ),
    in_network(
        "outputs-cut-off",
        (OUT, "        outputs = [Value(output.data) for output in outputs]\n" + OUT),
        fails=("gradients",),
        mistake="The network returns new Values that do not know where they came from",
        belief="A network's results are numbers, wrapped once more for the caller.",
        why="The numbers are right.",
        breaks="No gradient reaches any parameter.",
        look="the end of `__call__` of `MLP`",
        where=AT_RETURN,
        hint="return the last layer's Values themselves",
        cards=GRAPH,
    ),
    in_network(
        "outputs-as-numbers",
        (OUT, "        outputs = [output.data for output in outputs]\n" + OUT),
        fails=(
            "forward",
            "one-output",
        ),
        mistake="The network returns plain numbers",
        belief="What a network says in the end is a number.",
        why="It is what one wants to look at.",
        breaks="A loss made of plain numbers has no way back.",
        look="the end of `__call__` of `MLP`: `.data`",
        where=AT_RETURN,
        hint="return the Values",
        cards=("loss-one-value", *GRAPH),
    ),
    in_network(
        "one-output-as-number",
        (OUT, "        return outputs[0].data if len(outputs) == 1 else outputs\n"),
        fails=(
            "one-output",
            "values-as-inputs",
            "parameters-live",
        ),
        mistake="A network with one output returns a plain number",
        belief="A single output is a number.",
        why="It is what one wants to look at.",
        breaks="A loss made of plain numbers has no way back.",
        look="the end of `__call__` of `MLP`: `.data`",
        where=AT_RETURN,
        hint="return the Value, alone or in its list",
        cards=("loss-one-value", *GRAPH),
    ),
    in_network(
        "only-first-output",
        (OUT, "        return outputs[0]\n"),
        fails=("forward",),
        mistake="The network returns its first output alone, however many it has",
        belief="A network has one output.",
        why="In the training loop it has.",
        breaks="`MLP(2, [3, 2])` has two outputs and returns one.",
        look="the end of `__call__` of `MLP`",
        where=AT_RETURN,
        hint="return all outputs; only a single one may come without a list",
    ),
    in_network(
        "outputs-added-up",
        (
            OUT,
            (
                "        total = outputs[0]\n"
                "        for output in outputs[1:]:\n"
                "            total = total + output\n"
                "        return total\n"
            ),
        ),
        fails=("forward",),
        mistake="The network adds its outputs up",
        belief="A network gives one number in the end.",
        why="The loss does, and it is made of sums.",
        breaks="`MLP(2, [3, 2])` has two outputs and returns their sum.",
        look="the end of `__call__` of `MLP`",
        where=AT_RETURN,
        hint="return the list of outputs",
    ),
    in_network(
        "layer-skips-a-neuron",
        (
            "return [neuron(x) for neuron in self.neurons]",
            "return [self.neurons[0](x) for _ in self.neurons]",
        ),
        fails=("forward",),
        mistake="A layer asks its first neuron every time",
        belief="The loop moves on to the next neuron by itself.",
        why="The name in the loop and the name in its body differ by a letter.",
        breaks="All outputs of a layer are the same number.",
        look="`__call__` of `Layer`",
        hint="ask each neuron of the layer",
        where=LAYER,
        solution="return [neuron(x) for neuron in self.neurons]",
    ),
    in_network(
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
        fails=("forward",),
        mistake="A neuron's output replaces an input of the next neuron in the same layer",
        belief="What has been computed goes on to the next one.",
        why="From layer to layer it does.",
        breaks="Neurons of a layer should not see each other.",
        look="`__call__` of `Layer`",
        hint="give every neuron of a layer the same inputs",
        where=LAYER,
        solution="return [neuron(x) for neuron in self.neurons]",
    ),
    in_network(
        "inputs-always-wrapped",
        (FOR, "        x = [Value(float(input_)) for input_ in x]\n" + FOR),
        fails=("values-as-inputs",),
        mistake="Every input is wrapped in a Value, even one that is a Value already",
        belief="Inputs are plain numbers, and each has to be made a Value.",
        why="From the training data they come so.",
        breaks="A Value in a Value is no number: `MLP` fails when it is fed with Values.",
        look="the beginning of `__call__`, where inputs are wrapped",
        hint="wrap only what is no Value; `*` and `+` take plain numbers as well",
        cards=("wrap-plain-numbers", "neuron"),
    ),
)
