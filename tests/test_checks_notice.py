"""The families of submissions notice every way in which the grader could be made worse."""

from __future__ import annotations

from functools import cache

import pytest
from prove.families import Member, complaints, families
from prove.mutating import Mutation, mutated
from prove.mutations import MUTATIONS, UNCHANGED

from grader.checks import CHECKS
from grader.grading import grade
from grader.submission import read

MEMBERS = {member.name: member for member in families()}


def found(expected: Member, mutation: Mutation) -> list[str]:
    with mutated(mutation) as corpus:
        return complaints(expected, grade(read(expected.folder), corpus, version="test"))


@cache
def found_without_mutation(expected: Member) -> list[str]:
    return found(expected, UNCHANGED)


@pytest.mark.parametrize("name", MUTATIONS)
def test_a_grader_that_is_worse_is_noticed(name: str) -> None:
    for noticing in MUTATIONS[name].noticed_by:
        expected = MEMBERS[noticing]
        assert found_without_mutation(expected) == [], noticing
        assert found(expected, MUTATIONS[name]) != [], f"{noticing} does not notice"


def test_every_claim_is_where_some_wrong_submission_fails() -> None:
    """So a check whose questions are dropped, and which then always holds, is noticed."""
    failed = {slug for member in MEMBERS.values() for slug in member.fails}
    assert set(CHECKS) - failed == set()
