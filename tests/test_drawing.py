"""Figures: well-formed, inert, readable on light and dark pages, and true to their numbers."""

from __future__ import annotations

import re

import pytest
from svg_reading import all_of, parsed, texts

from course import one_weight
from course.drawing import parabola, svg
from course.drawing.axes import Axis, Plot, around
from course.numerals import short

HOSTILE = "</title><script>alert(1)</script>&\"'\x1b[31m\x00\u202e\ud800]]>"


def test_whatever_is_put_into_a_figure_is_text_in_it() -> None:
    note = svg.label(HOSTILE, 1, 2)
    mark = svg.element("g", note, class_=HOSTILE)
    root = parsed(svg.document(svg.Drawing(10, 10, HOSTILE, [mark])))
    (title,) = all_of(root, "title")
    assert title.text == texts(root)[0]
    assert title.text is not None
    assert title.text.startswith("</title><script>alert(1)</script>&\"'\\x1b[31m\\x00\\u202e")
    assert not all_of(root, "script")


def test_a_figure_says_what_it_shows_and_has_colours_for_both_schemes() -> None:
    text = svg.document(parabola.draw([_walk(zeroing=True)]))
    root = parsed(text)
    assert root.attrib["role"] == "img"
    assert root[0].tag.endswith("title")
    assert "w = 1.01, loss 0.0009" in (root[0].text or "")
    (style,) = all_of(root, "style")
    assert "prefers-color-scheme:dark" in (style.text or "")
    # Every class that is used has its dark colour.
    used = set(
        re.findall(r"[sf]-[a-z-]+", " ".join(e.attrib.get("class", "") for e in root.iter()))
    )
    assert used
    assert all(f".{name}{{" in (style.text or "") for name in used)


def _walk(*, zeroing: bool, **numbers: float) -> one_weight.Walk:
    return one_weight.walk(one_weight.Problem(**numbers), 2, zeroing=zeroing)


def test_the_steps_lie_on_the_parabola_in_shapes_of_their_own() -> None:
    walks = [_walk(zeroing=True), _walk(zeroing=False)]
    root = parsed(svg.document(parabola.draw(walks)))
    discs = all_of(root, "circle")
    squares = [rect for rect in all_of(root, "rect") if "stroke-width" in rect.attrib]
    assert len(discs) == len(squares) == 3 + 1  # and one in the legend
    # The first two places are shared, the third is not.
    centres = [(float(d.attrib["cx"]), float(d.attrib["cy"])) for d in discs]
    corners = [(float(s.attrib["x"]), float(s.attrib["y"])) for s in squares]
    apart = [round(c[0] - s[0], 1) for c, s in zip(centres, corners, strict=True)]
    assert apart[0] == apart[1] != apart[2]
    assert centres[2][1] > corners[2][1] + 100  # far below: a small loss
    dashes = {found.attrib.get("stroke-dasharray") for found in all_of(root, "path")}
    assert {"none", "7 4"} <= dashes
    assert {"with zeroing: loss 0.0009", "without zeroing: loss 7.1289"} <= set(texts(root))


@pytest.mark.parametrize(
    "numbers",
    [
        {"x": 0.0},
        {"y": 0.0, "w": 0.0},
        {"learning_rate": 50.0},
        {"learning_rate": 0.0},
        {"w": 1.0},
        {"w": -1e9, "x": 1e9, "y": 1e9, "learning_rate": 1e9},
        {"w": 1e-9, "x": 1e-9, "y": 1e-9},
    ],
)
def test_any_numbers_give_a_figure_without_nan(numbers: dict[str, float]) -> None:
    walks = [_walk(zeroing=zeroing, **numbers) for zeroing in (True, False)]
    text = svg.document(parabola.draw(walks))
    parsed(text)
    assert not re.search(r"\b(nan|inf)\b", text)


def test_steps_that_run_away_are_counted_not_drawn() -> None:
    walks = [
        one_weight.walk(one_weight.Problem(learning_rate=0.3), 6, zeroing=z) for z in (True, False)
    ]
    root = parsed(svg.document(parabola.draw(walks)))
    assert "with zeroing: 4 steps lie far outside" in texts(root)


def test_axes_put_numbers_where_they_belong() -> None:
    plot = Plot(Axis(0, 10), Axis(1, 1000, logarithmic=True), 400, 300)
    low, high = plot.place(0, 1), plot.place(10, 1000)
    middle = plot.place(5, 1000**0.5)
    assert middle[0] == pytest.approx((low[0] + high[0]) / 2)
    assert middle[1] == pytest.approx((low[1] + high[1]) / 2)
    assert high[1] < low[1]
    assert list(plot.y.ticks()) == [1, 10, 100, 1000]
    assert list(Axis(-0.4, 2.2).ticks()) == pytest.approx([0, 1, 2])


def test_a_line_is_broken_where_there_is_no_number() -> None:
    plot = Plot(Axis(0, 4), Axis(0, 1), 400, 300)
    points = [(0, 0.5), (1, 0.5), (2, float("nan")), (3, float("inf")), (4, 0.5)]
    assert plot.polyline(points).count("M") == 2


def test_an_axis_around_equal_numbers_has_room() -> None:
    assert around([0.0, 0.0]).low < 0 < around([0.0, 0.0]).high
    assert around([5.0]).low < 5 < around([5.0]).high


def test_numbers_are_short_and_exact_enough() -> None:
    assert [short(n) for n in (1.1000000000000001, 7.128899999999999, -0.0009, 3e-7, 9.0)] == [
        "1.1",
        "7.1289",
        "−0.0009",
        "3e−7",
        "9",
    ]
