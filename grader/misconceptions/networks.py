"""What the mistakes of layers and networks share: the reference's lines, how one is declared."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception, Place
from grader.tasks import Slug

NETWORK = Place(("MLP.__call__", "MLP"))
AT_LOOP = Place(("MLP.__call__", "MLP"), "for")
AT_RETURN = Place(("MLP.__call__", "MLP"), "return")
SIZES = Place(("MLP.__init__", "MLP"))
LAYER = Place(("Layer.__call__", "Layer"))
LAYER_INIT = Place(("Layer.__init__", "Layer"))

FOR = "        for layer in self.layers:\n            x = outputs = layer(x)\n"
MADE = "        self.layers = [Layer(*pair) for pair in itertools.pairwise(sizes)]"
OUT = "        return outputs[0] if len(outputs) == 1 else outputs\n"
NEURONS = "        self.neurons = [Neuron(nin) for _ in range(nout)]"
CHAIN = "for layer in self.layers:\n    x = layer(x)\nreturn x[0] if len(x) == 1 else x"
PAIRS = (
    "sizes = [nin, *nouts]\n"
    "self.layers = [Layer(sizes[i], sizes[i + 1]) for i in range(len(nouts))]"
)
MLP = ("mlp", "neuron")
GRAPH = ("keeping-the-record", "mlp")


def in_network(
    slug: str,
    *edits: tuple[str, str],
    fails: tuple[str, ...],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    look: str,
    hint: str,
    cards: tuple[str, ...] = MLP,
    where: Place = NETWORK,
    solution: str = CHAIN,
    group: str | None = None,
) -> Misconception:
    """Declare a mistake in `Layer` or `MLP`, as edits of their text."""
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
        edits=tuple(Edit("nn.py", old, new) for old, new in edits),
        where=where,
        cards=cards,
        group=group,
    )
