"""A lesson page, or a folder of them, read into `Lesson`s.

The structure of a page is its headings: `#` the title, `##` one of three sections, `###` a
question, the exercise or a card. An id stands in a comment directly below its heading.
What cannot be understood is a fault with its line, and the reading goes on, so that one
run names everything. `read_…` hand back what was understood together with the faults;
`parse_lesson` and `load_lessons` accept a page without faults only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it.tree import SyntaxTreeNode

from flashcards.faults import Fault, LessonError, Source
from flashcards.graded import graded_form, is_graded
from flashcards.model import (
    Block,
    Card,
    Computation,
    Exercise,
    GradedForm,
    Inline,
    ItemId,
    Lesson,
    Paragraph,
    Place,
    Question,
    every_id,
    plain,
)
from flashcards.richtext import blocks, comment, inlines, tree

_SELF_CHECK, _EXERCISE, _FLASHCARDS = SECTIONS = ("Self-check", "Worked exercise", "Flashcards")


# ── A folder ──────────────────────────────────────────────────────────────────────────────


def load_lessons(folder: Path) -> tuple[Lesson, ...]:
    """Return the lessons of a folder in their order.

    Raises: LessonError with every fault; OSError where a page cannot be read.
    """
    lessons, faults = read_lessons(folder)
    if faults:
        raise LessonError(faults)
    return lessons


def read_lessons(folder: Path) -> tuple[tuple[Lesson, ...], tuple[Fault, ...]]:
    """Return the lessons of a folder in their order, and every fault found in them.

    A page is a file `number-id.md`; other files, such as a README, are left alone.

    Raises: OSError where a page cannot be read.
    """
    lessons: list[Lesson] = []
    faults: list[Fault] = []
    for path in sorted(_pages(folder), key=_number):
        try:
            text = path.read_text(encoding="utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            faults.append(Fault(Place(str(path), line), "this is not UTF-8 text"))
            continue
        lesson, found = _read(text, str(path))
        faults += found
        if lesson.id and path.stem != f"{_number(path)}-{lesson.id}":
            sentence = f"the file of this lesson must be called `number-{lesson.id}.md`"
            faults.append(Fault(lesson.place, sentence))
        lessons.append(lesson)
    if not lessons and not faults:
        faults.append(Fault(Place(str(folder), 0), "there is no lesson page `number-id.md` here"))
    return tuple(lessons), tuple(sorted([*faults, *_used_twice(lessons)]))


def _pages(folder: Path) -> list[Path]:
    return [
        path
        for path in folder.iterdir()
        if path.suffix == ".md" and path.stem.partition("-")[0].isdecimal()
    ]


def _number(path: Path) -> int:
    return int(path.stem.partition("-")[0])


def _used_twice(lessons: Sequence[Lesson]) -> list[Fault]:
    first: dict[ItemId, Place] = {}
    faults = []
    for lesson in lessons:
        for id_, _, place in every_id(lesson):
            if id_ in first and id_:
                sentence = f"the id `{id_}` is used already at {first[id_]}"
                faults.append(Fault(place, sentence))
            first.setdefault(id_, place)
    return faults


# ── A page ────────────────────────────────────────────────────────────────────────────────


def parse_lesson(text: str, path: str) -> Lesson:
    """Return the lesson that a page holds; `path` is what places in it are called.

    Raises: LessonError with every fault.
    """
    lesson, faults = read_lesson(text, path)
    if faults:
        raise LessonError(faults)
    return lesson


def read_lesson(text: str, path: str) -> tuple[Lesson, tuple[Fault, ...]]:
    """Return what was understood of a page, and every fault found in it."""
    lesson, faults = _read(text, path)
    return lesson, tuple(sorted([*faults, *_used_twice([lesson])]))


def _read(text: str, path: str) -> tuple[Lesson, list[Fault]]:
    source = Source(path)
    page = _outline(tree(text, source), source)
    id_ = _take_id(page.title, page.introduction, source)
    title = inlines(page.title, source) if page.title else ()
    introduction = blocks(page.introduction, source)
    leads = {section.name: blocks(section.lead, source) for section in page.sections}
    computations = [Computation(id_, source.take_steps())]
    items: dict[str, list[_Read]] = {name: [] for name in SECTIONS}
    for section in page.sections:
        for part in section.parts:
            read = _read_part(section.name, part, source)
            items[section.name].append(read)
            computations.append(Computation(read.id, source.take_steps()))
        _count(section, source)
    exercises = [_exercise(read) for read in items[_EXERCISE]]
    lesson = Lesson(
        id=id_,
        place=source.place(source.line(page.title) if page.title else 1),
        title=title,
        introduction=introduction,
        before_questions=leads.get(_SELF_CHECK, ()),
        questions=tuple(_question(read) for read in items[_SELF_CHECK]),
        before_exercise=leads.get(_EXERCISE, ()),
        exercise=exercises[0] if exercises else None,
        before_cards=leads.get(_FLASHCARDS, ()),
        cards=tuple(_card(read) for read in items[_FLASHCARDS]),
        computations=tuple(made for made in computations if made.steps),
    )
    return lesson, source.faults


def _count(section: _Section, source: Source) -> None:
    if not section.parts:
        source.refuse(section.line, f"the section {section.name} is empty")
    if section.name == _EXERCISE and len(section.parts) > 1:
        line = source.line(section.parts[1].heading)
        source.refuse(line, "a lesson has one worked exercise")


# ── Headings ──────────────────────────────────────────────────────────────────────────────


@dataclass
class _Part:
    heading: SyntaxTreeNode
    nodes: list[SyntaxTreeNode] = field(default_factory=list)


@dataclass
class _Section:
    name: str
    line: int
    lead: list[SyntaxTreeNode] = field(default_factory=list)
    parts: list[_Part] = field(default_factory=list)


@dataclass
class _Page:
    title: SyntaxTreeNode | None = None
    introduction: list[SyntaxTreeNode] = field(default_factory=list)
    sections: list[_Section] = field(default_factory=list)


def _outline(nodes: Sequence[SyntaxTreeNode], source: Source) -> _Page:
    page = _Page()
    rest = page.introduction
    for node in nodes:
        if node.type != "heading":
            rest.append(node)
        elif node.tag == "h1" and page.title is None and not page.introduction:
            page.title = node
        elif node.tag == "h2":
            page.sections.append(_section(node, page, source))
            rest = page.sections[-1].lead
        elif node.tag == "h3" and page.sections:
            part = _Part(node)
            page.sections[-1].parts.append(part)
            rest = part.nodes
        else:
            sentence = "headings are `#` for the title, `##` a section, `###` what is asked in it"
            source.refuse(source.line(node), sentence)
    if page.title is None:
        source.refuse(1, "a page begins with its title: `# …`")
    named = {section.name for section in page.sections}
    for name in SECTIONS:
        if name not in named:
            source.refuse(1, f"this page has no section `## {name}`")
    page.sections = [section for section in page.sections if section.name in SECTIONS]
    return page


def _section(node: SyntaxTreeNode, page: _Page, source: Source) -> _Section:
    line = source.line(node)
    name = plain(inlines(node, source))
    places = [SECTIONS.index(section.name) for section in page.sections if section.name in SECTIONS]
    if name not in SECTIONS or SECTIONS.index(name) <= max(places, default=-1):
        order = ", ".join(SECTIONS)
        source.refuse(line, f"the sections of a page are, once each and in this order: {order}")
        name = name if name not in SECTIONS else ""
    return _Section(name, line)


def _take_id(heading: SyntaxTreeNode | None, nodes: list[SyntaxTreeNode], source: Source) -> ItemId:
    """Take the id from the front of what follows a heading."""
    first = nodes[0] if nodes and nodes[0].type == "html_block" else None
    inner = comment(first.content) if first is not None else None
    key, colon, id_ = (inner or "").partition(":")
    if first is None or not colon or key.strip() != "id":
        if heading is not None:
            sentence = "directly below this heading belongs `<!-- id: … -->`"
            source.refuse(source.line(heading), sentence)
        return ItemId("")
    nodes.pop(0)
    return source.identifier(id_.strip(), source.line(first))


# ── What stands under a heading ───────────────────────────────────────────────────────────


@dataclass(frozen=True)
class _Read:
    """A question, exercise or card before it is named so: `shown`, then `folded`."""

    id: ItemId
    place: Place
    heading: tuple[Inline, ...]
    shown: tuple[Block, ...]
    folded: tuple[Block, ...]
    graded: tuple[GradedForm, ...]


def _read_part(section: str, part: _Part, source: Source) -> _Read:
    line = source.line(part.heading)
    id_ = _take_id(part.heading, part.nodes, source)
    heading = inlines(part.heading, source)
    if not heading:
        source.refuse(line, "this heading is empty")
    if section == _FLASHCARDS:
        back = blocks(part.nodes, source)
        if not back:
            source.refuse(line, "this card has no back")
        return _Read(id_, source.place(line), heading, back, (), ())
    folded = "Answer" if section == _SELF_CHECK else "Solution"
    before, inside = _unfold(part, folded, source)
    shown, forms = _shown(before, heading, id_ if section == _SELF_CHECK else None, source)
    if section == _SELF_CHECK and len(forms) > 1:
        source.refuse(forms[1].place.line, "a question has one graded form")
    hidden = blocks(inside, source)
    if not hidden:
        source.refuse(line, f"no text is folded under this heading as its {folded.lower()}")
    return _Read(id_, source.place(line), heading, shown, hidden, forms)


def _unfold(
    part: _Part, summary: str, source: Source
) -> tuple[list[SyntaxTreeNode], list[SyntaxTreeNode]]:
    """Divide what stands under a heading into what is shown and what is folded."""
    opening, closing = f"<details><summary>{summary}</summary>", "</details>"
    shown: list[SyntaxTreeNode] = []
    folded: list[SyntaxTreeNode] = []
    opened: int | None = None
    closed = False
    for node in part.nodes:
        html = node.content.strip() if node.type == "html_block" else ""
        if html == opening and opened is None:
            opened = source.line(node)
        elif html == closing and opened is not None and not closed:
            closed = True
        elif closed:
            sentence = f"text after the {summary.lower()} belongs to nothing"
            source.refuse(source.line(node), sentence)
        elif html.startswith("<details") and opened is None:
            source.refuse(source.line(node), f"write `{opening}`, and a blank line after it")
        else:
            (shown if opened is None else folded).append(node)
    if opened is not None and not closed:
        source.refuse(opened, "this `<details>` is never closed by a line `</details>`")
    return shown, folded


def _shown(
    nodes: Sequence[SyntaxTreeNode],
    heading: tuple[Inline, ...],
    default: ItemId | None,
    source: Source,
) -> tuple[tuple[Block, ...], tuple[GradedForm, ...]]:
    """Read what is shown, in the order of the page, and the graded forms between."""
    shown: list[Block] = []
    forms: list[GradedForm] = []
    for node in nodes:
        inner = comment(node.content) if node.type == "html_block" else None
        if inner is not None and is_graded(inner):
            question = (Paragraph(heading), *shown)
            form = graded_form(inner, source.line(node), (default, question), source)
            forms += [] if form is None else [form]
        else:
            shown += blocks([node], source)
    return tuple(shown), tuple(forms)


def _question(read: _Read) -> Question:
    graded = read.graded[0] if read.graded else None
    return Question(read.id, read.place, read.heading, read.shown, read.folded, graded)


def _exercise(read: _Read) -> Exercise:
    return Exercise(read.id, read.place, read.heading, read.shown, read.folded, read.graded)


def _card(read: _Read) -> Card:
    return Card(read.id, read.place, read.heading, read.shown)
