"""Mistakes in what a network lists as its parameters, and in zeroing their gradients."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

_NEURON = "        return [*self.w, self.b]\n"
_LAYER = (
    "        return [parameter for neuron in self.neurons for parameter in neuron.parameters()]\n"
)
_MLP = "        return [parameter for layer in self.layers for parameter in layer.parameters()]\n"
_ZERO = "            parameter.grad = 0.0\n"
_LISTED = ("neuron-parameters", "update-rule")
_ZEROED = ("zero-every-iteration", "without-zeroing")
_NEURON_PLACE = Place(("Neuron.parameters", "Neuron"), "return")
_LAYER_PLACE = Place(("Layer.parameters", "Layer"), "return")
_MLP_PLACE = Place(("MLP.parameters", "MLP"), "return")
_ZERO_PLACE = Place(("MLP.zero_grad", "Module.zero_grad", "Neuron.zero_grad", "MLP"), "for")
_ALL = "return [p for layer in self.layers for p in layer.parameters()]"
_RESET = "for p in self.parameters():\n    p.grad = 0.0"


def _listed(
    slug: str,
    *edits: Edit,
    fails: tuple[str, ...],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    look: str,
    hint: str,
    where: Place,
    cards: tuple[str, ...] = _LISTED,
    solution: str = _ALL,
    group: str | None = None,
    variants: tuple[tuple[Edit, ...], ...] = (),
) -> Misconception:
    return Misconception(
        slug=Slug(slug),
        stage="mlp",
        mistake=mistake,
        fails=frozenset(Slug(f"mlp/{check}") for check in fails),
        belief=belief,
        why=why,
        breaks=breaks,
        look=look,
        hint=hint,
        solution=solution,
        edits=edits,
        where=where,
        cards=cards,
        group=group,
        variants=variants,
    )


def _in_nn(old: str, new: str, times: int = 1) -> Edit:
    return Edit("nn.py", old, new, times)


MISCONCEPTIONS: tuple[Misconception, ...] = (
    _listed(
        "bias-not-in-parameters",
        _in_nn(_NEURON, "        return [*self.w]\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="A neuron does not list its bias among its parameters",
        belief="Training moves the weights; the bias stays where it began.",
        why="Weights are what everybody talks about.",
        breaks="The biases are never updated, and never zeroed: 9 of 41 parameters are missing.",
        look="`parameters` of `Neuron`",
        hint="list the weights and the bias",
        where=_NEURON_PLACE,
        solution="return self.w + [self.b]",
    ),
    _listed(
        "weights-not-in-parameters",
        _in_nn(_NEURON, "        return [self.b]\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="A neuron lists its bias alone among its parameters",
        belief="`parameters()` is for what is not in `.w`.",
        why="The weights are at hand as a list already.",
        breaks="The weights are never updated.",
        look="`parameters` of `Neuron`",
        hint="list the weights and the bias",
        where=_NEURON_PLACE,
        solution="return self.w + [self.b]",
    ),
    _listed(
        "parameters-listed-twice",
        _in_nn(
            _MLP,
            (
                "        found = []\n"
                "        for layer in self.layers:\n"
                "            for neuron in layer.neurons:\n"
                "                found += neuron.parameters()\n"
                "            found += layer.parameters()\n"
                "        return found\n"
            ),
        ),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="The network lists every parameter twice",
        belief="Layers and neurons both have parameters, so both are asked.",
        why="Both have the method.",
        breaks="Each update moves every parameter twice.",
        look="`parameters` of `MLP`",
        hint="ask the layers alone: they ask their neurons",
        where=_MLP_PLACE,
    ),
    _listed(
        "only-last-layer-listed",
        _in_nn(_MLP, "        return self.layers[-1].parameters()\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="The network lists the parameters of its last layer alone",
        belief="The output is made by the last layer, so that is the one to train.",
        why="A `return` or an `=` inside the loop does it, without being meant.",
        breaks="All other layers keep their random start.",
        look="`parameters` of `MLP`: `=` where `+=` belongs",
        hint="collect the parameters of all layers",
        where=_MLP_PLACE,
    ),
    _listed(
        "only-first-layer-listed",
        _in_nn(_MLP, "        return self.layers[0].parameters()\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="The network lists the parameters of its first layer alone",
        belief="The loop goes on after its `return`.",
        why="One level of indentation decides.",
        breaks="All other layers keep their random start.",
        look="`parameters` of `MLP`: a `return` inside the loop",
        hint="collect the parameters of all layers, and return behind the loop",
        where=_MLP_PLACE,
    ),
    _listed(
        "only-first-neuron-listed",
        _in_nn(_LAYER, "        return self.neurons[0].parameters()\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="A layer lists the parameters of its first neuron alone",
        belief="The loop goes on after its `return`.",
        why="One level of indentation decides.",
        breaks="All other neurons keep their random start.",
        look="`parameters` of `Layer`: a `return` inside the loop",
        hint="collect the parameters of all neurons, and return behind the loop",
        where=_LAYER_PLACE,
        solution="return [p for neuron in self.neurons for p in neuron.parameters()]",
    ),
    _listed(
        "parameters-nested",
        _in_nn(_MLP, "        return [layer.parameters() for layer in self.layers]\n"),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="The network lists one list for each layer, and not the parameters",
        belief="A list of lists holds all that is in them.",
        why="`append` in place of `+=` does it.",
        breaks="What the update finds in the list is a list, and has no `.data`.",
        look="`parameters` of `MLP`: `append`, or a comprehension with one `for`",
        hint="make one flat list: `+=`, or a comprehension with two `for`",
        where=_MLP_PLACE,
    ),
    _listed(
        "parameters-are-copies",
        _in_nn(_MLP, _MLP.replace("[parameter for", "[Value(parameter.data) for")),
        fails=("parameters-once",),
        mistake="The network lists copies of its parameters",
        belief="It is enough for `parameters()` to list the right numbers.",
        why="Printed, they look the same.",
        breaks="The update moves the copies, and the network stays as it is.",
        look="`parameters` of `MLP`: does it make new Values?",
        hint="list the network's own Values",
        where=_MLP_PLACE,
    ),
    _listed(
        "parameters-are-numbers",
        _in_nn(_MLP, _MLP.replace("[parameter for", "[parameter.data for")),
        fails=("parameters-once",),
        mistake="The network lists the numbers of its parameters",
        belief="Parameters are numbers.",
        why="Printed, they look better.",
        breaks="A plain number cannot be moved by the update, nor has it a gradient.",
        look="`parameters` of `MLP`: `.data`",
        hint="list the Values themselves",
        where=_MLP_PLACE,
    ),
    _listed(
        "parameters-run-dry",
        _in_nn(
            "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes)]",
            (
                "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes)]\n"
                "        self.all = (p for layer in self.layers for p in layer.parameters())"
            ),
        ),
        _in_nn(_MLP, "        return self.all\n"),
        fails=("parameters-live",),
        mistake="The network lists its parameters once; the second time the list is empty",
        belief="A generator is a list that is filled when it is needed.",
        why="It looks like a comprehension, with round brackets.",
        breaks="After zeroing, nothing is left for the update.",
        look="where the list of parameters is made: round brackets",
        hint="make a list at each call",
        where=_MLP_PLACE,
    ),
    _listed(
        "parameters-not-returned",
        _in_nn(
            _MLP,
            _MLP.replace("return", "_ ="),
        ),
        fails=(
            "parameter-count",
            "parameters-once",
        ),
        mistake="`parameters()` makes the list and does not return it",
        belief="Making the list is the same as giving it back.",
        why="In a notebook the last line of a cell is shown without being asked for.",
        breaks="The caller gets `None`.",
        look="the end of `parameters` of `MLP`",
        hint="return the list",
        where=_MLP_PLACE,
    ),
    _listed(
        "only-the-network-lists",
        _in_nn(_LAYER, "        raise AttributeError('a layer has no parameters of its own')\n"),
        _in_nn(
            _MLP,
            "        neurons = [neuron for layer in self.layers for neuron in layer.neurons]\n"
            "        return [p for neuron in neurons for p in neuron.parameters()]\n",
        ),
        fails=(
            "parameter-count",
            "zero-grad",
        ),
        mistake="A layer has no `parameters()`; only the network and its neurons have",
        belief="Nobody asks a layer for its parameters.",
        why="The training loop asks the network alone.",
        breaks="A layer used on its own cannot be trained or zeroed.",
        look="the class `Layer`: `parameters`",
        hint="give all three classes the method",
        where=_LAYER_PLACE,
        solution="return [p for neuron in self.neurons for p in neuron.parameters()]",
    ),
    # ── zero_grad ──
    _listed(
        "zero-grad-does-nothing",
        _in_nn(_ZERO, "            _ = parameter.grad\n", 3),
        fails=("zero-grad",),
        mistake="`zero_grad()` leaves the gradients as they are",
        belief="A name that is set to 0 sets what it was read from.",
        why="`g = p.grad; g = 0` looks as if it did.",
        breaks="Each step adds the gradients of all earlier ones.",
        look="the line inside the loop of `zero_grad`",
        hint="write to the parameter: `p.grad = 0.0`",
        where=_ZERO_PLACE,
        cards=_ZEROED,
        solution=_RESET,
    ),
    _listed(
        "zero-grad-sets-none",
        _in_nn(_ZERO, "            parameter.grad = None\n", 3),
        fails=("zero-grad",),
        mistake="`zero_grad()` sets gradients to `None`, and not to 0",
        belief="A gradient that is gone is `None`.",
        why="PyTorch does just that.",
        breaks="`+=` cannot add to `None`.",
        look="the line inside the loop of `zero_grad`",
        hint="set them to 0",
        where=_ZERO_PLACE,
        cards=_ZEROED,
        solution=_RESET,
    ),
    _listed(
        "zero-grad-zeroes-data",
        _in_nn(_ZERO, "            parameter.data = 0.0\n", 3),
        fails=("zero-grad",),
        mistake="`zero_grad()` sets the parameters themselves to 0",
        belief="Zeroing means that everything starts again from 0.",
        why="`.data` and `.grad` stand side by side, and are written as often.",
        breaks="All that was learnt is lost.",
        look="the line inside the loop of `zero_grad`",
        hint="set `.grad`, and leave `.data` alone",
        where=_ZERO_PLACE,
        cards=_ZEROED,
        solution=_RESET,
        variants=((_in_nn(_ZERO, "            parameter.data = parameter.grad = 0.0\n", 3),),),
    ),
    _listed(
        "zero-grad-sets-one",
        _in_nn(_ZERO, "            parameter.grad = 1.0\n", 3),
        fails=("zero-grad",),
        mistake="`zero_grad()` sets gradients to 1",
        belief="Backward starts with a gradient of 1.",
        why="At the result it does.",
        breaks="Every gradient comes out too large by 1.",
        look="the line inside the loop of `zero_grad`",
        hint="set them to 0",
        where=_ZERO_PLACE,
        cards=(*_ZEROED, "why-the-root-starts-with-one"),
        solution=_RESET,
    ),
    _listed(
        "zero-grad-of-weights-only",
        Edit(
            "nn.py",
            "        for parameter in self.parameters():\n" + _ZERO,
            "        for unit in getattr(self, 'layers', [self]):\n"
            "            for neuron in getattr(unit, 'neurons', [unit]):\n"
            "                for parameter in neuron.w:\n"
            "                    parameter.grad = 0.0\n",
            3,
        ),
        fails=("zero-grad",),
        mistake="`zero_grad()` leaves out the biases",
        belief="A bias has no input, and so no gradient to clear.",
        why="The weights come in a list that is easily gone through.",
        breaks="The biases' steps add up from one step to the next.",
        look="what `zero_grad` goes through",
        hint="go through all that `parameters()` lists",
        where=_ZERO_PLACE,
        cards=_ZEROED,
        solution=_RESET,
    ),
    _listed(
        "zero-grad-of-first-layer-only",
        Edit(
            "nn.py",
            "        for parameter in self.parameters():\n" + _ZERO,
            "        for parameter in getattr(self, 'layers', [self])[0].parameters():\n" + _ZERO,
            3,
        ),
        fails=("zero-grad",),
        mistake="`zero_grad()` of a network zeroes its first layer alone",
        belief="The loop goes on after its `return`.",
        why="One level of indentation decides.",
        breaks="The other layers' gradients add up from one step to the next.",
        look="what `zero_grad` of `MLP` goes through",
        hint="go through all that `parameters()` lists",
        where=_ZERO_PLACE,
        cards=_ZEROED,
        solution=_RESET,
    ),
)
