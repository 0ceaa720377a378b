"""Mistakes in the walk back: which nodes hand on their gradient, when, and how often."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import ACCUMULATE, Misconception, Place, Sign
from grader.misconceptions.rules import RULES
from grader.tasks import Slug

_FOR = "        for node in reversed(topological_order(self)):\n"
_WALK = Place(("Value.backward",))
_APPEND = Place(("Value.backward",), "append()")
_ROOT_GRAD = Place(("Value.backward",), "grad")
_ROOT = ("why-the-root-starts-with-one",)
_ORDER = ("order-of-backward", "when-a-node-is-finished", "backward-by-hand")
_ONCE = ("visit-each-node-once", "when-a-node-is-finished")
_TOPOLOGICAL = "for node in reversed(topological_order(self)):\n    node._backward()"
_GUARDED = (
    "def visit(node):\n"
    "    if node not in visited:\n"
    "        visited.add(node)\n"
    "        for parent in node.parents:\n"
    "            visit(parent)\n"
    "        order.append(node)"
)


def _fails(*checks: str) -> frozenset[Slug]:
    return frozenset(Slug(f"backward/{check}") for check in checks)


def _walked(name: str, *body: str) -> tuple[Edit, ...]:
    """Return the edits that take the nodes from another function, written behind the walk."""
    lines = "".join(f"    {line}\n" for line in body)
    return (
        Edit("engine.py", _FOR, f"        for node in {name}(self):\n"),
        Edit("engine.py", "    return order", f"    return order\n\n\ndef {name}(root):\n{lines}"),
    )


def _visited(name: str, *visit: str) -> tuple[Edit, ...]:
    """Return the edits that order the nodes by another recursion."""
    body = ("order, visited = [], set()", "def visit(node):", *(f"    {line}" for line in visit))
    return _walked(name, *body, "visit(root)", "return reversed(order)")


MISCONCEPTIONS: tuple[Misconception, ...] = (
    # ── where it begins ──
    Misconception(
        slug=Slug("root-grad-zero"),
        stage="backward",
        fails=_fails(*RULES),
        mistake="`backward()` starts with a gradient of 0 at the result, so 0 arrives everywhere",
        belief="`backward()` finds its starting gradient by itself.",
        why="The result's own derivative, 1, is so plain that it is easily left unwritten.",
        breaks="Every gradient is a product with the first one: 0 times anything is 0.",
        look="the beginning of `backward`",
        hint="set `self.grad` to 1 before anything is handed on",
        solution="self.grad = 1.0",
        edits=(Edit("engine.py", "        self.grad = 1.0\n", ""),),
        where=_WALK,
        cards=_ROOT,
        group="leaves-get-nothing",
    ),
    # Gives the same numbers, and is the rarer of the two: it comes second.
    Misconception(
        slug=Slug("gradient-added-to-the-result"),
        stage="backward",
        mistake="An operation adds the gradient to its own result, and its operands get nothing",
        belief="What an operation computes belongs to its result.",
        why="`out` stands right there in the method, and it has a `.grad`, too.",
        breaks="The leaves keep the gradient 0, so nothing can be trained.",
        look="the left side of the lines that add a gradient",
        hint="add to the operands' gradients; the result's own is what you multiply with",
        solution="self.grad += local_derivative * out.grad",
        edits=(
            Edit("engine.py", ACCUMULATE, ACCUMULATE.replace("parent.grad +=", "node.grad +=")),
        ),
        where=Place(("Value.backward", "Value.__add__", "Value"), "grad ="),
        fails=_fails(*RULES),
        cards=("chain-rule", "upstream-times-local"),
        group="leaves-get-nothing",
    ),
    Misconception(
        slug=Slug("root-grad-is-data"),
        stage="backward",
        fails=_fails(*RULES),
        mistake="`backward()` starts with the result's number, where it has to start with 1",
        belief="What goes back from the result is the result.",
        why="For a loss it looks natural: the larger the loss, the larger the correction.",
        breaks="All gradients are multiplied by the result's number.",
        look="the beginning of `backward`",
        hint="set `self.grad` to 1: the result grows exactly as fast as itself",
        solution="self.grad = 1.0",
        edits=(Edit("engine.py", "self.grad = 1.0\n", "self.grad = float(self.data)\n"),),
        where=_ROOT_GRAD,
        cards=_ROOT,
    ),
    Misconception(
        slug=Slug("root-grad-negative"),
        stage="backward",
        fails=_fails(*RULES),
        mistake="`backward()` starts with −1, so that every gradient has the wrong sign",
        belief="Training goes downhill, so the gradient starts with a minus.",
        why="The minus is needed, in the update, and is easily written too early.",
        breaks="Every gradient points downhill; the update then turns it uphill.",
        look="the beginning of `backward`",
        hint="set `self.grad` to 1; the minus belongs to the update of the parameters",
        solution="self.grad = 1.0",
        edits=(Edit("engine.py", "self.grad = 1.0\n", "self.grad = -1.0\n"),),
        where=_ROOT_GRAD,
        cards=(*_ROOT, "why-minus"),
    ),
    Misconception(
        slug=Slug("gradients-restarted"),
        stage="backward",
        fails=_fails("two-graphs"),
        mistake="`backward()` sets every gradient back to 0 before it begins",
        belief="Each `backward()` has to start from clean gradients.",
        why="It spares the loop its zeroing, and with one graph nothing is lost.",
        breaks="A leaf in two graphs keeps only what the second one pays.",
        look="what `backward` does before it hands anything on",
        hint="leave gradients alone there; zeroing is the business of the loop",
        solution="self.grad = 1.0\n" + _TOPOLOGICAL,
        edits=(
            Edit(
                "engine.py",
                "        self.grad = 1.0\n",
                "        for node in topological_order(self):\n"
                "            node.grad = 0.0\n"
                "        self.grad = 1.0\n",
            ),
        ),
        where=_WALK,
        cards=("adding-contributions", "why-contributions-add"),
    ),
    # ── how far it goes ──
    Misconception(
        slug=Slug("only-the-last-operation"),
        stage="backward",
        fails=_fails("mul", "pow", "neg", "sub", "div", "exp", "tanh"),
        mistake="Only the last operation hands on its gradient; nothing goes further back",
        belief="`backward()` is about the operation that made the result.",
        why="With a single operation that is all there is.",
        breaks="A leaf two operations away from the result keeps the gradient 0.",
        look="the walk in `backward`",
        hint="go through all nodes below the result, not only through its own parents",
        solution=_TOPOLOGICAL,
        edits=(Edit("engine.py", _FOR, "        for node in (self,):\n"),),
        where=_WALK,
        cards=_ORDER,
        group="one-operation-back",
    ),
    Misconception(
        slug=Slug("order-not-reversed"),
        stage="backward",
        fails=_fails("mul", "pow", "neg", "sub", "div", "exp", "tanh"),
        mistake="The nodes are walked from the leaves to the result, where it is the other way",
        belief="A list in topological order is walked as it is.",
        why="It is in order, after all: parents first.",
        breaks="Leaves are asked before anything has reached them, and hand on their 0.",
        look="the loop over the ordered nodes in `backward`",
        hint="go through the list in reverse: from the result to the leaves",
        solution=_TOPOLOGICAL,
        edits=(Edit("engine.py", "reversed(topological_order(self))", "topological_order(self)"),),
        where=_WALK,
        cards=_ORDER,
        group="one-operation-back",
    ),
    Misconception(
        slug=Slug("walk-stops-at-depth-100"),
        stage="backward",
        fails=_fails("long-chain"),
        mistake="The walk gives up after a hundred operations",
        belief="A walk that is a hundred nodes deep has lost its way.",
        why="It is a guard against endless loops, and small graphs never meet it.",
        breaks="A network's loss is a longer chain than that: its first layers get nothing.",
        look="the walk in `backward`: a count or a depth",
        hint="take the limit away; a graph of Values has an end",
        solution=_GUARDED,
        edits=_walked(
            "near",
            "depth = {root: 0}",
            "order = topological_order(root)[::-1]",
            "for node in order:",
            "    for parent in node.parents:",
            "        depth[parent] = max(depth.get(parent, 0), depth[node] + 1)",
            "return [node for node in order if depth[node] < 100]",
        ),
        where=_WALK,
        cards=_ORDER,
    ),
    # ── in which order ──
    Misconception(
        slug=Slug("depth-first-without-order"),
        stage="backward",
        fails=_fails(
            "diamond", "uneven-depths", "shared-node", "random-graphs", "gradient-check", "doubling"
        ),
        mistake="`backward()` hands a gradient on as soon as it arrives, before all of it is there",
        belief="Each node can pass its gradient to its parents at once, and they to theirs.",
        why="Without shared nodes there is nothing to wait for, and it is right.",
        breaks="A node used twice hands on its first contribution again with the second.",
        look="the walk in `backward`",
        hint="list the nodes in topological order first, then go through the list backwards",
        solution=_TOPOLOGICAL,
        edits=(
            Edit(
                "engine.py",
                _FOR,
                "        waiting = [self]\n"
                "        while waiting:\n"
                "            node = waiting.pop()\n"
                "            waiting += node.parents[::-1]\n",
            ),
        ),
        where=_WALK,
        cards=_ORDER,
    ),
    Misconception(
        slug=Slug("handed-on-at-first-visit"),
        stage="backward",
        fails=_fails("diamond", "uneven-depths", "shared-node", "random-graphs"),
        mistake="A node hands on its gradient when the walk first meets it, and then never again",
        belief="A node may pass its gradient on as soon as the walk reaches it.",
        why="It looks like the usual guarded walk, and in a graph without sharing it is right.",
        breaks="What arrives at a node later is never passed on.",
        look="the walk in `backward`: what happens when a node is met",
        hint="put a node into the list after its parents, and hand on in a second loop, backwards",
        solution=_GUARDED,
        edits=_walked(
            "first_visits",
            "visited, waiting = set(), [root]",
            "while waiting:",
            "    node = waiting.pop()",
            "    if node not in visited:",
            "        visited.add(node)",
            "        yield node",
            "        waiting += node.parents[::-1]",
        ),
        where=_WALK,
        cards=_ORDER,
    ),
    Misconception(
        slug=Slug("breadth-first-walk"),
        stage="backward",
        fails=_fails("diamond", "uneven-depths", "shared-node", "random-graphs"),
        mistake="The walk goes level by level, and hands on before the longer paths have paid in",
        belief="Level by level from the result, every node is finished before those below it.",
        why="In a network of layers it is so, and a queue is the tidy way to walk.",
        breaks="A node that is used near the result and far from it hands on too early.",
        look="the walk in `backward`: a queue",
        hint="order the nodes so that each comes after all that use it: topological order",
        solution=_GUARDED,
        edits=_walked(
            "by_level",
            "visited, waiting = {root}, [root]",
            "for node in waiting:",
            "    yield node",
            "    for parent in node.parents:",
            "        if parent not in visited:",
            "            visited.add(parent)",
            "            waiting.append(parent)",
        ),
        where=_WALK,
        cards=_ORDER,
    ),
    Misconception(
        slug=Slug("breadth-first-without-guard"),
        stage="backward",
        fails=_fails(
            "diamond", "uneven-depths", "shared-node", "random-graphs", "gradient-check", "doubling"
        ),
        mistake="The walk goes level by level and takes a node again for every path to it",
        belief="A node has to be visited once for each way in which it is used.",
        why="Each use brings a contribution, so each use seems to need a visit.",
        breaks="A node used twice hands on everything it has twice.",
        look="the walk in `backward`: a queue without a guard",
        hint="visit each node once, after all that use it: topological order",
        solution=_GUARDED,
        edits=_walked(
            "by_level_and_path",
            "waiting = [root]",
            "for node in waiting:",
            "    yield node",
            "    waiting += node.parents",
        ),
        where=_WALK,
        cards=(*_ORDER, "visit-each-node-once"),
    ),
    # ── the guard ──
    Misconception(
        slug=Slug("append-outside-guard"),
        stage="backward",
        fails=_fails(
            "diamond", "uneven-depths", "shared-node", "random-graphs", "gradient-check", "doubling"
        ),
        mistake="A node enters the order at every visit, and not only at its first",
        belief="The guard is there for the recursion; the list takes every visit.",
        why="The line with `append` stands last, and slips one level to the left.",
        breaks="A node used twice hands on its gradient twice.",
        look="where nodes enter the list: the indentation of `append`",
        hint="move `append` under the `if`",
        solution=_GUARDED,
        edits=_visited(
            "every_visit",
            "if node not in visited:",
            "    visited.add(node)",
            "    for parent in node.parents:",
            "        visit(parent)",
            "order.append(node)",
        ),
        where=_APPEND,
        cards=(*_ONCE, "order-of-backward"),
    ),
    Misconception(
        slug=Slug("only-the-mark-is-guarded"),
        stage="backward",
        fails=_fails(
            "diamond", "uneven-depths", "shared-node", "random-graphs", "gradient-check", "doubling"
        ),
        mistake="The guard holds back nothing but its own mark: every path is walked again",
        belief="It is enough that a node is marked once.",
        why="`visited.add` stands under the `if`, and the rest looks as if it did.",
        breaks="A node used twice hands on its gradient twice, and 26 doublings take for ever.",
        look="what stands under `if node not in visited`",
        hint="move the recursion and `append` under the `if`, too",
        solution=_GUARDED,
        edits=_visited(
            "every_path",
            "if node not in visited:",
            "    visited.add(node)",
            "for parent in node.parents:",
            "    visit(parent)",
            "order.append(node)",
        ),
        where=_APPEND,
        cards=(*_ONCE, "order-of-backward"),
        group="every-path-is-walked",
    ),
    Misconception(
        slug=Slug("guard-never-set"),
        stage="backward",
        fails=_fails(
            "diamond", "uneven-depths", "shared-node", "random-graphs", "gradient-check", "doubling"
        ),
        mistake="Visited nodes are asked for and never marked: every path is walked again",
        belief="Asking whether a node was visited is enough to remember that it was.",
        why="The question is there, and without shared nodes its answer does not matter.",
        breaks="A node used twice hands on its gradient twice, and 26 doublings take for ever.",
        look="the guard in `backward`: is anything ever added to `visited`?",
        hint="add the node to `visited` as soon as it is met",
        solution=_GUARDED,
        edits=_visited(
            "unmarked",
            "if node not in visited:",
            "    for parent in node.parents:",
            "        visit(parent)",
            "    order.append(node)",
        ),
        where=_WALK,
        cards=(*_ONCE, "order-of-backward"),
        group="every-path-is-walked",
    ),
    Misconception(
        slug=Slug("recursion-outside-guard"),
        stage="backward",
        fails=_fails("doubling"),
        mistake="The walk goes down from a node again each time it is met",
        belief="The guard is there for the list; walking again does no harm.",
        why="The gradients come out right, and small graphs are fast.",
        breaks="The time doubles with every node that is used twice: 26 of them take for ever.",
        look="where `visit` calls itself: is that under the `if`?",
        hint="move the recursion under `if node not in visited`",
        solution=_GUARDED,
        edits=_visited(
            "walked_again",
            "for parent in node.parents:",
            "    visit(parent)",
            "if node not in visited:",
            "    visited.add(node)",
            "    order.append(node)",
        ),
        where=_WALK,
        cards=_ONCE,
        signs=(Sign(Slug("backward/doubling"), "timed out"),),
    ),
    Misconception(
        slug=Slug("visited-by-number"),
        stage="backward",
        fails=_fails(
            "add-reused",
            "mul-reused",
            "relu-reused",
            "diamond",
            "uneven-depths",
            "random-graphs",
            "gradient-check",
            "long-chain",
        ),
        mistake="Two Values that hold the same number are taken for one, and one is never visited",
        belief="A Value is known by its number.",
        why="`visited` holds numbers, or `__eq__` compares them, and then 2.0 is 2.0.",
        breaks="A second Value with the same number is left out of the walk.",
        look="what is put into `visited`, and whether `Value` defines `__eq__`",
        hint="remember the objects themselves, not their numbers",
        solution=_GUARDED,
        edits=_visited(
            "by_number",
            "if node.data not in visited:",
            "    visited.add(node.data)",
            "    for parent in node.parents:",
            "        visit(parent)",
            "    order.append(node)",
        ),
        where=Place(("Value.__eq__", "Value.backward")),
        cards=_ONCE,
    ),
)
