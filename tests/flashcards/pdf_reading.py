"""Read a PDF back with pdfminer: characters with their places, lines, and the tags."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import resolve1
from pdfminer.utils import apply_matrix_pt

MM = 72 / 25.4


@dataclass(frozen=True)
class Character:
    text: str
    x: float
    y: float
    width: float
    size: float
    turned: bool  # upside down
    tag: str
    mark: int | None
    font: str


@dataclass(frozen=True)
class Node:
    """An element of the structure tree, with the text that is marked as its own."""

    kind: str
    title: str
    text: str
    children: tuple[Node, ...]

    def all(self, kind: str) -> list[Node]:
        found = [self] if self.kind == kind else []
        return found + [node for child in self.children for node in child.all(kind)]

    @property
    def whole(self) -> str:
        return self.text + "".join(child.whole for child in self.children)


@dataclass
class Page:
    width: float
    height: float
    characters: list[Character] = field(default_factory=list)
    lines: list[tuple[float, float, float, float]] = field(default_factory=list)

    @property
    def read(self) -> str:
        """What is meant to be read, in the order of the file."""
        return text(one for one in self.characters if one.mark is not None)

    @property
    def aside(self) -> str:
        return text(one for one in self.characters if one.mark is None)


def text(characters: Iterable[Character]) -> str:
    return "".join(one.text for one in characters)


class _Device(PDFTextDevice):
    def __init__(self, resources: PDFResourceManager) -> None:
        super().__init__(resources)
        self.tags: list[tuple[str, Any]] = []
        self.page = Page(0, 0)

    def begin_tag(self, tag: Any, props: Any = None) -> None:
        self.tags.append((tag.name, props))

    def end_tag(self) -> None:
        self.tags.pop()

    def render_char(self, matrix, font, fontsize, scaling, rise, cid, ncs, graphicstate):  # type: ignore[no-untyped-def]
        assert self.tags, "text that is neither tagged nor an artifact"
        name, props = self.tags[-1]
        width = font.char_width(cid) * fontsize * scaling
        _, _, _, d, x, y = matrix
        mark = props["MCID"] if props else None
        self.page.characters.append(
            Character(font.to_unichr(cid), x, y, width, fontsize, d < 0, name, mark, font.fontname)
        )
        return width

    def paint_path(self, gstate, stroke, fill, evenodd, path):  # type: ignore[no-untyped-def]
        assert self.tags[-1][0] == "Artifact"
        points = [apply_matrix_pt(self.ctm, step[1:]) for step in path if step[0] in "ml"]
        if len(points) == 2:
            self.page.lines.append((*points[0], *points[1]))


class Read:
    """A whole PDF."""

    def __init__(self, content: bytes) -> None:
        self.document = PDFDocument(PDFParser(io.BytesIO(content)))
        self.catalog = self.document.catalog
        self.raw_pages = list(PDFPage.create_pages(self.document))
        self.pages = list(self._read_pages())

    def _read_pages(self) -> Iterator[Page]:
        resources = PDFResourceManager()
        device = _Device(resources)
        interpreter = PDFPageInterpreter(resources, device)
        for page in self.raw_pages:
            _, _, width, height = page.mediabox
            device.page = Page(width, height)
            interpreter.process_page(page)
            assert not device.tags
            yield device.page

    @property
    def outline(self) -> list[tuple[int, str]]:
        return [(level, title) for level, title, *_ in self.document.get_outlines()]

    @property
    def structure(self) -> Node:
        root = resolve1(self.catalog["StructTreeRoot"])
        (node,) = self._nodes(root["K"], None)
        return node

    def _nodes(self, kids: Any, page: Any) -> list[Node]:
        kids = resolve1(kids)
        found = []
        for kid in kids if isinstance(kids, list) else [kids]:
            kid = resolve1(kid)
            if isinstance(kid, dict) and "S" in kid:
                page = kid.get("Pg", page)
                found.append(
                    Node(
                        kid["S"].name,
                        _string(kid.get("T", b"")),
                        self._own_text(kid, page),
                        tuple(self._nodes(kid["K"], page)),
                    )
                )
        return found

    def _own_text(self, element: Any, page: Any) -> str:
        marked = []
        for kid in resolve1(element["K"]):
            kid = resolve1(kid)
            if isinstance(kid, int):
                marked.append(self._marked(page, kid))
            elif "MCID" in kid:
                marked.append(self._marked(kid["Pg"], kid["MCID"]))
        return "".join(marked)

    def _marked(self, page: Any, number: int) -> str:
        (index,) = [i for i, raw in enumerate(self.raw_pages) if raw.pageid == page.objid]
        # The table that leads back from a page's numbers to elements has to agree.
        assert resolve1(self.raw_pages[index].attrs["StructParents"]) == index
        return text(one for one in self.pages[index].characters if one.mark == number)


def _string(raw: bytes) -> str:
    return raw.decode("utf-16") if raw.startswith(b"\xfe\xff") else raw.decode("latin-1")


def centre(characters: Sequence[Character]) -> tuple[float, float]:
    xs = [x for one in characters for x in (one.x, one.x + (-1 if one.turned else 1) * one.width)]
    ys = [one.y for one in characters]
    return (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
