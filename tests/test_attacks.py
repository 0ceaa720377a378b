"""Every attack of the collection, at every level that this machine gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from attacking import MEMORY_BYTES, ArenaProcess, Attack, Verdict, attacks

from grader.isolation import LEVELS, IsolationError, Level
from grader.lane import open_lane, refusal

SEED = "examples that no attack has seen"
GIVEN: list[Level] = [level for level in LEVELS if refusal(level) is None]
WALLED = [level for level in GIVEN if level != "process"]
ALL = attacks()

Attacked = Callable[[Level, Attack], Verdict]


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    """Run an attack at a level, once for all tests that ask, in an arena for each level."""
    arenas: dict[Level, ArenaProcess] = {}
    known: dict[tuple[Level, str], Verdict] = {}

    def run(level: Level, attack: Attack) -> Verdict:
        if (level, attack.name) not in known:
            if level not in arenas:
                arenas[level] = ArenaProcess(level, SEED)
            known[level, attack.name] = arenas[level].run(attack)
        return known[level, attack.name]

    yield run
    for arena in arenas.values():
        assert arena.close() == 0


def test_the_collection_is_large_and_says_what_it_is_for() -> None:
    assert len(ALL) >= 50
    assert len({attack.intent for attack in ALL}) == len(ALL)
    assert {attack.base for attack in ALL} == {"right", "wrong"}


@pytest.mark.parametrize("attack", ALL, ids=lambda attack: attack.name)
@pytest.mark.parametrize("level", GIVEN)
def test_an_attack_gains_no_point_and_the_grader_goes_on(
    attacked: Attacked, level: Level, attack: Attack
) -> None:
    verdict = attacked(level, attack)
    assert verdict.level == level
    assert verdict.gained == []
    assert verdict.points <= verdict.base_points
    assert verdict.next_points == 100, "the next submission was not graded right"
    assert verdict.left_running == 0
    assert verdict.peak_bytes < MEMORY_BYTES
    if level != "process":
        assert verdict.reached == []


def test_the_canaries_do_sing(attacked: Attacked) -> None:
    """At level `process`, where files and sockets are not denied, the same attacks succeed."""
    found = {attack.name: attacked("process", attack).reached for attack in ALL}
    assert found["file_overwritten"] == ["overwrote a file"]
    assert found["folder_littered"] == ["wrote files"]
    assert found["tcp_connected"] == ["used the network"]
    assert "read a file" in found["file_read"]


@pytest.mark.parametrize("level", [level for level in LEVELS if level not in GIVEN])
def test_a_level_that_is_not_to_be_had_is_refused(level: Level) -> None:
    with pytest.raises(IsolationError, match=level), open_lane(level):
        pass
