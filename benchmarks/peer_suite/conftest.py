"""Set the suite up: whose code is tested, and how hard.

    SUBMISSION=FOLDER python -m pytest benchmarks/peer_suite

FOLDER holds engine.py, nn.py and train.py. PEER_EXAMPLES changes the number of examples a
property gets (100). The submission runs in this very process, beside the expected answers:
give it only code that you trust.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# pytest's own frames and Hypothesis's lie below a learner's recursive walk over 900 nodes.
sys.setrecursionlimit(10_000)

settings.register_profile(
    "instructor",
    max_examples=int(os.environ.get("PEER_EXAMPLES", "100")),
    deadline=None,  # a busy machine is not the learner's mistake
    database=None,  # nothing carried over from the submission before
    derandomize=True,  # the same examples for everybody
    suppress_health_check=[HealthCheck.too_slow],  # the same reason as for the deadline
)
settings.load_profile("instructor")


def pytest_configure() -> None:
    """Put the submission in front of everything else that can be imported."""
    folder = os.environ.get("SUBMISSION")
    if not folder:
        raise pytest.UsageError("set SUBMISSION to the folder with the learner's engine.py")
    if not Path(folder, "engine.py").is_file():
        raise pytest.UsageError(f"{folder}: no engine.py there (SUBMISSION names the folder)")
    sys.path.insert(0, str(Path(folder).resolve()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark in the result file which tests are properties, so that they can be counted."""
    for item in items:
        test = getattr(item, "obj", None)
        if getattr(test, "is_hypothesis_test", False):
            item.user_properties.append(("kind", "property"))
