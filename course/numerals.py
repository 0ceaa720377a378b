"""Numbers as people write them."""

from __future__ import annotations


def short(number: float, figures: int = 6) -> str:
    """Write a number for people: few digits, a true minus sign, no exponent where avoidable.

    Example:
        >>> short(1.1000000000000001), short(-0.5), short(25000.0), short(3e-7)
        ('1.1', '−0.5', '25000', '3e−7')
    """
    text = f"{number:.{figures}g}"
    if "e" in text:
        mantissa, exponent = text.split("e")
        text = f"{mantissa}e{int(exponent)}"
    return text.replace("-", "−")
