"""Eight cards a sheet: turned over in simulation, every back has to be behind its front."""

import itertools
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pdf_reading import MM, Character, Page, Read, centre, text

from flashcards import Lesson, load_lessons, read_lesson
from flashcards.pdf import Flip, PaperName, render_cards

LESSONS = load_lessons(Path(__file__).parents[2] / "course" / "lessons")
Rectangle = tuple[float, float, float, float]

each_paper = pytest.mark.parametrize("paper", ["a4", "letter"])
each_flip = pytest.mark.parametrize("flip", ["long", "short"])


def numbered_cards(count: int) -> Lesson:
    parts = [
        f"### Front {number:02}?\n<!-- id: card-{number} -->\n\n- Back {number:02}\n"
        for number in range(1, count + 1)
    ]
    page = "# Tried\n<!-- id: tried -->\n\n## Flashcards\n\n" + "\n".join(parts)
    return read_lesson(page, "1-tried.md")[0]


TWENTY = numbered_cards(20)


def sheets(lessons: Sequence[Lesson], paper: PaperName, flip: Flip, **nudge: float) -> Read:
    return Read(render_cards(lessons, layout="sheet", paper=paper, flip=flip, **nudge))


def seen_from_the_front(page: Page, flip: Flip, x: float, y: float) -> tuple[float, float]:
    """Return where a point of the back is, for who looks at the front through the sheet."""
    return (page.width - x, y) if flip == "long" else (x, page.height - y)


def cells(front: Page) -> list[Rectangle]:
    """Return the cards, as who cuts along the marks in the margin gets them."""
    downward = sorted({round(a, 1) for a, b, c, d in front.lines if a == c and b < 11 * MM})
    across = sorted({round(b, 1) for a, b, c, d in front.lines if b == d and a < 11 * MM})
    assert (len(downward), len(across)) == (3, 5)
    return [
        (left, below, right, above)
        for left, right in itertools.pairwise(downward)
        for below, above in itertools.pairwise(across)
    ]


def inside(cell: Rectangle, x: float, y: float, by: float = 0.0) -> bool:
    left, below, right, above = cell
    return left + by <= x <= right - by and below + by <= y <= above - by


def by_mark(page: Page, tag: str) -> Iterator[list[Character]]:
    found: dict[int, list[Character]] = {}
    for one in page.characters:
        if one.mark is not None and one.tag == tag:
            found.setdefault(one.mark, []).append(one)
    return iter(found.values())


def pairs(read: Read) -> Iterator[tuple[Page, Page]]:
    return zip(read.pages[::2], read.pages[1::2], strict=True)


# ── Register ──────────────────────────────────────────────────────────────────────────────


@each_paper
@each_flip
def test_every_back_is_behind_its_front(paper: PaperName, flip: Flip) -> None:
    read = sheets([TWENTY], paper, flip)
    checked = []
    for front, back in pairs(read):
        behind = {
            text(said).strip().removeprefix("Back "): seen_from_the_front(back, flip, *centre(said))
            for said in by_mark(back, "P")
        }
        for said in by_mark(front, "H1"):
            number = text(said).removeprefix("Front ").removesuffix("?")
            (cell,) = [cell for cell in cells(front) if inside(cell, *centre(said))]
            assert inside(cell, *behind[number], by=5 * MM)
            checked.append(number)
    assert checked == [f"{number:02}" for number in range(1, 21)]


@each_paper
@each_flip
def test_a_card_turned_over_is_upright(paper: PaperName, flip: Flip) -> None:
    for front, back in pairs(sheets([TWENTY], paper, flip)):
        assert not any(one.turned for one in front.characters)
        assert {one.turned for one in back.characters} == {flip == "short"}


@each_paper
@each_flip
def test_nothing_but_marks_is_near_a_cut(paper: PaperName, flip: Flip) -> None:
    for front, back in pairs(sheets(LESSONS, paper, flip)):
        for page, cards in ((front, cells(front)), (back, cells(front))):
            for one in page.characters:
                at = (one.x, one.y)
                if page is back:
                    at = seen_from_the_front(back, flip, *at)
                free = 4.5 * MM if one.mark is None else 6.5 * MM
                assert any(inside(cell, *at, by=free) for cell in cards), one


@each_paper
def test_marks_to_cut_along_are_on_fronts_only(paper: PaperName) -> None:
    for front, back in pairs(sheets([TWENTY], paper, "long")):
        assert front.lines
        assert not back.lines


@each_paper
@each_flip
@pytest.mark.parametrize(("x", "y"), [(1.5, 0.0), (0.0, -2.0), (-0.5, 3.0)])
def test_nudges_move_the_backs_by_millimetres_and_nothing_else(
    paper: PaperName, flip: Flip, x: float, y: float
) -> None:
    plain = sheets([TWENTY], paper, flip)
    nudged = sheets([TWENTY], paper, flip, nudge_x_mm=x, nudge_y_mm=y)
    for (front, back), (front_too, moved) in zip(pairs(plain), pairs(nudged), strict=True):
        assert front == front_too
        for one, other in zip(back.characters, moved.characters, strict=True):
            assert other.x - one.x == pytest.approx(x * MM, abs=0.02)
            assert other.y - one.y == pytest.approx(y * MM, abs=0.02)


def test_twenty_cards_are_three_sheets_the_last_half_full() -> None:
    read = sheets([TWENTY], "a4", "long")
    assert [len(list(by_mark(page, "H1"))) for page in read.pages] == [8, 0, 8, 0, 4, 0]
    assert [len(list(by_mark(page, "P"))) for page in read.pages] == [0, 8, 0, 8, 0, 4]


def test_front_and_back_of_a_card_bear_the_same_label() -> None:
    front, back = sheets([numbered_cards(1)], "a4", "long").pages
    assert front.aside == back.aside == "Tried · 1 of 1"


@each_flip
def test_the_file_asks_the_printer_for_that_flip_at_full_size(flip: Flip) -> None:
    preferences = sheets([TWENTY], "a4", flip).catalog["ViewerPreferences"].resolve()
    assert preferences["Duplex"].name == f"DuplexFlip{flip.capitalize()}Edge"
    assert preferences["PrintScaling"].name == "None"


def test_outline_leads_to_the_fronts() -> None:
    read = sheets([TWENTY], "a4", "long")
    assert read.outline == [(1, "Tried"), *((2, f"Front {n:02}?") for n in range(1, 21))]


def test_a_sheet_on_an_index_card_is_refused() -> None:
    with pytest.raises(ValueError, match="A4 or Letter"):
        render_cards([TWENTY], layout="sheet", paper="index")


# ── Calibration ───────────────────────────────────────────────────────────────────────────


def calibration(paper: PaperName, flip: Flip, x: float = 0.0, y: float = 0.0) -> tuple[Page, Page]:
    drawn = render_cards(
        LESSONS, paper=paper, flip=flip, nudge_x_mm=x, nudge_y_mm=y, calibration=True
    )
    front, back = Read(drawn).pages
    return front, back


def crosses(back: Page, flip: Flip, drift: tuple[float, float]) -> list[tuple[float, float]]:
    """Return where the crosses shine through when the printer drifts, in millimetres."""
    drifted = [
        (seen_from_the_front(back, flip, a + drift[0] * MM, b + drift[1] * MM), a == c)
        for a, b, c, _ in back.lines
    ]
    level = [y for (_, y), upright in drifted if not upright]
    upright = [x for (x, _), upright in drifted if upright]
    return list(zip(upright, level, strict=True))


def reading(front: Page, x: float, y: float) -> tuple[float, float]:
    """Read the two rulers of the square in which x and y are, as a person does."""
    around = [
        one
        for one in front.characters
        if one.mark is None and abs(one.x - x) < 30 * MM and abs(one.y - y) < 30 * MM
    ]
    numbers: list[tuple[float, float, int]] = []
    for one in around:  # "−" or "+", then a digit; 0 stands alone
        if one.text in "48":
            (sign,) = [s for s in around if s.text in "+−" and 0 < one.x - s.x < 7 and s.y == one.y]
            value = int(one.text) * (-1 if sign.text == "−" else 1)
            numbers.append(((sign.x + one.x + one.width) / 2, one.y + 2.5, value))
    row = min(ny for _, ny, _ in numbers)
    level = {value: nx for nx, ny, value in numbers if ny == row}
    upright = {value: ny for nx, ny, value in numbers if ny != row}
    assert set(level) == set(upright) == {-8, -4, 4, 8}
    return _on(level, x), _on(upright, y)


def _on(ruler: dict[int, float], at: float) -> float:
    return -8 + 16 * (at - ruler[-8]) / (ruler[8] - ruler[-8])


@each_paper
@each_flip
@pytest.mark.parametrize("drift", [(0.0, 0.0), (2.0, 0.0), (0.0, 2.0), (-1.5, 3.0)])
def test_what_is_read_off_the_rulers_is_the_nudge_that_undoes_the_drift(
    paper: PaperName, flip: Flip, drift: tuple[float, float]
) -> None:
    front, back = calibration(paper, flip)
    for cross in crosses(back, flip, drift):
        read = reading(front, *cross)
        assert read == pytest.approx((-drift[0], -drift[1]), abs=0.15)
        mended = calibration(paper, flip, *(round(number, 1) for number in read))
        for again in crosses(mended[1], flip, drift):
            assert reading(front, *again) == pytest.approx((0, 0), abs=0.3)


def test_the_calibration_sheet_says_how_to_use_it_and_what_it_was_made_with() -> None:
    front, back = calibration("a4", "short", 1.5, -2)
    assert "Hold it up against the light" in front.read
    assert front.read.endswith("turned at the short edge, --nudge-x 1.5, --nudge-y -2.")
    assert back.read == ""
