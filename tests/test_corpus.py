"""The corpus that ships, and drawing another."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader import choosing, drawing, oracle
from grader.checks import CHECKS
from grader.corpus import PRACTICE, Corpus, CorpusError, from_json, load, to_json
from grader.judge import RULES
from grader.tasks import Task

ROOT = Path(__file__).parent.parent


def test_the_shipped_corpus_has_tasks_for_every_check_smallest_first(
    practice_corpus: Corpus,
) -> None:
    assert set(practice_corpus.tasks) == set(CHECKS)
    for slug, check in CHECKS.items():
        tasks = practice_corpus.tasks[slug]
        drawn = tasks[len(check.cases) :]
        assert [task.drawn for task in tasks] == [task in drawn for task in tasks], slug
        sizes = [len(repr(task.job)) for task in drawn]
        assert sizes == sorted(sizes), slug


def test_the_shipped_answers_are_the_reference_s(practice_corpus: Corpus) -> None:
    for slug, check in CHECKS.items():
        for task in practice_corpus.tasks[slug]:
            assert RULES[check.rule](task, oracle.answer(task.job)), (slug, task.job)


def test_the_shipped_corpus_is_chosen_from_what_its_seed_draws(practice_corpus: Corpus) -> None:
    pool = drawing.fresh(practice_corpus.seed, times=choosing.POOL)
    for slug, check in CHECKS.items():
        written = len(check.cases)
        shipped = list(map(job, practice_corpus.tasks[slug]))
        assert shipped[:written] == list(map(job, drawing.ordered(check, ()))), slug
        if practice_corpus.drawn_with == drawing.drawn_with():
            drawn = {job(task) for tasks in pool[slug] for task in tasks}
            assert set(shipped[written:]) <= drawn, "run `make corpus`"


def test_any_other_seed_draws_as_many_examples_as_are_declared() -> None:
    fresh = drawing.draw("another seed")
    for slug, check in CHECKS.items():
        drawn = [task for task in fresh.tasks[slug] if task.drawn]
        assert len(drawn) == sum(draw.examples for draw in check.draws), slug


def job(task: Task) -> str:
    return repr(task.job)


def test_a_corpus_survives_being_written_and_read(practice_corpus: Corpus) -> None:
    again = from_json(to_json(practice_corpus))
    assert again.tasks == practice_corpus.tasks
    assert again.digest == practice_corpus.digest
    assert hashlib.sha256(PRACTICE.read_bytes()).hexdigest() == practice_corpus.digest


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"schema": "course-corpus/0"}', '{"schema": 3'])
def test_a_file_that_is_no_corpus_is_refused_by_name(tmp_path: Path, text: str) -> None:
    path = tmp_path / "corpus.json"
    path.write_text(text)
    with pytest.raises(CorpusError, match=r"corpus\.json"):
        load(path)


def test_seeds_draw_different_examples_and_the_same_seed_the_same() -> None:
    assert drawing.draw("one", 2).digest == drawing.draw("one", 2).digest
    assert drawing.draw("one", 2).digest != drawing.draw("two", 2).digest


def test_a_checkout_a_copy_and_site_packages_draw_the_same(tmp_path: Path) -> None:
    wanted = [["seed", "graph", {"most": "9"}, 20], ["s", "forward", {"depth": "more"}, 5]]
    request = json.dumps(wanted)
    places = [ROOT / "grader" / "strategies.py", tmp_path / "strategies.py"]
    shutil.copy(places[0], places[1])
    command = [sys.executable, "-I", "-c", drawing.BOOTSTRAP, request]
    drawn = [
        subprocess.run(
            command, input=place.read_bytes(), cwd=place.parent, capture_output=True, check=True
        ).stdout
        for place in places
    ]
    assert drawn[0] == drawn[1]
    assert len(json.loads(drawn[0])[0]) == 20


def test_the_drawing_process_has_no_module_that_hypothesis_would_mine() -> None:
    probe = (
        "\nimport sys\nfrom hypothesis.internal.constants_ast import is_local_module_file\n"
        "print([m for m in list(sys.modules.values())"
        " if getattr(m, '__file__', None) and is_local_module_file(m.__file__)])\n"
    )
    source = (ROOT / "grader" / "strategies.py").read_text("utf-8")
    source = source.replace("    main(sys.argv[1])", "    pass") + probe
    command = [sys.executable, "-I", "-c", drawing.BOOTSTRAP, "[]"]
    done = subprocess.run(command, input=source, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_drawn_corpus_is_kept_and_a_damaged_one_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "_cache", lambda: tmp_path)
    first = drawing.corpus_for("kept", 1)
    (path,) = tmp_path.iterdir()
    path.write_text("damaged")
    assert drawing.corpus_for("kept", 1).digest == first.digest
    assert load(path).digest == first.digest
    monkeypatch.setattr(drawing, "draw", lambda *_: pytest.fail("drawn again"))
    assert drawing.corpus_for("kept", 1).digest == first.digest


def test_hypothesis_missing_or_failing_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "STRATEGIES", PRACTICE)
    with pytest.raises(CorpusError, match="could not be drawn"):
        drawing.draw("seed")
