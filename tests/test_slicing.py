"""What is taken of a source whose top level runs something, and what is left out."""

from __future__ import annotations

import ast

import pytest
from conftest import ROOT

from grader.slicing import slice_notebook, slice_script
from grader.submission import WANTED

TRAINING = """
model = MLP(2, [3, 1])
for step in range(10**9):
    out = model([1.0, 2.0])
    out.backward()
    print(step, \
        out.data)
"""


def taken(text: str, *, notebook: bool = True) -> str:
    """Slice, and return the lines that are left, without those that are empty or `pass`."""
    slice_ = slice_notebook(text, WANTED) if notebook else slice_script(text, WANTED)
    assert slice_ is not None
    assert slice_.text.count("\n") == text.count("\n")
    return "\n".join(line for line in slice_.text.split("\n") if line not in ("", "pass"))


DEFINITIONS = {
    "class": "class Value:\n    pass",
    "decorated function": "from functools import cache\n@cache\ndef f():\n    return 1",
    "constants": "EPS = 1e-6\nNAMES: list = ['a', 'b']\nSIZES = 3, -4.5",
    "lambda": "square = lambda x: x * x",
    "patch": "class Value:\n    pass\nValue.__radd__ = lambda self, other: self + other",
    "patch by setattr": "class Value:\n    pass\nsetattr(Value, 'relu', None)",
    "patches by a function": "class Value:\n    pass\ndef install():\n    Value.a = 1\ninstall()",
    "patches in a loop": "class Value:\n    pass\nfor name in 'ab':\n    setattr(Value, name, 1)",
    "one import or another": "try:\n    import math\nexcept ImportError:\n    math = None\n"
    "def f():\n    return math.e",
    "under a condition": "import sys\nif sys.version_info > (3, 12):\n    LIMIT = 1\n"
    "else:\n    LIMIT = 2",
    "everything of a module": "from math import *\nclass Value:\n    pass",
    "a text": "'''Says something.'''",
}


@pytest.mark.parametrize("kind", DEFINITIONS)
def test_definitions_are_taken(kind: str) -> None:
    assert taken(DEFINITIONS[kind]) == DEFINITIONS[kind]


RUNNING = {
    "expression": "print(1)",
    "loop": "for i in range(3):\n    print(i)",
    "endless loop": "while True:\n    pass",
    "computed": "n = len('abc')",
    "call that is decorated with nothing": "[print(i) for i in range(3)]",
    "with": "with open('x') as file:\n    text = file.read()",
    "main": "if __name__ == '__main__':\n    print(1)",
    "attribute of an object": "import math\nthing = object()\nthing.data = 3",
    "unused import": "import requests",
    "assertion": "assert 1 == 1",
    "deletion": "x = len('a')\ndel x",
}


@pytest.mark.parametrize("kind", RUNNING)
def test_what_only_runs_is_left_out(kind: str) -> None:
    assert taken(RUNNING[kind]) == ""


NEEDED = [
    ("import math\nclass A:\n    half = math.pi / 2", "import math"),
    ("import random\nrng = random.Random(1)\ndef f():\n    return rng.random()", "rng = "),
    ("import numpy as np\nEPS = np.finfo(float).eps\ndef f(x=EPS):\n    return x", "EPS = "),
    ("a = len('a')\nb = a + 1\ndef f():\n    return [b for _ in range(3)]", "a = "),
    ("sizes = list((1, 2))\nclass A:\n    def f(self):\n        return sizes", "sizes = "),
    ("def make():\n    return 1\nValue = make()", "Value = "),
    ("class Node:\n    pass\nValue = Node", "Value = "),
]


@pytest.mark.parametrize(("text", "line"), NEEDED)
def test_what_a_definition_needs_is_taken(text: str, line: str) -> None:
    assert line in taken(text)


def test_names_that_are_local_to_a_function_need_nothing() -> None:
    text = "x = len('a')\nloss = len('b')\ndef f(x):\n    loss = x\n    return loss"
    assert taken(text) == "def f(x):\n    loss = x\n    return loss"


def test_of_several_values_the_last_is_taken_and_what_it_was_made_from() -> None:
    text = "xs = list('a')\nxs = list('b')\nxs = xs + xs\ndef f():\n    return xs"
    assert taken(text) == "xs = list('b')\nxs = xs + xs\ndef f():\n    return xs"


def test_what_trains_is_not_run_though_a_function_names_its_result() -> None:
    text = "history = train(3)\ndef plot():\n    return history"
    assert taken(text) == "def plot():\n    return history"


def test_a_class_written_here_counts_and_not_one_imported_to_compare_it_with() -> None:
    text = (
        "class Value:\n    pass\nfrom micrograd.engine import Value\ndef f():\n    return Value(1)"
    )
    assert "micrograd" not in taken(text)
    assert taken("from a import b\nb = len('c')\ndef f():\n    return b").startswith("b = ")


def test_statements_that_share_a_line_are_parted() -> None:
    text = "import math; print(1); A = 1; print(math); B = 'ä'; print('é'); C = 3"
    sliced = slice_notebook(text, ()).text
    assert sliced == "pass; pass; A = 1; pass; B = 'ä'; pass; C = 3"


def test_line_ends_of_every_kind_keep_their_lines() -> None:
    text = "A = 1\r\nprint(\r\n1)\rclass B:\r\n    pass"
    assert slice_notebook(text, ()).text == "A = 1\npass\n\nclass B:\n    pass"


@pytest.mark.parametrize(
    "text",
    [
        "import math\nclass Value:\n    pass\nprint(Value())",
        "class Value:\n    pass\nif __name__ == '__main__':\n    Value().backward()",
        "def train():\n    pass\ndef main():\n    train()",
        "while True:\n    pass",
        "class Value:\n    pass\nsetattr(Value, 'a', lambda self: self.backward())",
        "a = (",
        "x = " + "-" * 100_000 + "1\nx.backward()",
    ],
)
def test_a_script_that_does_not_train_is_left_whole(text: str) -> None:
    assert slice_script(text, WANTED) is None


@pytest.mark.parametrize("line", ["loss.backward()", "train(model)", "fit()", "x = input()"])
def test_a_script_that_trains_keeps_its_definitions_and_all_imports(line: str) -> None:
    text = f"import random\n{line}\nclass Value:\n    pass"
    assert taken(text, notebook=False) == "import random\nclass Value:\n    pass"


def engines() -> list[str]:
    folder = ROOT / "tests" / "submissions"
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("engine.py"))


@pytest.mark.parametrize("name", engines())
def test_real_engines_keep_every_definition_line_for_line(name: str) -> None:
    text = (ROOT / "tests" / "submissions" / name).read_text("utf-8") + TRAINING
    sliced = slice_script(text, WANTED)
    assert sliced is not None
    whole, left = (ast.parse(t).body for t in (text, sliced.text))
    definitions = [node for node in whole if not isinstance(node, ast.For)][:-1]
    kept = [node for node in left if not isinstance(node, ast.Pass)]
    assert [(n.lineno, ast.dump(n)) for n in kept] == [(n.lineno, ast.dump(n)) for n in definitions]
