"""A busy machine changes no verdict: CPU time decides, and not the clock on the wall."""

from __future__ import annotations

from pathlib import Path

from prove.load import engines, under_load


def test_beside_four_busy_loops_right_engines_quick_and_slow_keep_full_marks(
    tmp_path: Path,
) -> None:
    differences = list(under_load(engines(tmp_path), gradings=6, loops=4))
    assert differences == [[]] * 6
