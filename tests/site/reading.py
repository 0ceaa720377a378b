"""A page as a program reads it: its links, its ids, and what a strict host would refuse."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"br", "hr", "img", "input", "link", "meta", "wbr", "path", "circle", "rect", "line"}


@dataclass
class Element:
    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class PageRead:
    elements: list[Element] = field(default_factory=list)

    @property
    def ids(self) -> list[str]:
        return [e.attributes["id"] for e in self.elements if "id" in e.attributes]

    @property
    def addresses(self) -> list[tuple[str, str]]:
        """Every address in the page, with the tag that it stands in."""
        return [
            (element.tag, element.attributes[name])
            for element in self.elements
            for name in ("href", "src", "action", "data", "poster", "srcset", "xlink:href")
            if name in element.attributes
        ]

    def of_class(self, name: str) -> list[Element]:
        return [e for e in self.elements if name in e.attributes.get("class", "").split()]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.page = PageRead()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"twice in <{tag}>: {attrs}"
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.page.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        element = self.open.pop()
        assert element.tag == tag, f"</{tag}> closes <{element.tag}> at {self.getpos()}"

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.text += data


def read(html: str) -> PageRead:
    """Read a page in which every element is closed where it should be."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader.page
