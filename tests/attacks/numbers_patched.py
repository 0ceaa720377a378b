"""Replace the rule of what is a number by one that takes anything, and gives NaN.

base: wrong
reaches: points
"""
from canary import inside
from engine_base import Value

answers = inside("jobs").engine_jobs.number.__globals__
answers["number"] = lambda thing, what: float("nan")
answers["value_number"] = lambda node, what: float("nan")
