"""The house keeps its own rules: who imports whom, what is declared, what is said where."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from grader.checks import CHECKS, STAGES

ROOT = Path(__file__).parent.parent
PACKAGES = ("course", "flashcards", "grader", "engine_reference", "student_template")

STANDARD = sys.stdlib_module_names
MAY_IMPORT = {
    "course": {
        "course",
        "grader",
        "flashcards",
        "engine_reference",
        "student_template",
        "click",
        "jinja2",
        "markupsafe",
        "rich",
        "platformdirs",
        "resvg_py",
    },
    "flashcards": {
        *("flashcards", "markdown_it", "platformdirs"),
        *("reportlab", "genanki", "text2qti", "fsrs"),
    },
    "grader": {"grader", "engine_reference", "rich", "platformdirs", "hypothesis", "distributed"},
    "grader/worker": {"worker"},
    "engine_reference": {"engine_reference"},
    "student_template": {"engine", "nn", "pytest"},
}
ONLY_IN = {
    "distributed": {"grader/classroom/cluster.py"},
    "hypothesis": {"grader/strategies.py"},
    "jinja2": {"course/site/pages.py"},
    "markupsafe": {"course/site/pages.py"},
    "rich": {
        "grader/renderers/terminal.py",
        "course/commands/grade.py",
        "course/commands/class_progress.py",
    },
    "platformdirs": {"grader/drawing.py", "flashcards/review_log.py", "course/wanted.py"},
    "resvg_py": {"course/drawing/png.py"},
    "reportlab": {"flashcards/pdf/writer.py"},
    "genanki": {"flashcards/anki.py"},
    "text2qti": {"flashcards/qti.py"},
    "fsrs": {"flashcards/schedule.py"},
}


def sources(folder: str) -> Iterator[Path]:
    yield from sorted((ROOT / folder).rglob("*.py"))


def imports(path: Path) -> set[str]:
    """Return the modules a file imports, relative ones as full names."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(path.relative_to(ROOT).parts[: -node.level]) if node.level else ""
            module = ".".join(filter(None, (base, node.module)))
            names.update(f"{module}.{alias.name}" for alias in node.names)
    return names


@pytest.mark.parametrize("package", PACKAGES)
def test_packages_import_only_what_the_table_allows(package: str) -> None:
    for path in sources(package):
        shown = path.relative_to(ROOT).as_posix()
        in_worker = shown.startswith("grader/worker/")
        allowed = MAY_IMPORT["grader/worker" if in_worker else package]
        for name in imports(path):
            top = name.partition(".")[0]
            if in_worker and name.startswith("grader.worker."):
                continue
            assert top in allowed or top in STANDARD, f"{shown} imports {name}"
            if top in ONLY_IN:
                assert shown in ONLY_IN[top], f"{shown} imports {top}"


def test_modules_import_each_other_without_cycles() -> None:
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in PACKAGES
        for path in sources(package)
    }
    graph = {
        name: {
            target
            for imported in imports(path)
            for target in (imported, imported.rpartition(".")[0])
            if target in modules and target != name
        }
        for name, path in modules.items()
    }
    done: set[str] = set()
    while ready := {name for name in graph if name not in done and graph[name] <= done}:
        done |= ready
    assert set(graph) == done, f"a cycle among {sorted(set(graph) - done)}"


def test_help_and_grading_import_only_what_they_use() -> None:
    heavy = ("hypothesis", "pytest", "mpmath", "numpy", "json.tool", "asyncio", "email")
    heavy += ("tarfile", "tomllib", "symtable", "grader.builds")
    script = (
        "import sys, course.cli\n"
        "early = set(sys.modules)\n"
        "from grader import grading, submission, corpus\n"
        "from pathlib import Path\n"
        "grading.grade(submission.read(Path('examples/complete')), corpus.practice(), version='')\n"
        f"heavy = {heavy!r}\n"
        "print([m for m in heavy if m in sys.modules])\n"
        "print([m for m in ('rich', 'grader', 'engine_reference') if m in early])\n"
    )
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n[]\n", done.stdout + done.stderr


def test_points_are_whole_and_make_a_hundred() -> None:
    assert all(isinstance(check.points, int) and check.points > 0 for check in CHECKS.values())
    assert sum(check.points for check in CHECKS.values()) == 100


def test_every_check_builds_only_on_checks_before_it() -> None:
    seen: set[str] = set()
    for slug, check in CHECKS.items():
        assert set(check.requires) <= seen, slug
        seen.add(slug)


def test_checks_stand_in_the_order_of_stages_and_say_something() -> None:
    stages = [check.stage for check in CHECKS.values()]
    assert stages == sorted(stages, key=STAGES.index)
    for check in CHECKS.values():
        assert re.fullmatch(r"[a-z]+/[a-z0-9-]+", check.slug)
        assert check.claim[-1] != "."
        assert check.why[-1] == "."
        assert check.draws, "what is written for all to read cannot carry a claim"


def public_functions() -> Iterator[tuple[str, object]]:
    import importlib.util

    without = {  # extras that are not installed here
        file
        for name, files in ONLY_IN.items()
        if not importlib.util.find_spec(name)
        for file in files
    }
    for package in ("grader", "course", "engine_reference"):
        for path in sources(package):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            if name.endswith("__main__") or path.relative_to(ROOT).as_posix() in without:
                continue
            module = importlib.import_module(name.removesuffix(".__init__"))
            for thing in vars(module).values():
                if inspect.isfunction(thing) and thing.__module__ == module.__name__:
                    yield f"{name}.{thing.__qualname__}", thing


def test_parameters_named_in_docstrings_exist() -> None:
    for name, function in public_functions():
        text = inspect.getdoc(function) or ""
        signature = inspect.signature(function)  # type: ignore[arg-type]
        for shape in re.findall(r"^Shape: (.*)$", text, re.M):
            for parameter in re.findall(r"(\w+):", shape):
                assert parameter in signature.parameters, f"{name} describes {parameter}"


def test_no_file_names_a_place_on_some_machine() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode != 0:  # an unpacked archive: nothing is tracked
        pytest.skip("not a git checkout")
    pattern = re.compile(r"(?<![\w.])/(?:home|Users|work|root|farm)/")
    for name in listed.stdout.split("\n"):
        path = ROOT / name
        if path.is_file() and path.suffix in {".py", ".md", ".toml", ".yml", ".json", ".txt", ""}:
            found = pattern.search(path.read_text("utf-8", errors="replace"))
            assert found is None, f"{name} holds {found and found[0]}"
