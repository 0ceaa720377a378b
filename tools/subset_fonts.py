"""Make the fonts in `flashcards/fonts/` from Debian's, cut down to what a lesson can need.

For people who change the set of characters:

    apt-get install fonts-dejavu-core fonts-dejavu-extra
    python -m pip install fonttools
    python tools/subset_fonts.py

All files get the same characters: those of the ranges below that every one of the six fonts
has. So whether a character can be drawn does not depend on how it is emphasised. Hints and
kerning go: they are of no use on paper, or not used by reportlab.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

SOURCE = Path("/usr/share/fonts/truetype/dejavu")
TARGET = Path(__file__).parent.parent / "flashcards" / "fonts"
NAMES = (
    "DejaVuSansCondensed",
    "DejaVuSansCondensed-Bold",
    "DejaVuSansCondensed-Oblique",
    "DejaVuSansCondensed-BoldOblique",
    "DejaVuSansMono",
    "DejaVuSansMono-Bold",
)
RANGES = (
    (0x20, 0x7E),  # ASCII
    (0xA0, 0xAC),  # Latin with its marks, without the soft hyphen, which would show
    (0xAE, 0x17F),
    (0x2B0, 0x2FF),  # raised letters, accents
    (0x370, 0x3FF),  # Greek
    (0x1D2C, 0x1D6A),  # raised and lowered letters
    (0x2010, 0x2027),  # dashes, quotation marks, the ellipsis
    (0x2030, 0x205E),  # primes
    (0x2070, 0x209C),  # raised and lowered digits
    (0x20A0, 0x20BF),  # currencies
    (0x2100, 0x218F),  # number sets, fractions
    (0x2190, 0x21FF),  # arrows
    (0x2200, 0x22FF),  # mathematical operators
    (0x2308, 0x230B),  # floor and ceiling
    (0x2500, 0x25FF),  # lines and shapes to draw with
    (0x2713, 0x2718),  # check marks
    (0x27E8, 0x27EB),  # angle brackets
    (0x2C7C, 0x2C7D),  # a lowered j, a raised V
)


def main() -> None:
    """Write the six files, and say how large they are."""
    fonts = {name: TTFont(SOURCE / f"{name}.ttf", recalcTimestamp=False) for name in NAMES}
    wanted = {code for first, last in RANGES for code in range(first, last + 1)}
    characters = wanted.intersection(*(font.getBestCmap() for font in fonts.values()))
    for name, font in fonts.items():
        options = Options(hinting=False, layout_features=[], notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=characters)
        subsetter.subset(font)
        font.save(TARGET / f"{name}.ttf")
        size = (TARGET / f"{name}.ttf").stat().st_size
        sys.stdout.write(f"{name}: {len(characters)} characters, {size:,} bytes\n")


if __name__ == "__main__":
    main()
