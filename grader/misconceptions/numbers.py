"""How a wrong result of an operation is declared."""

from __future__ import annotations

from grader.builds import Edit
from grader.misconceptions.misconception import Misconception
from grader.misconceptions.rules import RULES
from grader.tasks import Slug


def wrong_number(
    name: str,
    slug: str,
    *edits: tuple[str, str],
    mistake: str,
    belief: str,
    why: str,
    breaks: str,
    hint: str,
    cards: tuple[str, ...],
    look: str = "",
    fails: tuple[str, ...] = (),
    variants: tuple[tuple[tuple[str, str], ...], ...] = (),
    lecture: tuple[tuple[str, str], ...] | None = None,
) -> Misconception:
    """Declare an operation that computes another number."""
    rule = RULES[name]
    return Misconception(
        slug=Slug(slug),
        stage="value",
        mistake=mistake,
        belief=belief,
        why=why,
        breaks=breaks,
        look=look or f"the number that {rule.method} computes",
        hint=hint,
        solution=f"out = Value({rule.plain}, {rule.parents})",
        edits=tuple(Edit("engine.py", old, new) for old, new in edits),
        lecture_edits=(
            None if lecture is None else tuple(Edit("engine.py", old, new) for old, new in lecture)
        ),
        variants=tuple(
            tuple(Edit("engine.py", old, new) for old, new in variant) for variant in variants
        ),
        where=rule.method_place,
        cards=cards,
        operations=frozenset({name}),
        fails=frozenset(Slug(f"value/{check}") for check in fails or rule.forms),
    )
