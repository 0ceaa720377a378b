"""The kill matrix as a page: which mistake fails which checks, and what each check is for.

Run as a program (`python -m grader.matrix_page`), this tries every mutant, records what came
out and writes `docs/kill-matrix.md` anew.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from grader.checks import CHECKS, STAGES, Stage
from grader.corpus import practice
from grader.files import write_atomically
from grader.kill_matrix import Record, faults, load_record, mutants, rows, write_record
from grader.misconceptions import MISCONCEPTIONS
from grader.tasks import Slug

PAGE = Path(__file__).parent.parent / "docs" / "kill-matrix.md"

_WHICH = "Random graphs fail as well; this claim says in which operation the mistake is."
_SUM = (
    "With it `{form}` fails as well; this claim says that the operation is wrong, not the wrapping."
)
_SHAPES = "A broken walk fails all four shapes; they stand from the simplest to the most general."

STANDS_BECAUSE: Mapping[str, str] = {
    **{
        f"value/{name}": _SUM.format(form=form)
        for name, form in (
            ("add", "a + 2"),
            ("sub", "a - 2"),
            ("mul", "a * 2"),
            ("div", "a / 2"),
        )
    },
    **{
        f"value/{name}-number": "`2 + a` is mostly left to `a + 2`, and fails with it."
        for name in ("add", "mul")
    },
    "value/operands-unchanged": "Expressions fail as well; this claim says why.",
    "value/expressions": "The net below the others: right alone, wrong together.",
    **{
        f"backward/{name}-reused": _WHICH
        for name in ("add", "mul", "pow", "neg", "sub", "div", "exp", "tanh", "relu")
    },
    **{
        f"backward/{name}-itself": "One Value on both sides, at its smallest."
        for name in ("add", "mul", "sub", "div")
    },
    **{
        f"backward/{name}": _SHAPES
        for name in ("diamond", "uneven-depths", "shared-node", "random-graphs")
    },
    "backward/gradient-check": "Its right numbers are measured, and rest on no rule of ours.",
    "mlp/sizes": "Wrong sizes give a wrong count as well; this claim says where.",
    "mlp/parameter-count": "A number to work out by hand; `parameters-once` says which.",
    "mlp/one-output": "Says that either form of one output will do.",
    "mlp/layers-chained": "Others run deep networks, too; this is about the chain.",
    "train/direction": "What goes uphill also lands wrong; this claim says why.",
    "train/one-step": "The lesson's own example, worked by hand.",
}
"""Checks that kill no mutant alone in their stage, and why they stand all the same."""


def idle(record: Record) -> list[Slug]:
    """Return the checks that kill no mutant alone in their stage and give no reason to stand."""
    counts = kills(record)
    return [slug for slug in CHECKS if not counts[slug][1] and slug not in STANDS_BECAUSE]


def kills(record: Record) -> dict[Slug, tuple[int, int]]:
    """Return for each check how many mutants it kills, and how many alone in their stage."""
    counts: dict[Slug, tuple[int, int]] = dict.fromkeys(CHECKS, (0, 0))
    for by_style in record.values():
        for fails in by_style.values():
            for stage in STAGES:
                own = [Slug(slug) for slug in fails if CHECKS[Slug(slug)].stage == stage]
                for slug in own:
                    killed, alone = counts[slug]
                    counts[slug] = (killed + 1, alone + (len(own) == 1))
    return counts


def render(record: Record) -> str:
    """Write the page."""
    return "\n".join(_lines(record)) + "\n"


def _lines(record: Record) -> Iterator[str]:
    count = sum(map(len, record.values()))
    yield "# Kill matrix"
    yield ""
    yield "<!-- Written by `make matrix`; not to be edited. -->"
    yield ""
    yield (
        f"{len(record)} mistakes, each written into the reference with operators composed in "
        f"two or three ways: {count} mutants. Every one fails the checks below on the practice "
        "examples, and no other; `course verify` tries them all again. `course explain` tells "
        "the belief behind each."
    )
    for stage in STAGES:
        yield from _stage(record, stage)
    yield from _checks(record)


def _stage(record: Record, stage: Stage) -> Iterator[str]:
    yield ""
    yield f"## Mistakes of stage `{stage}`"
    yield ""
    yield "| mistake | fails | composed otherwise, also | but not |"
    yield "| --- | --- | --- | --- |"
    for slug, by_style in record.items():
        if MISCONCEPTIONS[Slug(slug)].stage != stage:
            continue
        first, *others = ([s for s in CHECKS if s in fails] for fails in by_style.values())
        also = [s for s in CHECKS if s not in first and any(s in other for other in others)]
        lost = [s for s in first if any(s not in other for other in others)]
        yield f"| `{slug}` | {_cell(first)} | {_cell(also)} | {_cell(lost)} |"


def _cell(slugs: Sequence[str]) -> str:
    """List checks in few words: each stage named once."""
    parts = []
    for stage in STAGES:
        names = [slug.partition("/")[2] for slug in slugs if slug.startswith(f"{stage}/")]
        if names:
            parts.append(f"**{stage}** {', '.join(names)}")
    return " · ".join(parts)


def _checks(record: Record) -> Iterator[str]:
    yield ""
    yield "## What each check is for"
    yield ""
    yield "So many mutants fail it, and so many of them no other check of its stage."
    yield ""
    yield "| check | mutants | alone | stands because |"
    yield "| --- | ---: | ---: | --- |"
    for slug, (killed, alone) in kills(record).items():
        yield f"| `{slug}` | {killed} | {alone} | {STANDS_BECAUSE.get(slug, '')} |"


def main() -> int:
    """Try all mutants, record what came out, and write the page; 1 if something is wrong."""
    tried = list(mutants())
    found = list(rows(practice(), tried, processes=os.cpu_count() or 1))
    write_record(found)
    record = load_record()
    write_atomically(PAGE, render(record))
    wrong = [*faults(found, record), *(f"{slug} kills nothing alone" for slug in idle(record))]
    print("\n".join([*wrong, f"{len(found)} mutants, {len(wrong)} faults"]))  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
