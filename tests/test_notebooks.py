"""Notebooks: what real ones look like is graded; lines lead back to cells; nothing is run."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import REFERENCE, ROOT, Run, outcomes

from grader.notebooks import NotebookError, cell_at, read_notebook
from grader.report import Report
from grader.sources import SubmissionError
from grader.submission import WANTED, read

Graded = Callable[..., Report]

FROM_ENGINE = "from engine_reference.engine import Value\n"
CODE = {role: text.replace(FROM_ENGINE, "") for role, text in REFERENCE.items()}

FIRST_TRY = """class Value:
    def __init__(self, data):
        self.data = data
    def __add__(self, other):
        return Value(self.data + other.data)
a = Value(2.0)
a + a"""

LECTURE = [
    "import math\nimport requests\nimport matplotlib.pyplot as plt\n%matplotlib inline\n!pip list",
    "def f(x):\n    return 3*x**2 - 4*x + 5\nxs = plt.linspace(-5, 5)\nplt.plot(xs, f(xs))",
    FIRST_TRY,
    "from graphviz import Digraph\ndef draw_dot(root):\n    return Digraph(format='svg')",
    CODE["engine"],
    "Value?",
    "import torch\nx = torch.Tensor([2.0]).double(); x.requires_grad = True\nx.grad.item()",
    "random.seed(1337)",
    CODE["nn"],
    "x = [2.0, 3.0, -1.0]\nn = MLP(3, [4, 4, 1])\nn(x)",
    "while True:\n    ypred = [n(x) for x in [x]]\n    loss = sum(y**2 for y in ypred)\n"
    "    loss.backward()\n    print(loss.data)",
    CODE["train"],
    "%%time\nhistory = train(n, xs, [1.0], steps=10**9, learning_rate=0.1)",
    "%%bash\nrm -rf /",
]


def notebook(path: Path, cells: Sequence[str], version: int = 4, **more: object) -> Path:
    """Write a notebook with these code cells, each below a cell of text."""
    made = []
    for code in cells:
        text = code.splitlines(keepends=True)
        made.append({"cell_type": "markdown", "source": ["# why\n"], "metadata": {}})
        key = "source" if version == 4 else "input"
        made.append({"cell_type": "code", key: text, "outputs": [], "metadata": {}})
    content = {"cells": made} if version == 4 else {"worksheets": [{"cells": made}]}
    path.write_text(json.dumps({**content, "nbformat": version, "metadata": {}, **more}), "utf-8")
    return path


def code_of(*cells: str, version: int = 4, tmp_path: Path) -> str:
    data = notebook(tmp_path / "a.ipynb", cells, version).read_bytes()
    return read_notebook(data, WANTED).text.strip("\n")


# ── The whole way ─────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("version", [3, 4])
def test_a_lecture_notebook_is_graded_without_running_it(
    graded: Graded, tmp_path: Path, version: int
) -> None:
    report = graded(notebook(tmp_path / "lecture.ipynb", LECTURE, version))
    assert report.all_passed
    assert report.submission.files == ["lecture.ipynb"]
    assert [note for note in report.submission.notes if "left out" in note] == [
        "lecture.ipynb: only what its code cells define is taken; left out: cell 2:3–4, "
        "cell 3:6–7, cell 7, cell 8, cell 10:2–3, cell 11, cell 13"
    ]


OWN_IMPORT = re.compile(r"^from \.?(?:engine|nn) import \w+(?:, \w+)*$", re.MULTILINE)
BETWEEN = "x = Value(2.0)\ny = x * x\nwhile True:\n    y.backward()"


@pytest.mark.parametrize(
    "name",
    ["right/operator_table", "right/dataclass_fields", "wrong/assign_in_tanh", "wrong/no_bias"],
)
def test_a_notebook_is_graded_as_the_same_code_in_files_is(
    graded: Graded, tmp_path: Path, name: str
) -> None:
    folder = ROOT / "tests" / "submissions" / name
    texts = [(folder / f"{role}.py").read_text("utf-8") for role in REFERENCE]
    cells = [cell for text in texts for cell in (OWN_IMPORT.sub("", text), BETWEEN)]
    reports = [graded(folder), graded(notebook(tmp_path / "a.ipynb", cells))]
    first, second = ({c.slug: c.outcome for c in report.checks} for report in reports)
    assert first == second


def test_what_goes_wrong_is_named_with_cell_and_line(graded: Graded, tmp_path: Path) -> None:
    engine = CODE["engine"].replace(
        "    def exp(self) -> Value:", "    def exp(self) -> Value:\n        raise ValueError('no')"
    )
    line = engine.split("\n").index("        raise ValueError('no')") + 1
    report = graded(notebook(tmp_path / "a b.ipynb", ["import torch", "1 + 1", engine]))
    reason = outcomes(report)["value/exp"].reason
    assert reason == f"raised ValueError at a b.ipynb cell 3:{line}: no"


def test_a_mistake_is_pointed_at_in_its_cell(graded: Graded, tmp_path: Path) -> None:
    engine = CODE["engine"].replace("parent.grad +=", "parent.grad =")
    assert engine != CODE["engine"]
    report = graded(notebook(tmp_path / "a.ipynb", ["1", engine]), only=["backward/shared-node"])
    (found,) = report.checks
    assert found.diagnosis is not None
    assert found.diagnosis.where is not None
    assert found.diagnosis.where.file == "a.ipynb cell 2"
    assert engine.split("\n")[found.diagnosis.where.line - 1].strip() != ""


def test_a_script_to_paste_goes_into_a_cell(graded: Graded, tmp_path: Path) -> None:
    engine = CODE["engine"].replace("self.data + other.data", "self.data - other.data")
    report = graded(notebook(tmp_path / "a.ipynb", [engine]))
    example = outcomes(report)["value/add"].counterexample
    assert example is not None
    assert example.python.startswith("# in a new cell at the end of the notebook\n\na = Value(")


def test_packages_that_are_not_there_are_named_with_their_cell(
    graded: Graded, tmp_path: Path
) -> None:
    cells = ["1", "\nimport numpy as np", f"{CODE['engine']}\nEPS = np.finfo(float).eps\n", "EPS"]
    cells[2] += "def tiny():\n    return EPS"
    report = graded(notebook(tmp_path / "a.ipynb", cells))
    assert any("a.ipynb cell 2:2 imports numpy" in note for note in report.submission.notes)


# ── Which file is which ───────────────────────────────────────────────────────────────


def test_python_files_come_before_notebooks(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text(CODE["engine"], "utf-8")
    notebook(tmp_path / "play.ipynb", LECTURE)
    submission = read(tmp_path)
    assert dict(submission.roles) == {"engine": "engine"}
    assert "play.ipynb is a notebook, and is not looked into" in submission.notes[0]


def test_a_notebook_may_use_python_files_beside_it(graded: Graded, tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text(CODE["engine"], "utf-8")
    (tmp_path / "course.toml").write_text('[files]\nnn = "net.ipynb"\n', "utf-8")
    notebook(tmp_path / "net.ipynb", ["from engine import Value", CODE["nn"]])
    report = graded(tmp_path, only=["mlp/neuron", "mlp/forward"])
    assert report.all_passed


def test_a_notebook_that_is_named_and_not_there_is_said(tmp_path: Path) -> None:
    (tmp_path / "engine.py").write_text(CODE["engine"], "utf-8")
    (tmp_path / "course.toml").write_text('[files]\nnn = "net.ipynb"\n', "utf-8")
    with pytest.raises(SubmissionError, match=r"nn = 'net\.ipynb' names no Python file here"):
        read(tmp_path)


def test_of_several_notebooks_the_one_that_defines_most_is_graded(tmp_path: Path) -> None:
    notebook(tmp_path / "1.ipynb", [FIRST_TRY])
    notebook(tmp_path / "2.ipynb", LECTURE)
    assert dict(read(tmp_path).roles) == {"engine": "2", "nn": "2", "train": "2"}


def test_a_notebook_in_an_archive_is_read(course: Run, tmp_path: Path) -> None:
    from zipfile import ZipFile

    file = notebook(tmp_path / "a.ipynb", LECTURE)
    with ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(file, "ada/a.ipynb")
    done = course("grade", tmp_path / "a.zip")
    assert done.returncode == 0, done.stdout + done.stderr


# ── Cells ─────────────────────────────────────────────────────────────────────────────


def test_magics_are_left_out_and_texts_that_look_like_them_stay(tmp_path: Path) -> None:
    text = "A = '''\n%matplotlib\n!ls\n'''"
    assert code_of(text, tmp_path=tmp_path) == text
    cells = (
        "%matplotlib inline\nB = 1",
        "files = !ls\nC = 2",
        "len?\n?len\nD = 3",
        "%%time\nE = 4",
    )
    assert code_of(*cells, tmp_path=tmp_path).split() == (
        ["pass", "B", "=", "1", "pass", "C", "=", "2", "pass", "pass", "D", "=", "3", "E", "=", "4"]
    )


def test_the_future_is_imported_once_at_the_top(tmp_path: Path) -> None:
    cell = "from __future__ import annotations\nclass A:\n    pass"
    text = code_of("1", cell, cell, tmp_path=tmp_path)
    compile(text, "a", "exec", dont_inherit=True)
    assert text.startswith("from __future__ import annotations, annotations\n")


def test_a_cell_that_is_not_python_is_left_out_and_named(tmp_path: Path) -> None:
    data = notebook(tmp_path / "a.ipynb", ["A = 1", "x = (\nclass", "B = 2"]).read_bytes()
    found = read_notebook(data, ())
    assert found.text.split() == ["A", "=", "1", "B", "=", "2"]
    assert found.problems == ["cell 2:1 is not Python ('(' was never closed); the cell is left out"]


@pytest.mark.parametrize(("line", "place"), [(2, (1, 1)), (3, (2, 1)), (5, (2, 3)), (9, (3, 4))])
def test_lines_lead_back_to_cells(line: int, place: tuple[int, int]) -> None:
    assert cell_at([2, 3, 6], line) == place


# ── What is no notebook ───────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is not a whole notebook (Expecting value): save it again"),
        (b"\xff\xfe", "is not a whole notebook"),
        (b'{"cells": [', "is not a whole notebook (Expecting value): save it again"),
        (b"[" * 100_000, "is not a whole notebook (nested too deep): save it again"),
        (b'{"cells": ' + b"1" * 5000 + b"}", "is not a whole notebook (Exceeds the limit"),
        (b"[]", "is not a notebook: it has no cells"),
        (b'{"a": 1}', "is not a notebook: it has no cells"),
        (
            b'{"cells": [], "metadata": {"kernelspec": {"language": "R"}}}',
            "holds code in R, not in Python",
        ),
    ],
)
def test_what_cannot_be_read_is_said(content: bytes, message: str) -> None:
    with pytest.raises(NotebookError) as raised:
        read_notebook(content, ())
    assert str(raised.value).startswith(message)


@pytest.mark.parametrize(
    "content",
    [
        {"cells": 3},
        {"cells": [3, None, {}, {"cell_type": "code"}, {"cell_type": "code", "source": 3}]},
        {"cells": [{"cell_type": "code", "source": [3, None]}], "metadata": []},
        {"cells": [], "worksheets": [None, {"cells": 4}, {}], "metadata": {"kernelspec": 2}},
        {"worksheets": 3},
    ],
)
def test_a_notebook_of_odd_parts_holds_no_code(content: object) -> None:
    assert read_notebook(json.dumps(content).encode(), ()).text.strip() == ""


def test_more_code_than_anybody_writes_is_not_taken_apart(tmp_path: Path) -> None:
    data = notebook(tmp_path / "a.ipynb", ["A = 1\n" * 60_000]).read_bytes()
    with pytest.raises(NotebookError, match="holds more than 300 kB of code"):
        read_notebook(data, ())
