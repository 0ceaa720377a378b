"""SVG read back by a parser of its own, for tests of figures."""

from __future__ import annotations

from xml.etree import ElementTree

from course.drawing.svg import NAMESPACE

SHAPES = ("circle", "rect", "path", "line", "text", "g", "svg", "title", "style")


def parsed(text: str) -> ElementTree.Element:
    """Return the root of a figure; every element in it is one that a figure has."""
    root = ElementTree.fromstring(text)
    for found in root.iter():
        assert found.tag.removeprefix(f"{{{NAMESPACE}}}") in SHAPES, found.tag
        assert not [name for name in found.attrib if name.startswith("on") or "href" in name]
    return root


def all_of(root: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    """Return all elements of a name, in the order of drawing."""
    return list(root.iter(f"{{{NAMESPACE}}}{name}"))


def texts(root: ElementTree.Element) -> list[str]:
    """Return what is written in a figure."""
    return [found.text or "" for found in all_of(root, "text")]
