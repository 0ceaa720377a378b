"""The report as one web page that needs nothing else: no script, no font, no request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grader.checks import CHECKS
from grader.renderers import graph, wording
from grader.renderers.escaping import for_html
from grader.renderers.wording import SIGN, StageSummary
from grader.report import CheckResult, Counterexample, GraphLine, Report

STYLE = """
:root { color-scheme: light dark; --ink: #1d2330; --soft: #566072; --page: #fbfbf9;
  --card: #fff; --line: #d9dce3; --good: #17663a; --bad: #a8231c; --odd: #7a4b00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e7e9ee; --soft: #a6aebd; --page: #14171d;
  --card: #1c2028; --line: #363c48; --good: #6fd196; --bad: #ff8f85; --odd: #eebb62; } }
body { margin: 0 auto; max-width: 52rem; padding: 1.5rem; background: var(--page);
  color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { margin: 0; font-size: 2rem; }
h2 { margin: 2rem 0 .5rem; font-size: 1.25rem; }
h3 { margin: 0 0 .5rem; font-size: 1.05rem; }
section.check { margin: 1rem 0; padding: 1rem 1.25rem; border: 1px solid var(--line);
  border-left: .3rem solid var(--bad); border-radius: .4rem; background: var(--card); }
section.errored { border-left-color: var(--odd); }
table { border-collapse: collapse; }
th, td { padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top;
  font-weight: normal; }
thead th { color: var(--soft); }
.every td, .every th { border-top: 1px solid var(--line); font-size: .9rem; }
code, pre, .number { font-family: ui-monospace, monospace; font-size: .92em; }
pre { margin: .75rem 0; padding: .75rem 1rem; border: 1px solid var(--line);
  border-radius: .4rem; background: var(--page); white-space: pre-wrap; }
.bar { display: inline-block; width: 10rem; height: .7rem; border: 1px solid var(--soft);
  border-radius: .35rem; overflow: hidden; }
.bar span { display: block; height: 100%; background: var(--good); }
.soft { color: var(--soft); }
.passed { color: var(--good); }
.failed, .differs { color: var(--bad); }
.errored { color: var(--odd); }
.skipped { color: var(--soft); }
section.check, section.check p { color: var(--ink); }
summary { cursor: pointer; margin: 1.5rem 0 .5rem; font-size: 1.25rem; font-weight: bold; }
"""

WIDTH = 96
"""A graph's lines are at most so many characters wide."""

POLICY = "default-src 'none'; style-src 'unsafe-inline'"
"""What the browser may load for this page: nothing, whatever stands in it."""


def render(report: Report) -> str:
    """Return the report as a page, light or dark as the reader's system is."""
    title = for_html(wording.score(report))
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{title}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{title}</h1>",
            *_body(report),
            "</main>",
            "</body>",
            "</html>\n",
        ]
    )


def _body(report: Report) -> Iterator[str]:
    yield f'<p class="soft">{_sentence(f"Asked {wording.questions(report)}.")}</p>'
    yield '<table><thead><tr><th scope="col">stage</th><td></td>'
    yield '<th scope="col">points</th><th scope="col">claims</th></tr></thead><tbody>'
    for stage in wording.stages(report):
        yield _stage(stage)
    yield "</tbody></table>"
    for note in report.submission.notes:
        yield f"<p><strong>Note:</strong> {_sentence(note)}</p>"
    wrong = wording.to_tell(report)
    if wrong:
        yield "<h2>What went wrong</h2>"
    for check in wrong:
        yield from _whole(check)
    yield "<details><summary>Every claim</summary>"
    yield '<table class="every"><thead><tr><th scope="col">outcome</th><th scope="col">check</th>'
    yield '<th scope="col">points</th><th scope="col">claim</th></tr></thead><tbody>'
    for check in report.checks:
        yield _row(check)
    yield "</tbody></table></details>"
    yield f'<p class="soft">{_sentence(wording.isolation(report))} {_made_by(report)}</p>'


def _stage(stage: StageSummary) -> str:
    percent = 100 * stage.points // stage.max_points
    bar = f'<span class="bar" aria-hidden="true"><span style="width: {percent}%"></span></span>'
    points = f"{stage.points}/{stage.max_points}"
    return (
        f'<tr><th scope="row">{stage.stage}</th><td>{bar}</td><td>{points}</td>'
        f"<td>{stage.words}</td></tr>"
    )


def _whole(check: CheckResult) -> Iterator[str]:
    sign = f'<span class="{check.outcome}">{SIGN[check.outcome]} {for_html(check.slug)}:</span>'
    yield f'<section class="check {check.outcome}">'
    yield f"<h3>{sign} {_sentence(check.title)}</h3>"
    if check.reason:
        yield f"<p>{_sentence(check.reason)}.</p>"
    if check.counterexample:
        yield from _example(check.counterexample)
    for word, sentence in wording.diagnosis(check):
        yield f"<p><strong>{word}:</strong> {_sentence(sentence)}</p>"
    if check.diagnosis is None and check.slug in CHECKS:
        yield f"<p><strong>Why it matters:</strong> {_sentence(CHECKS[check.slug].why)}</p>"
    yield f"<p><strong>Read:</strong> <code>{for_html(wording.read_on(check))}</code></p>"
    yield "</section>"


def _example(example: Counterexample) -> Iterator[str]:
    yield f"<pre><code>{for_html(example.python)}</code></pre>"
    yield '<table><thead><tr><th scope="col">quantity</th><th scope="col">yours</th>'
    yield '<th scope="col">expected</th></tr></thead><tbody class="number">'
    for name, yours, expected, agree in wording.numbers(example):
        mark = "" if agree else ' class="differs"'
        yield (
            f'<tr><th scope="row">{for_html(name)}</th><td{mark}>{for_html(yours)}</td>'
            f"<td>{for_html(expected)}</td></tr>"
        )
    yield "</tbody></table>"
    if example.graph:
        yield f"<pre>{_graph(example.graph)}</pre>"
    if example.first_difference:
        yield f"<p>{_sentence(wording.first_difference(example.first_difference))}</p>"


def _graph(shown: Sequence[GraphLine]) -> str:
    return "\n".join(
        f'<span class="differs">{for_html(text)}</span>' if wrong else for_html(text)
        for text, wrong in graph.lines(shown, WIDTH)
    )


def _row(check: CheckResult) -> str:
    reason = f'<br><span class="soft">{_sentence(check.reason)}</span>' if check.reason else ""
    return (
        f'<tr><td class="{check.outcome}">{SIGN[check.outcome]} {check.outcome}</td>'
        f'<th scope="row">{for_html(check.slug)}</th><td>{check.points}/{check.max_points}</td>'
        f"<td>{_sentence(check.title)}{reason}</td></tr>"
    )


def _made_by(report: Report) -> str:
    return f"Graded by version {for_html(report.grader_version)}."


def _sentence(text: str) -> str:
    """Return a sentence, which is one line, in which backticks set code."""
    parts = ((for_html(part, keep=""), is_code) for part, is_code in wording.phrases(text))
    return "".join(f"<code>{shown}</code>" if is_code else shown for shown, is_code in parts)
