"""A figure as pixels, by resvg, which is installed with the extra `png`."""

from __future__ import annotations

from importlib.resources import files

ZOOM = 2
"""Pixels for each pixel of the figure: sharp on screens of today, and on paper."""


class PngMissingError(Exception):
    """There is no resvg here."""


def render(svg: str) -> bytes:
    """Return a figure as a PNG file, in its light colours and with the course's own letters.

    Raises: PngMissingError if the package `resvg-py` is not installed.
    """
    try:
        import resvg_py
    except ImportError as error:
        raise PngMissingError from error
    fonts = files("flashcards") / "fonts"
    names = ("DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf")
    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            font_files=[str(fonts / name) for name in names],
            font_family="DejaVu Sans Condensed",
            sans_serif_family="DejaVu Sans Condensed",
            skip_system_fonts=True,
            zoom=ZOOM,
        )
    )
