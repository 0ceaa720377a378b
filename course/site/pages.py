"""Lessons and reference as HTML pages.

Every page lies in the one folder of the site and names the others relative to itself, so
the site works below any path. Jinja escapes all text that is put into a template; what is
HTML already comes from `flashcards.html`, which escapes every character of a lesson.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from course import __version__
from course.numerals import short
from course.site import reference
from course.site.extras import Extra
from flashcards.html import blocks_as_html, words_as_html
from flashcards.model import Block, Card, Inline, Item, Lesson, Question, plain
from grader.checks import STAGES, Stage
from grader.misconceptions import Misconception

COURSE = "Build the thing that learns"
TEMPLATES = Path(__file__).with_name("templates")


# ── What the pages are ────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page of the site: its file name, its title, what the menu and search engines call it.

    Where a menu has little room, it shows `short` without the `short_title` that follows.
    `scripts` are files in `static/`. A page works without them.
    """

    name: str
    title: str
    short: str
    description: str
    template: str
    short_title: str = ""
    scripts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class LessonPage(Page):
    """A lesson; `before` and `after` are its neighbours."""

    lesson: Lesson
    extras: tuple[Extra, ...]
    before: Page | None = None
    after: Page | None = None


@dataclass(frozen=True, kw_only=True)
class ReferencePage(Page):
    """Every check."""

    stages: tuple[reference.StageEntries, ...]

    @property
    def count(self) -> int:
        """How many checks there are."""
        return sum(len(stage.entries) for stage in self.stages)


@dataclass(frozen=True, kw_only=True)
class MistakesOfStage(Page):
    """The mistakes of a stage, each in full."""

    stage: Stage
    mistakes: tuple[Misconception, ...]


@dataclass(frozen=True, kw_only=True)
class MistakesPage(Page):
    """Every mistake, in a line each."""

    stages: tuple[MistakesOfStage, ...]

    @property
    def count(self) -> int:
        """How many mistakes there are."""
        return sum(len(stage.mistakes) for stage in self.stages)


@dataclass(frozen=True)
class Linked:
    """Where a question, an exercise or a card stands, and what a link to it says."""

    page: str
    words: tuple[Inline, ...]
    kind: str


# ── Making them ───────────────────────────────────────────────────────────────────────────


def render(lessons: Sequence[Lesson], extras: Mapping[str, tuple[Extra, ...]]) -> dict[str, str]:
    """Return every page of the site by its file name; `extras` are by the id of their lesson."""
    chapters = [
        _lesson_page(number, lesson, extras.get(lesson.id, ()))
        for number, lesson in enumerate(lessons, 1)
    ]
    index, checks, mistakes = _index(), _checks(), _mistakes()
    menu = [index, *_in_a_row(chapters), checks, mistakes]
    environment = _environment()
    environment.globals.update(
        course=COURSE,
        version=__version__,
        menu=menu,
        lessons=chapters,
        checks=[entry.slug for stage in checks.stages for entry in stage.entries],
        mistakes=mistakes.count,
        items=_items(chapters),
    )
    return {
        page.name: environment.get_template(page.template).render(page=page) + "\n"
        for page in (*menu, *mistakes.stages)
    }


def _index() -> Page:
    return Page(
        name="index.html",
        title=COURSE,
        short="Start",
        description="A scalar autograd engine, a network and its training loop, written by you.",
        template="index.html",
    )


def _checks() -> ReferencePage:
    return ReferencePage(
        name="checks.html",
        title="All checks",
        short="Checks",
        description="Every claim that the grader tests, with an example and what to study.",
        template="checks.html",
        stages=reference.stages(),
    )


def _mistakes() -> MistakesPage:
    stages = [
        MistakesOfStage(
            name=f"mistakes-{stage}.html",
            title=f"Mistakes in stage {stage}",
            short=stage,
            description=f"The mistakes in stage {stage} that the grader can name, and the way out.",
            template="mistakes-stage.html",
            stage=stage,
            mistakes=reference.mistakes(stage),
        )
        for stage in STAGES
    ]
    return MistakesPage(
        name="mistakes.html",
        title="Mistakes with a name",
        short="Mistakes",
        description="Every mistake that the grader can name.",
        template="mistakes.html",
        stages=tuple(stages),
    )


def _lesson_page(number: int, lesson: Lesson, extras: tuple[Extra, ...]) -> LessonPage:
    title = plain(lesson.title)
    return LessonPage(
        name=f"{lesson.id}.html",
        title=title,
        short=str(number),
        short_title=title,
        description=f"Lesson {number}: questions, an exercise and flashcards. {title}.",
        template="lesson.html",
        scripts=("lesson.js", *(script for extra in extras for script in extra.scripts)),
        lesson=lesson,
        extras=extras,
    )


def _in_a_row(chapters: Sequence[LessonPage]) -> list[LessonPage]:
    around = [None, *chapters, None]
    return [
        replace(page, before=before, after=after)
        for before, page, after in zip(around, chapters, around[2:], strict=False)
    ]


def _items(chapters: Iterable[LessonPage]) -> dict[str, Linked]:
    return {
        id_: Linked(page.name, item.front if isinstance(item, Card) else item.heading, _kind(item))
        for page in chapters
        for id_, item in page.lesson.items.items()
    }


def _kind(item: Item) -> str:
    return {Card: "card", Question: "question"}.get(type(item), "exercise")


# ── Templates ─────────────────────────────────────────────────────────────────────────────


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(blocks=_blocks, words=_words, code_spans=_code_spans)
    environment.filters.update(short=short, summand=_summand, sentence=_sentence)
    return environment


def _blocks(blocks: Iterable[Block]) -> Markup:
    # Code may be wider than a phone: what scrolls must be within reach of the keyboard. No
    # text can hold this tag, since its `<` would be escaped.
    html = blocks_as_html(blocks).replace("<pre class=", '<pre tabindex="0" class=')
    return Markup(html)  # noqa: S704 - escaped there


def _words(words: Iterable[Inline]) -> Markup:
    return Markup(words_as_html(words))  # noqa: S704 - escaped there


def _code_spans(text: str) -> Markup:
    """Set what stands between backquotes as code."""
    parts = text.split("`")
    parts[1::2] = [Markup("<code>{}</code>").format(code) for code in parts[1::2]]
    return Markup("").join(parts)


def _summand(number: float) -> str:
    return f"({short(number)})" if number < 0 else short(number)


def _sentence(clause: str) -> str:
    return f"{clause[:1].upper()}{clause[1:]}."
