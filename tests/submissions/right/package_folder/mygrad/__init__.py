"""A small automatic differentiation package."""

from mygrad.engine import Value
from mygrad.nn import MLP

__all__ = ["MLP", "Value"]
