"""Time cards on paper against bare reportlab calls that draw the same lines.

    python benchmarks/cards_speed.py [--pairs N] [--cards N …]

The cards are those of the lessons, repeated. The bare side gets every line wrapped and
placed beforehand, and does nothing but set a font, draw a string and end a page: with the
same fonts, compression and outline. Each measurement is a process of its own; they take
turns. What the project does on top: it wraps, fits, checks glyphs, and tags every text for
screen readers. Exit code 1 means that a run failed.
"""

from __future__ import annotations

import argparse
import io
import itertools
import json
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from measurement import (
    BENCHMARKS,
    PROJECT,
    RunFailedError,
    machine,
    must_succeed,
    ratio,
    run,
    spread,
    table,
)

COUNTS = (8, 1_000, 10_000)
Line = tuple[float, float, str, float, str]  # x, y, font, size, text


def main() -> int:
    """Measure, or be one of the processes that are measured."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n")[0])
    parser.add_argument("--pairs", type=int, default=3, help="processes for each side (3)")
    parser.add_argument("--cards", type=int, nargs="+", default=COUNTS, help="how many cards")
    parser.add_argument("--one", nargs=2, metavar=("SIDE", "CARDS"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        side, count = options.one
        print(json.dumps(SIDES[side](int(count))))
        return 0
    try:
        print(machine())
        print(f"one card a page, A4; {options.pairs} fresh processes a side, in turn; CPU seconds")
        compare(options.cards, options.pairs)
    except RunFailedError as error:
        print(f"cards_speed: {error}", file=sys.stderr)
        return 1
    return 0


def compare(counts: Sequence[int], pairs: int) -> None:
    """Print both sides for each number of cards, their ratio, and seconds a card."""
    rows = [["cards", "side", "min", "median", "max", "ms a card", "peak MiB", "KiB a card"]]
    ratios = []
    for count in counts:
        costs: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
        for _, side in itertools.product(range(pairs), SIDES):
            costs[side].append(measure_apart(side, count))
        for side, several in costs.items():
            seconds = [cost["cpu_s"] for cost in several]
            middle = statistics.median(seconds)
            each = [f"{1000 * middle / count:.3f}", spread([c["peak_mib"] for c in several], 1)[1]]
            size = f"{several[0]['bytes'] / 1024 / count:.1f}"
            rows.append([f"{count:,}", side, *spread(seconds, 3), *each, size])
        by_pair = [
            ratio(a["cpu_s"], b["cpu_s"])
            for a, b in zip(costs["project"], costs["bare"], strict=True)
        ]
        ratios.append(f"{count:,} cards, project / bare, pair by pair: {'  '.join(by_pair)}")
    print("\n" + table(rows))
    print("\n".join(ratios))


def measure_apart(side: str, count: int) -> dict[str, float]:
    """Run one measurement in a fresh process."""
    script = str(BENCHMARKS / "cards_speed.py")
    command = [sys.executable, script, "--one", side, str(count)]
    result = must_succeed(run(command, folder=PROJECT, keep_stdout=True), f"the {side} side")
    return {**json.loads(result.stdout), "peak_mib": result.peak_mib or 0.0}


# ── Inside a measured process ─────────────────────────────────────────────────────────────


def lessons_of(count: int) -> Any:
    """Return one parsed lesson of so many cards, those of all lessons over and over."""
    sys.path.insert(0, str(PROJECT))
    from flashcards import load_lessons

    lessons = load_lessons(PROJECT / "course" / "lessons")
    cards = itertools.cycle([card for lesson in lessons for card in lesson.cards])
    return [replace(lessons[0], cards=tuple(itertools.islice(cards, count)))]


def project(count: int) -> dict[str, float]:
    """Draw with the project's own code."""
    lessons = lessons_of(count)
    from flashcards.pdf import render_cards

    render_cards(lessons_of(1))  # the fonts are read
    began = time.process_time()
    content = render_cards(lessons)
    return {"cpu_s": time.process_time() - began, "bytes": len(content)}


def bare(count: int) -> dict[str, float]:
    """Draw the same lines with reportlab's canvas alone."""
    from reportlab.pdfgen.canvas import Canvas

    known, titles = recorded(lessons_of(len_of_lessons()))
    pages = list(itertools.islice(itertools.cycle(known), count))
    began = time.process_time()
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595.28, 841.89), pageCompression=1, invariant=1)
    canvas.showOutline()
    for number, lines in enumerate(pages):
        canvas.bookmarkPage(f"b{number}")
        canvas.addOutlineEntry(titles[number % len(titles)], f"b{number}", 0)
        for x, y, font, size, text in lines:
            canvas.setFont(font, size)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return {"cpu_s": time.process_time() - began, "bytes": len(stream.getvalue())}


def len_of_lessons() -> int:
    """Return how many different cards there are."""
    sys.path.insert(0, str(PROJECT))
    from flashcards import load_lessons

    return sum(len(lesson.cards) for lesson in load_lessons(PROJECT / "course" / "lessons"))


def recorded(lessons: Any) -> tuple[list[list[Line]], list[str]]:
    """Draw once with the project and write down every piece of text with its place."""
    from flashcards.model import plain
    from flashcards.pdf import render_cards, writer

    pages: list[list[Line]] = [[]]
    show, end_page = writer.Writer._show, writer.Writer.end_page

    def note(self: Any, size: float, lines: Any) -> None:
        lines = list(lines)
        for x, y, pieces in lines:
            for face, text in pieces:
                pages[-1].append((x, y, face.name, size, text))
                x += size * face.width(text)
        show(self, size, lines)

    def turn(self: Any) -> None:
        pages.append([])
        end_page(self)

    writer.Writer._show, writer.Writer.end_page = note, turn  # type: ignore[method-assign]
    render_cards(lessons)
    writer.Writer._show, writer.Writer.end_page = show, end_page  # type: ignore[method-assign]
    return pages[:-1], [plain(card.front) for lesson in lessons for card in lesson.cards]


SIDES: dict[str, Callable[[int], dict[str, float]]] = {"project": project, "bare": bare}

if __name__ == "__main__":
    sys.exit(main())
