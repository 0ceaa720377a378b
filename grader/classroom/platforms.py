"""How learning platforms name what learners handed in, as patterns: add one to know another.

What a pattern's groups mean: `user` (an id that no other learner has) and `name` identify the
learner, `file` is what the learner called the file, `order` grows with each submission.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

KINDS: Mapping[str, Sequence[str]] = {
    "moodle": ("participant:{user}", "name:{name}"),
    "canvas": ("id:{user}", "compact:{name}"),
    "gradescope": (),
}
"""What the groups of a platform's pattern are to rosters and gradebooks."""

LAYOUTS: Mapping[str, re.Pattern[str]] = {
    # Ada_42_assignsubmission_file_/engine.py, or without folders …_file_engine.py
    "moodle": re.compile(r"(?P<name>.+?)_(?P<user>\d+)_assignsubmission_file_(?P<file>.*)"),
    # lovelaceada_LATE_42_1017_engine-1.py
    "canvas": re.compile(
        r"(?P<name>[^\W_][^_]*)_(?:LATE_)?(?P<user>\d+)_(?P<order>\d+)_(?P<file>.+)"
    ),
    # submission_1017/engine.py, and who that is in submission_metadata.yml
    "gradescope": re.compile(r"submission_(?P<user>\d+)(?P<file>)"),
}
"""Each matches the whole of a name in the archive, or folder, that a platform hands out."""

GRADESCOPE_PEOPLE = "submission_metadata.yml"

AGAIN = re.compile(r"(?P<stem>.+?)-(?P<number>\d{1,3})(?P<suffix>(?:\.[A-Za-z0-9]{1,6}){1,2})")
"""How Canvas names a file of the same name that was handed in once more."""


@dataclass(frozen=True)
class Handed:
    """What a name says: whose it is, and what the learner called it.

    `learner` is unique in the class. `keys` are names by which rosters and gradebooks know the
    learner, each with its kind before it, as in `email:ada@example.edu`; the kinds are those
    of `grader.classroom.rosters`. `file` is empty for a folder. The latest of several has the
    highest `order`.
    """

    platform: str
    learner: str
    keys: Sequence[str]
    file: str = ""
    order: tuple[int, ...] = ()


def identify(name: str) -> Handed | None:
    """Read the name of a file or folder as the platforms write it; None if none does."""
    for platform, pattern in LAYOUTS.items():
        if (match := pattern.fullmatch(name)) is not None:
            found = match.groupdict()
            file, number = found["file"], 0
            if platform == "canvas":
                file, number = _as_handed_in(file)
            order = int((found.get("order") or "0")[:18])
            who = f"{found['name']}_{found['user']}" if "name" in found else name
            keys = tuple(kind.format(**found) for kind in KINDS[platform])
            return Handed(platform, who, keys, file, (number, order))
    return None


def _as_handed_in(file: str) -> tuple[str, int]:
    again = AGAIN.fullmatch(file)
    return (again["stem"] + again["suffix"], int(again["number"])) if again else (file, 0)


# ── Gradescope ────────────────────────────────────────────────────────────────────────


@dataclass
class _Submitted:
    people: list[dict[str, str]] = field(default_factory=list)


def submitters(text: str) -> dict[str, list[Handed]]:
    """Read Gradescope's `submission_metadata.yml`: folder to those who handed it in.

    Of YAML, only what that file is made of is understood: keys that begin with a colon, one
    a line, and plain or quoted text.
    """
    folders: dict[str, _Submitted] = {}
    inside = False
    here = _Submitted()
    for line in text.splitlines():
        if top := re.fullmatch(r"(submission_\d+):\s*", line):
            here = folders.setdefault(top[1], _Submitted())
            inside = False
        elif re.fullmatch(r"\s+:submitters:\s*", line):
            inside = True
        elif pair := re.fullmatch(r"(\s+)(- )?:(name|sid|email):\s*(.*?)\s*", line):
            if inside and (pair[2] or not here.people):
                here.people.append({})
            if inside:
                here.people[-1][pair[3]] = _unquoted(pair[4])
        elif re.match(r"\s{1,2}:\w", line):
            inside = False
    return {folder: list(_people(found.people)) for folder, found in folders.items()}


def _people(people: Sequence[Mapping[str, str]]) -> Iterator[Handed]:
    for person in people:
        known = {kind: person[kind] for kind in ("email", "sid", "name") if person.get(kind)}
        if known:
            keys = tuple(f"{kind}:{value}" for kind, value in known.items())
            yield Handed("gradescope", next(iter(known.values())), keys)


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] == "'":
        return text[1:-1].replace("''", "'")
    if len(text) > 1 and text[0] == text[-1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return "" if text in ("~", "null", "''") else text
