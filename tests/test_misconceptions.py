"""Every declared misconception is one that a learner can make, and says what it should."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from course import lesson_pages
from grader.builds import OWN_RULES, build, edits_of, text_of
from grader.checks import CHECKS, STAGES
from grader.misconceptions import MISCONCEPTIONS, Misconception

ALL = list(MISCONCEPTIONS.values())


def texts(misconception: Misconception) -> dict[str, str]:
    names = ("mistake", "belief", "why", "breaks", "look", "hint", "solution")
    return {name: getattr(misconception, name) for name in names}


def test_there_are_mistakes_in_every_stage() -> None:
    count = Counter(misconception.stage for misconception in ALL)
    assert len(ALL) >= 120
    assert all(count[stage] >= 20 for stage in STAGES)


def test_no_slug_is_declared_twice() -> None:
    folder = Path(__file__).parent.parent / "grader" / "misconceptions"
    modules = [path.stem for path in folder.glob("*.py")]
    declared = []
    for name in modules:
        if name.startswith(("engine_", "nn_", "train_")):
            module = __import__(f"grader.misconceptions.{name}", fromlist=["MISCONCEPTIONS"])
            declared += [misconception.slug for misconception in module.MISCONCEPTIONS]
    assert sorted(declared) == sorted(MISCONCEPTIONS)


def test_every_text_says_something_in_the_agreed_form() -> None:
    for misconception in ALL:
        assert re.fullmatch(r"[a-z0-9.]+(-[a-z0-9.]+)*", misconception.slug)
        said = texts(misconception)
        assert all(said.values()), misconception.slug
        assert all(said[name][-1] in ".…" for name in ("belief", "why", "breaks")), said
        assert all(said[name][-1] != "." for name in ("mistake", "look", "hint")), said
        assert all(text.count("`") % 2 == 0 for text in said.values()), said
        assert len(said["mistake"]) <= 120, said["mistake"]


def test_every_one_can_be_written_into_the_reference_and_changes_it() -> None:
    for misconception in ALL:
        edits = (*edits_of(OWN_RULES), *misconception.edits)
        loaded = build(edits)
        for role in ("engine", "nn", "train"):
            loaded.load(role)
        files = {edit.file for edit in misconception.edits}
        changed = {file for file in files if text_of(file, edits) != text_of(file, ())}
        for file in changed:
            compile(text_of(file, edits), file, "exec")
        assert changed, misconception.slug


def test_what_teaches_it_is_in_the_lessons() -> None:
    known = {str(id_) for lesson in lesson_pages.load() for id_ in lesson.items}
    for misconception in ALL:
        assert misconception.cards, misconception.slug
        assert set(misconception.cards) <= known, misconception.slug


def test_every_one_says_which_checks_of_its_own_stage_must_fail() -> None:
    for misconception in ALL:
        assert misconception.fails, misconception.slug
        assert misconception.fails <= CHECKS.keys(), misconception.slug
        stages = {CHECKS[check].stage for check in misconception.fails}
        assert stages == {misconception.stage}, misconception.slug


def test_a_group_has_several_members_of_one_stage() -> None:
    groups: dict[str, list[Misconception]] = {}
    for misconception in ALL:
        if misconception.group is not None:
            groups.setdefault(misconception.group, []).append(misconception)
    assert groups
    for name, members in groups.items():
        assert len(members) > 1, name
        assert len({member.stage for member in members}) == 1, name
