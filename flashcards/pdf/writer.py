"""Pages, text and the structure tree of a PDF; the only file that knows reportlab.

reportlab has no tags of its own. Here every text is shown between `/P <</MCID n>> BDC` and
`EMC`, as PDF 1.7 has it (ISO 32000-1, 14.7 and 14.8): the number belongs to an `Element`,
and the elements, written as a tree with a table from numbers back to elements, give the
order in which a screen reader reads. What is not to be read is marked as an artifact.

The same calls give the same bytes: no clock, no random number gets in.
"""

from __future__ import annotations

import contextlib
import functools
import importlib.resources
import io
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from reportlab.pdfbase import pdfdoc, pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from flashcards.pdf.paper import Flip, Paper

GREY = 0.42
HAIR_GREY = 0.72
TINT_GREY = 0.955


# ── Fonts ─────────────────────────────────────────────────────────────────────────────────


class Face:
    """One of the fonts; it is read when it is first used."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._widths: dict[str, float] = {}

    @functools.cached_property
    def font(self) -> Any:
        """The font as reportlab has it."""
        file = importlib.resources.files("flashcards") / "fonts" / f"{self.name}.ttf"
        content = io.BytesIO(file.read_bytes())
        font = TTFont(self.name, content, asciiReadable=True, shapable=False)
        pdfmetrics.registerFont(font)
        return font

    def width(self, text: str) -> float:
        """Return how long `text` is at a size of 1."""
        width = self._widths.get(text)
        if width is None:
            of = self.font.face.charWidths
            width = sum(of[ord(character)] for character in text) / 1000
            self._widths[text] = width
        return width


TEXT = Face("DejaVuSansCondensed")
BOLD = Face("DejaVuSansCondensed-Bold")
ITALIC = Face("DejaVuSansCondensed-Oblique")
BOLD_ITALIC = Face("DejaVuSansCondensed-BoldOblique")
CODE = Face("DejaVuSansMono")
BOLD_CODE = Face("DejaVuSansMono-Bold")


def missing(text: str) -> list[str]:
    """Return the characters that cannot be drawn, each once: all fonts have the same ones."""
    drawable = TEXT.font.face.charToGlyph
    return [character for character in dict.fromkeys(text) if ord(character) not in drawable]


# ── Structure ─────────────────────────────────────────────────────────────────────────────


class _Tagged(pdfdoc.PDFObject):  # type: ignore[misc]
    """What reportlab writes as an object of its own, by calling `format`."""

    __RefOnly__ = 1
    _reference = ""

    def reference(self, document: Any) -> str:
        """Return how others refer to this object, `12 0 R`."""
        self._reference = self._reference or _reference(self, document)
        return self._reference


class Element(_Tagged):
    """A node of the structure tree: a standard type such as `H1`, `P` or `Sect`."""

    def __init__(self, kind: str, parent: _Tagged, title: str = "") -> None:
        self.kind = kind
        self.parent = parent
        self.title = title
        self.children: list[Element] = []
        self.marks: list[tuple[int, int]] = []  # page and number, both from 0

    def format(self, document: Any) -> bytes:
        """Return the element as PDF writes it."""
        parts = [f"<</Type/StructElem/S/{self.kind}/P {self.parent.reference(document)}"]
        if self.title:
            parts.append("/T" + _text(pdfdoc.PDFString(self.title).format(document)))
        kids = [child.reference(document) for child in self.children]
        if self.marks:
            first = self.marks[0][0]
            parts.append(f"/Pg {_page(first, document)}")
            kids += [
                str(number)
                if page == first
                else f"<</Type/MCR/Pg {_page(page, document)}/MCID {number}>>"
                for page, number in self.marks
            ]
        parts.append(f"/K[{' '.join(kids)}]>>")
        return "".join(parts).encode("latin-1")


class _Root(_Tagged):
    """The structure tree's root: the document, and for each page the elements by number."""

    def __init__(self) -> None:
        self.document = Element("Document", self)
        self.pages: list[list[Element]] = []

    def format(self, document: Any) -> bytes:
        """Return the root as PDF writes it."""
        numbers = " ".join(
            f"{page} [{' '.join(element.reference(document) for element in elements)}]"
            for page, elements in enumerate(self.pages)
        )
        return (
            f"<</Type/StructTreeRoot/K {self.document.reference(document)}"
            f"/ParentTreeNextKey {len(self.pages)}/ParentTree<</Nums[{numbers}]>>>>"
        ).encode("ascii")


def _reference(thing: Any, document: Any) -> str:
    return _text(document.Reference(thing).format(document))


def _page(number: int, document: Any) -> str:
    return _reference(document.Pages.pages[number], document)


def _text(written: Any) -> str:
    return written.decode("latin-1") if isinstance(written, bytes) else str(written)


# ── Pages ─────────────────────────────────────────────────────────────────────────────────

Pieces = Sequence[tuple[Face, str]]


class Writer:
    """Draws page after page. Lengths are points; the origin is the bottom left corner."""

    def __init__(self, *, title: str, paper: Paper, duplex: Flip | None = None) -> None:
        self._stream = io.BytesIO()
        TEXT.font  # noqa: B018 - registers it: the canvas asks for an initial font
        self._canvas: Any = Canvas(
            self._stream,
            pagesize=(paper.width, paper.height),
            pageCompression=1,
            invariant=1,
            initialFontName=TEXT.name,
            lang="en",
            pdfVersion=(1, 7),
        )
        self._document = self._canvas._doc
        self._canvas.setTitle(title)
        self._canvas.setAuthor("")
        self._canvas.setCreator("course flashcards")
        self._canvas.setSubject(title)
        self._prefer(duplex)
        self._root = _Root()
        self._bookmarks = 0
        self._elements: list[Element] = []
        self._font = ""

    def _prefer(self, duplex: Flip | None) -> None:
        self._canvas.showOutline()
        self._canvas.setViewerPreference("DisplayDocTitle", "true")
        self._canvas.setViewerPreference("PrintScaling", "None")
        if duplex is not None:
            edge = f"DuplexFlip{duplex.capitalize()}Edge"
            self._canvas.setViewerPreference("Duplex", edge)

    @property
    def page(self) -> int:
        """The number of the page that is being drawn, from 1."""
        return len(self._root.pages) + 1

    # Structure

    @property
    def root(self) -> Element:
        """The element above all others: the document."""
        return self._root.document

    def element(self, kind: str, parent: Element | None = None, title: str = "") -> Element:
        """Add an element below `parent`, or below the document."""
        above = self.root if parent is None else parent
        element = Element(kind, above, title)
        above.children.append(element)
        return element

    def bookmark(self, title: str, level: int, top: float | None = None) -> None:
        """Add a line to the outline that leads to this page, or to a height on it."""
        self._bookmarks += 1
        key = f"b{self._bookmarks}"
        if top is None:
            self._canvas.bookmarkPage(key)
        else:
            self._canvas.bookmarkPage(key, fit="XYZ", left=0, top=top, zoom=0)
        self._canvas.addOutlineEntry(title, key, level)

    # Text

    def text(
        self, element: Element, size: float, lines: Iterable[tuple[float, float, Pieces]]
    ) -> None:
        """Draw lines that belong to an element; each is x, y and pieces of text in a face."""
        number = len(self._elements)
        self._elements.append(element)
        element.marks.append((self.page - 1, number))
        self._canvas._code.append(f"/{element.kind} <</MCID {number}>> BDC BT")
        self._show(size, lines)
        self._canvas._code.append("ET EMC")

    def aside(self, x: float, y: float, size: float, text: str, *, align: float = 0.0) -> None:
        """Draw small grey text that is not read aloud; `align` 0 begins, 1 ends at x."""
        x -= align * size * TEXT.width(text)
        with self._artifact():
            self._canvas._code.append(f"{GREY} g BT")
            self._show(size, [(x, y, ((TEXT, text),))])
            self._canvas._code.append("ET")

    def _show(self, size: float, lines: Iterable[tuple[float, float, Pieces]]) -> None:
        code = self._canvas._code
        self._font = ""
        for x, y, pieces in lines:
            code.append(f"1 0 0 1 {x:.2f} {y:.2f} Tm")
            for face, text in pieces:
                for font, shown in self._encoded(face, text):
                    if font != self._font:
                        code.append(f"{font} {size:.2f} Tf")
                        self._font = font
                    code.append(f"({shown}) Tj")

    def _encoded(self, face: Face, text: str) -> Iterator[tuple[str, str]]:
        """Yield the parts of a text, each with the part of the font that has its characters."""
        font, document = face.font, self._document
        if text.isascii() and text.isprintable():
            # The first part of each font has ASCII as it is, for we asked for that.
            if "(" in text or ")" in text or "\\" in text:
                text = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
            yield font.getSubsetInternalName(0, document), text
            return
        for subset, shown in font.splitString(text, document):
            name = font.getSubsetInternalName(subset, document)
            yield name, self._canvas._escape(shown)

    # Lines and areas

    def rules(
        self,
        lines: Iterable[tuple[float, float, float, float]],
        *,
        grey: float = HAIR_GREY,
        thickness: float = 0.5,
        dash: str = "",
    ) -> None:
        """Draw straight lines, each from x, y to x, y."""
        with self._artifact():
            code = self._canvas._code
            code.append(f"{grey} G {thickness} w [{dash}] 0 d")
            code += [f"{a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S" for a, b, c, d in lines]

    def tint(self, x: float, y: float, width: float, height: float) -> None:
        """Draw a light area, for text to stand on."""
        with self._artifact():
            self._canvas._code.append(f"{TINT_GREY} g")
            self._canvas.roundRect(x, y, width, height, 3, stroke=0, fill=1)

    @contextlib.contextmanager
    def _artifact(self) -> Iterator[None]:
        self._canvas._code.append("/Artifact BMC q")
        yield
        self._canvas._code.append("Q EMC")

    @contextlib.contextmanager
    def moved(self, x: float, y: float, *, turned: bool = False) -> Iterator[None]:
        """Move what is drawn inside by x and y, and first turn it by half a turn."""
        width, height = self._canvas._pagesize
        matrix = f"-1 0 0 -1 {x + width:.2f} {y + height:.2f}"
        self._canvas._code.append(f"q {matrix if turned else f'1 0 0 1 {x:.2f} {y:.2f}'} cm")
        yield
        self._canvas._code.append("Q")

    # The end

    def end_page(self) -> None:
        """Finish this page and begin another."""
        self._canvas.showPage()
        page = self._document.Pages.pages[-1]
        # The two keys of a tagged page, which reportlab does not know.
        page.__NoDefault__ = [*page.__NoDefault__, "StructParents", "Tabs"]
        page.StructParents = len(self._root.pages)
        page.Tabs = pdfdoc.PDFName("S")
        # reportlab would write compressed pages as printable text, a quarter longer.
        page.Contents = pdfdoc.PDFStream(content=page.stream, filters=[pdfdoc.PDFZCompress])
        self._root.pages.append(self._elements)
        self._elements = []

    def bytes(self) -> bytes:
        """Return the whole file, after the last `end_page`."""
        catalog = self._document.Catalog
        catalog.StructTreeRoot = self._root
        catalog.MarkInfo = pdfdoc.PDFDictionary({"Marked": "true"})
        self._document.SaveToFile(self._stream, self._canvas)
        return self._stream.getvalue()
