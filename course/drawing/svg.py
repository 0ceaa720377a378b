"""SVG as a tree of elements: what is put into one is escaped, whoever wrote it.

A figure carries its own colours: light ones in its attributes, which every program that
reads SVG understands, and dark ones in a style sheet for readers who prefer those.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.renderers.escaping import visible

NAMESPACE = "http://www.w3.org/2000/svg"
FONT = "system-ui, 'DejaVu Sans Condensed', 'Segoe UI', sans-serif"
TEXT_SIZE = 14

PAPER, INK, FAINT, GRID = "#ffffff", "#1f2328", "#59636e", "#d8dee4"
FIRST, SECOND = "#0b5cad", "#b04a00"
FIRST_FIELD, SECOND_FIELD = "#d6e7f8", "#fbe3d0"

_DARK = {
    PAPER: "#14181d",
    INK: "#e8ecf1",
    FAINT: "#a9b3bf",
    GRID: "#38414c",
    FIRST: "#74b7ff",
    SECOND: "#ffa45c",
    FIRST_FIELD: "#16324f",
    SECOND_FIELD: "#4a2c12",
}
"""What each colour becomes on a dark page."""

_CLASSES = {
    PAPER: "paper",
    INK: "ink",
    FAINT: "faint",
    GRID: "grid",
    FIRST: "first",
    SECOND: "second",
    FIRST_FIELD: "first-field",
    SECOND_FIELD: "second-field",
}


@dataclass(frozen=True)
class Element:
    """One element: its name, attributes, and what is inside, text or elements."""

    name: str
    attributes: Mapping[str, str]
    children: Sequence[Element | str] = ()

    def __str__(self) -> str:
        """Return the element as SVG text."""
        attributes = "".join(
            f' {name}="{escaped(value)}"' for name, value in self.attributes.items()
        )
        if not self.children:
            return f"<{self.name}{attributes}/>"
        inside = "".join(
            str(child) if isinstance(child, Element) else escaped(child) for child in self.children
        )
        return f"<{self.name}{attributes}>{inside}</{self.name}>"


@dataclass(frozen=True)
class Drawing:
    """Elements with a size in pixels, and the sentence that says what is to be seen."""

    width: float
    height: float
    title: str
    parts: Sequence[Element]


def escaped(text: str) -> str:
    """Return text that is inert in SVG, as content or as the value of an attribute.

    Control characters are shown as escapes: XML has no way to write most of them.
    """
    return html.escape(visible(text, keep="\n"), quote=True)


def element(name: str, *children: Element | str, **attributes: str | float) -> Element:
    """Make an element. `stroke_width` is the attribute stroke-width, `class_` is class."""
    return Element(
        name,
        {
            key.rstrip("_").replace("_", "-"): value if isinstance(value, str) else digits(value)
            for key, value in attributes.items()
        },
        children,
    )


def digits(number: float) -> str:
    """Write a coordinate: a hundredth of a pixel is enough.

    Example:
        >>> digits(12.3456), digits(40.0), digits(-0.001)
        ('12.35', '40', '0')
    """
    text = f"{number:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def line(x1: float, y1: float, x2: float, y2: float, colour: str = INK, **more: str) -> Element:
    """Draw a straight line."""
    return element("line", x1=x1, y1=y1, x2=x2, y2=y2, stroke=colour, **_class(colour, "s"), **more)


def path(d: str, colour: str = INK, **more: str | float) -> Element:
    """Draw the outline that `d` describes."""
    return element("path", d=d, stroke=colour, fill="none", **_class(colour, "s"), **more)


def filled(name: str, colour: str, **attributes: str | float) -> Element:
    """Make a shape that is filled with a colour."""
    return element(name, **attributes, fill=colour, **_class(colour, "f"))


def outlined(name: str, colour: str, **attributes: str | float) -> Element:
    """Make a shape with a coloured rim and nothing inside."""
    return element(name, **attributes, stroke=colour, fill="none", **_class(colour, "s"))


def label(
    text: str,
    x: float,
    y: float,
    *,
    anchor: str = "start",
    colour: str = INK,
    size: float = TEXT_SIZE,
    weight: str = "normal",
    halo: bool = False,
) -> Element:
    """Write text: its baseline at `y`, its start, middle or end at `x`.

    `halo` keeps the lines behind the text off it.
    """
    around: dict[str, str] = {}
    if halo:
        around = {"stroke": PAPER, "stroke_width": "4", "paint_order": "stroke"}
    classes = [f"f-{_CLASSES[colour]}", *([f"s-{_CLASSES[PAPER]}"] if halo else [])]
    return element(
        "text",
        text,
        x=x,
        y=y,
        text_anchor=anchor,
        font_size=size,
        font_weight=weight,
        fill=colour,
        class_=" ".join(classes),
        **around,
    )


def _class(colour: str, how: str) -> dict[str, str]:
    return {"class_": f"{how}-{_CLASSES[colour]}"}


def beside(title: str, *drawings: Drawing) -> Drawing:
    """Set drawings next to each other."""
    parts, x = [], 0.0
    for drawing in drawings:
        parts.append(element("g", *drawing.parts, transform=f"translate({digits(x)} 0)"))
        x += drawing.width
    return Drawing(x, max(drawing.height for drawing in drawings), title, parts)


def document(drawing: Drawing) -> str:
    """Return a drawing as an SVG file, which can stand in a page as well."""
    size = f"{digits(drawing.width)} {digits(drawing.height)}"
    whole = element(
        "svg",
        element("title", drawing.title),
        element("style", _style()),
        filled("rect", PAPER, width="100%", height="100%"),
        *drawing.parts,
        xmlns=NAMESPACE,
        viewBox=f"0 0 {size}",
        width=drawing.width,
        height=drawing.height,
        role="img",
        class_="course-figure",
        font_family=FONT,
    )
    return f"{whole}\n"


def _style() -> str:
    rules = "".join(
        f".course-figure .{how}-{_CLASSES[colour]}{{{attribute}:{dark}}}"
        for colour, dark in _DARK.items()
        for how, attribute in (("s", "stroke"), ("f", "fill"))
    )
    return f"@media (prefers-color-scheme:dark){{{rules}}}"
