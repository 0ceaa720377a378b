"""The class on one page, for whoever teaches it.

One file: no script, nothing loaded from elsewhere, light or dark as the reader's system is.
Every text from a submission is escaped, and the page's own policy allows nothing but its style.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping, Sequence

from grader.checks import STAGES
from grader.classroom.gradebook import Row, remarks
from grader.classroom.statistics import Commonest, Statistics
from grader.corpus import PRACTICE_SEED
from grader.isolation import ADVISORY_BELOW
from grader.renderers.escaping import for_html

SHOWN = 10
"""So many of the commonest failures are shown."""

NAMED = 8
"""So many learners are named beside each."""

LONGEST = 400
"""No text from a submission is shown with more characters."""

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --paper: #ffffff;
  --line: #d0d7de; --bar: #2563a8; --warn: #8a3b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9aa4af;
  --paper: #0f141a; --line: #39424d; --bar: #6cb0f5; --warn: #f2a65a; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem; max-width: 64rem; color: var(--ink);
  background: var(--paper); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; }
p { margin: .4rem 0; } .soft { color: var(--soft); } .warn { color: var(--warn); }
code { font-family: ui-monospace, monospace; font-size: .92em; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
caption { text-align: left; color: var(--soft); padding: .2rem 0; }
th, td { text-align: left; vertical-align: top; padding: .3rem .6rem .3rem 0;
  border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
th { font-weight: 600; } .number { text-align: right; white-space: nowrap; }
th[scope=row] { font-weight: 400; } .scale { width: 60%; min-width: 5rem; }
.common th[scope=row] { width: 45%; } .common .scale { width: 20%; }
.bar { display: block; height: .9rem; margin-top: .3rem; background: var(--bar);
  border-radius: 2px; }
.wide { overflow-x: auto; } a { color: var(--bar); } li { margin: .3rem 0; }
dl { display: flex; flex-wrap: wrap; gap: .5rem 2rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: .9rem; } dd { margin: 0; font-size: 1.4rem; }
@media print { body { max-width: none; padding: 0; } }
"""


def render(statistics: Statistics, links: Mapping[str, str] | None = None) -> str:
    """Return the page; `links` has for an id where that learner's report stands."""
    parts = [
        _head(statistics),
        _distribution(statistics),
        _to_teach(statistics),
        _misconceptions(statistics),
        _troubles(statistics),
        _alike(statistics),
        _slowest(statistics),
        _everybody(statistics, links or {}),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta http-equiv="Content-Security-Policy" '
        "content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f'<meta name="referrer" content="no-referrer">\n<title>The class</title>\n'
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n"
        "</body>\n</html>\n"
    )


def _text(text: str) -> str:
    return for_html(text, keep="", most=LONGEST)


def _head(statistics: Statistics) -> str:
    figures = [("submissions", str(len(statistics.rows)))]
    if statistics.mean is not None and statistics.median is not None:
        figures += [
            ("median", f"{statistics.median:.0f} %"),
            ("mean", f"{statistics.mean:.0f} %"),
            ("full marks", str(statistics.bins[100])),
        ]
    not_gradable, faults = (len(statistics.with_status(s)) for s in ("not gradable", "fault"))
    figures += [("not gradable", str(not_gradable))] if not_gradable else []
    figures += [("to be graded again", str(faults))] if faults else []
    shown = "".join(f"<div><dt>{name}</dt><dd>{value}</dd></div>" for name, value in figures)
    return f"<h1>The class</h1>\n<dl>{shown}</dl>\n{_questions(statistics.rows)}"


def _questions(rows: Sequence[Row]) -> str:
    seeds = sorted({row.seed for row in rows if row.seed})
    levels = sorted({row.isolation for row in rows if row.isolation})
    seed = f"seed <code>{_text(seeds[0])}</code>" if len(seeds) == 1 else "a seed for each learner"
    asked = f"Fresh examples, {seed}"
    if seeds == [PRACTICE_SEED]:
        asked = "The practice examples, whose answers could be looked up"
    lines = [f'<p class="soft">{asked}. Isolation: {_text(", ".join(levels))}.</p>']
    if any(row.advisory for row in rows):
        lines.append(
            '<p class="warn">Some marks are advisory: the isolation was weaker than '
            f"<code>{ADVISORY_BELOW}</code>.</p>"
        )
    return "\n".join(lines) if levels else ""


def _section(id_: str, title: str, *content: str) -> str:
    body = "\n".join(content)
    return (
        f'<section id="{id_}" aria-labelledby="{id_}-title">\n'
        f'<h2 id="{id_}-title">{title}</h2>\n{body}\n</section>'
    )


def _bar(part: int, whole: int) -> str:
    """Return a cell with a bar; the number beside it says the same, so it has no words."""
    width = 100 * part / whole if whole else 0
    return f'<td class="scale"><span class="bar" style="width:{width:.1f}%"></span></td>'


def _table(caption: str, heads: Sequence[str], rows: Iterable[str], kind: str = "plain") -> str:
    cells = "".join(
        f'<th scope="col"{" class=number" if head in NUMBERS else ""}>{head}</th>' for head in heads
    )
    return (
        f'<table class="{kind}"><caption>'
        f"{caption}</caption>\n<thead><tr>{cells}</tr></thead>\n"
        "<tbody>\n" + "\n".join(rows) + "\n</tbody></table>"
    )


COMMON = ("what", "learners", "share", "who")

NUMBERS = {"learners", "points", "seconds", *STAGES}


def _distribution(statistics: Statistics) -> str:
    graded = sum(statistics.bins.values())
    if not graded:
        return ""
    most = max(statistics.bins.values())
    rows = [
        f'<tr><th scope="row">{"100" if start == 100 else f"{start} to {start + 9}"}</th>'
        f'<td class="number">{count}</td>{_bar(count, most)}</tr>'
        for start, count in sorted(statistics.bins.items(), reverse=True)
    ]
    heads = ("percent", "learners", "share")
    return _section("distribution", "Points", _table(f"{graded} graded", heads, rows))


def _to_teach(statistics: Statistics) -> str:
    if not statistics.failed:
        return ""
    rows = list(_commonest(statistics.failed, len(statistics.rows)))
    return _section(
        "teach",
        "What to teach next",
        _table("The checks that most learners failed", COMMON, rows, "common"),
    )


def _commonest(several: Sequence[Commonest], whole: int) -> Iterator[str]:
    for one in several[:SHOWN]:
        title = f"{_code(_text(one.title))}<br>" if one.title else ""
        yield (
            f'<tr><th scope="row">{title}<code>course explain {_text(one.slug)}</code></th>'
            f'<td class="number">{len(one.learners)}</td>{_bar(len(one.learners), whole)}'
            f"<td>{_names(one.learners)}</td></tr>"
        )


def _code(escaped: str) -> str:
    """Set what stands between backticks in a claim of ours as code."""
    parts = escaped.split("`")
    return "".join(f"<code>{p}</code>" if i % 2 else p for i, p in enumerate(parts))


def _names(learners: Sequence[str]) -> str:
    more = f" and {len(learners) - NAMED} more" if len(learners) > NAMED else ""
    return ", ".join(_text(learner) for learner in learners[:NAMED]) + more


def _misconceptions(statistics: Statistics) -> str:
    if not statistics.misconceptions:
        return ""
    rows = list(_commonest(statistics.misconceptions, len(statistics.rows)))
    return _section(
        "misconceptions",
        "Recognised misconceptions",
        _table(
            "Named where the wrong numbers are those of a known mistake", COMMON, rows, "common"
        ),
    )


def _troubles(statistics: Statistics) -> str:
    rows = [*statistics.with_status("not gradable"), *statistics.with_status("fault")]
    if not rows:
        return ""
    lines = [
        f'<tr><th scope="row">{_text(row.learner)}</th><td>{_text(row.status)}</td>'
        f"<td>{_text(row.problem or '')}</td></tr>"
        for row in rows
    ]
    return _section(
        "errored",
        "Without points",
        _table("What stood in the way", ("learner", "status", "reason"), lines),
    )


def _alike(statistics: Statistics) -> str:
    if not statistics.alike:
        return ""
    groups = "".join(
        f"<li>{', '.join(_text(row.learner) for row in group)}</li>" for group in statistics.alike
    )
    return _section(
        "alike",
        "Worth a look: the same code under other names",
        "<p>Names, comments and layout aside, these submissions are one. That proves nothing: "
        "two who follow one lecture closely may well write the same. No points depend on it.</p>",
        f"<ul>{groups}</ul>",
    )


def _slowest(statistics: Statistics) -> str:
    if not statistics.slowest:
        return ""
    rows = [
        f'<tr><th scope="row">{_text(row.learner)}</th><td class="number">{seconds:.1f}</td></tr>'
        for row, seconds in statistics.slowest
    ]
    table = _table("Wall time when last graded", ("learner", "seconds"), rows)
    return _section("slowest", "Slowest", table)


def _everybody(statistics: Statistics, links: Mapping[str, str]) -> str:
    rows = []
    for row in statistics.rows:
        name = _text(row.learner)
        if row.id in links:
            name = f'<a href="{html.escape(links[row.id])}">{name}</a>'
        stages = "".join(f'<td class="number">{row.stages.get(s, "–")}</td>' for s in STAGES)
        points = "–" if row.points is None else str(row.points)
        said = "; ".join(remarks(row))
        rows.append(
            f'<tr><th scope="row">{name}</th><td class="number">{points}</td>{stages}'
            f"<td>{_text(row.status)}</td><td>{_text(said)}</td></tr>"
        )
    heads = ("learner", "points", *STAGES, "status", "note")
    table = _table(f"{len(rows)} learners", heads, rows)
    return _section(
        "everybody",
        "Everybody",
        f'<div class="wide" tabindex="0" role="region" aria-label="All rows">{table}</div>',
    )
