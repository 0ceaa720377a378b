"""Every attack of the collection, at every level that this machine gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from attacking import MEMORY_BYTES, NO_WALLS, ArenaLevel, ArenaProcess, Attack, Verdict, attacks

from grader.corpus import PRACTICE_SEED
from grader.isolation import LEVELS, Level
from grader.lane import refusal

SEED = "examples that no attack has seen"
GIVEN: list[Level] = [level for level in LEVELS if refusal(level) is None]
ALL = attacks()

Attacked = Callable[[ArenaLevel, Attack], Verdict]


@pytest.fixture(scope="module")
def attacked() -> Iterator[Attacked]:
    """Run an attack at a level, once for all tests that ask, in an arena for each level."""
    arenas: dict[ArenaLevel, ArenaProcess] = {}
    known: dict[tuple[ArenaLevel, str], Verdict] = {}

    def run(level: ArenaLevel, attack: Attack) -> Verdict:
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


@pytest.mark.parametrize(
    ("level", "attack"),
    [
        pytest.param(level, attack, id=f"{level}-{attack.name}")
        for level in GIVEN
        for attack in ALL
        # What lies in a folder is met by the grader, before any wall.
        if attack.folder is None or level == GIVEN[-1]
    ],
)
def test_an_attack_gains_no_point_and_the_grader_goes_on(
    attacked: Attacked, level: Level, attack: Attack
) -> None:
    verdict = attacked(level, attack)
    assert verdict.level == level
    assert verdict.gained == []
    assert verdict.points <= verdict.base_points
    assert verdict.next_is_right
    assert verdict.left_running == 0
    assert verdict.peak_bytes < MEMORY_BYTES
    if level != "process":
        assert verdict.reached == []


@pytest.mark.parametrize(
    ("name", "reached"),
    [
        ("file_read", "read a file"),
        ("environment_read", "read the environment"),
        ("file_overwritten", "overwrote a file"),
        ("folder_littered", "wrote files"),
        ("tcp_connected", "used the network"),
        ("udp_sent", "used the network"),
        ("process_killed", "signalled a process"),
    ],
)
def test_without_any_wall_the_same_attacks_do_succeed(
    attacked: Attacked, name: str, reached: str
) -> None:
    (attack,) = [attack for attack in ALL if attack.name == name]
    assert reached in attacked(NO_WALLS, attack).reached


def test_a_table_of_the_practice_answers_passes_there_and_nowhere_else(attacked: Attacked) -> None:
    (table,) = [attack for attack in ALL if attack.name == "practice_table"]
    arena = ArenaProcess("process", PRACTICE_SEED)
    assert {"value/add", "value/tanh", "backward/mul"} <= set(arena.run(table).gained)
    assert arena.close() == 0
    assert attacked("process", table).gained == []
