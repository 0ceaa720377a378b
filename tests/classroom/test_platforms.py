"""What platforms hand out ends with the right learner, and the right files of each."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import REFERENCE

from grader.classroom.entries import Entry, find
from grader.classroom.platforms import identify, submitters
from grader.sources import SubmissionError
from grader.submission import Submission, read

ENGINE = REFERENCE["engine"]
NN = REFERENCE["nn"].replace("from engine_reference.", "from ")


def packed(path: Path, files: Mapping[str, str | bytes]) -> Path:
    with ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def of(entry: Entry) -> Submission:
    return read(entry.path, dict(entry.parts))


@pytest.fixture(params=["archive", "folder"])
def handed_out(request: pytest.FixtureRequest, tmp_path: Path):
    """Return a function that makes a platform's archive, or the folder unpacked from it."""

    def make(files: Mapping[str, str | bytes]) -> Path:
        archive = packed(tmp_path / "submissions.zip", files)
        if request.param == "archive":
            return archive
        shutil.unpack_archive(archive, tmp_path / "submissions")
        return tmp_path / "submissions"

    return make


def inner(tmp_path: Path, files: Mapping[str, str]) -> bytes:
    path = packed(tmp_path / "inner.zip", files)
    data = path.read_bytes()
    path.unlink()
    return data


# ── Canvas ────────────────────────────────────────────────────────────────────────────


def test_canvas_files_of_one_learner_are_one_submission(handed_out, tmp_path: Path) -> None:
    found = find(
        [
            handed_out(
                {
                    "lovelaceada_42_1001_engine.py": ENGINE,
                    "lovelaceada_42_1002_nn.py": NN,
                    "hopper_LATE_7_1003_work.zip": inner(tmp_path, {"hw/engine.py": ENGINE}),
                }
            )
        ]
    )
    hopper, lovelace = found.entries
    assert (hopper.learner, lovelace.learner) == ("hopper_7", "lovelaceada_42")
    assert dict(of(lovelace).roles) == {"engine": "engine", "nn": "nn"}
    assert dict(of(hopper).roles) == {"engine": "engine"}
    assert "id:42" in lovelace.keys


def test_of_a_canvas_file_handed_in_again_the_latest_counts(handed_out) -> None:
    found = find(
        [
            handed_out(
                {
                    "ada_42_1001_engine.py": "class Value: old = True\n",
                    "ada_42_1005_engine-2.py": "class Value: new = True\n",
                    "ada_42_1003_engine-1.py": "class Value: old = True\n",
                }
            )
        ]
    )
    (entry,) = found.entries
    assert of(entry).files["engine"].text == "class Value: new = True\n"
    assert found.notes == [
        f"ada_42 handed in engine.py more than once: ada_42_1005_engine-2.py is graded, not {older}"
        for older in ("ada_42_1001_engine.py", "ada_42_1003_engine-1.py")
    ]


# ── Moodle ────────────────────────────────────────────────────────────────────────────


def test_moodle_folders_are_named_by_learner_and_participant(handed_out, tmp_path: Path) -> None:
    found = find(
        [
            handed_out(
                {
                    "Ada Lovelace_123_assignsubmission_file_/engine.py": ENGINE,
                    "Gráce_O_Hopper_7_assignsubmission_file_/hw.zip": inner(
                        tmp_path, {"engine.py": ENGINE, "nn.py": NN}
                    ),
                }
            )
        ]
    )
    assert [entry.learner for entry in found.entries] == ["Ada Lovelace_123", "Gráce_O_Hopper_7"]
    assert "participant:123" in found.entries[0].keys
    assert [sorted(of(entry).roles) for entry in found.entries] == [["engine"], ["engine", "nn"]]


def test_moodle_files_without_folders_are_gathered(handed_out) -> None:
    files = {"engine.py": ENGINE, "nn.py": NN}
    found = find([handed_out({f"Ada_9_assignsubmission_file_{n}": t for n, t in files.items()})])
    (entry,) = found.entries
    assert entry.learner == "Ada_9"
    assert sorted(of(entry).roles) == ["engine", "nn"]


# ── Gradescope ────────────────────────────────────────────────────────────────────────

METADATA = """---
submission_11:
  :submitters:
  - :name: Ada Lovelace
    :sid: '1001'
    :email: ada@example.edu
  :created_at: 2026-10-01 12:00:00.000000000 Z
  :results:
    :tests:
    - :name: not a person
submission_12:
  :submitters:
  - :name: "Grace \\"Amazing\\" Hopper"
    :email: grace@example.edu
  - :name: 'D''Arcy'
    :sid: '7'
  :score: 0.0
"""


def test_gradescope_folders_are_named_by_their_submitters(handed_out) -> None:
    top = "assignment_5_export"
    files = {f"{top}/submission_{n}/engine.py": ENGINE for n in (11, 12, 13)}
    path = handed_out({**files, f"{top}/submission_metadata.yml": METADATA})
    path = path / top if path.is_dir() else path
    found = find([path])
    learners = {entry.learner: entry.name for entry in found.entries}
    assert learners == {
        "7": "submission_12",
        "ada@example.edu": "submission_11",
        "grace@example.edu": "submission_12",
        "submission_13": "submission_13",
    }
    assert {tuple(of(entry).roles) for entry in found.entries} == {("engine",)}


def test_gradescope_people_are_read_with_their_quotes() -> None:
    found = submitters(METADATA)
    assert [who.keys for who in found["submission_12"]] == [
        ("email:grace@example.edu", 'name:Grace "Amazing" Hopper'),
        ("sid:7", "name:D'Arcy"),
    ]
    assert len(found["submission_11"]) == 1


# ── Archives of anything ──────────────────────────────────────────────────────────────


def test_an_archive_of_repositories_has_an_entry_each(tmp_path: Path) -> None:
    files = {f"all/micrograd-{who}/{f}.py": ENGINE for who in ("ann", "bob") for f in ("engine",)}
    found = find([packed(tmp_path / "all.zip", files)])
    assert [entry.learner for entry in found.entries] == ["micrograd-ann", "micrograd-bob"]
    assert all(of(entry).roles for entry in found.entries)


def test_an_archive_of_one_submission_stays_one(tmp_path: Path) -> None:
    path = packed(tmp_path / "ann.zip", {"engine.py": ENGINE, "old/engine.py": ENGINE})
    assert [entry.learner for entry in find([path]).entries] == ["ann"]


def test_a_broken_archive_is_one_entry_whose_row_says_so(tmp_path: Path) -> None:
    (tmp_path / "ann.zip").write_bytes(b"PK\3\4")
    assert [entry.learner for entry in find([tmp_path / "ann.zip"]).entries] == ["ann"]


@pytest.mark.parametrize(
    "name",
    ["engine.py", "ann", "micrograd-ann", "hw_1.zip", "ann_1.py", "submission_1.zip", "a_b_c_d.py"],
)
def test_other_names_are_no_platforms(name: str) -> None:
    assert identify(name) is None


def test_hostile_names_in_an_archive_lead_nowhere(tmp_path: Path) -> None:
    evil = "Ada_1_assignsubmission_file_/../../engine.py"
    path = packed(
        tmp_path / "s.zip", {evil: ENGINE, "Bob_2_assignsubmission_file_/engine.py": ENGINE}
    )
    found = find([path])
    assert [entry.learner for entry in found.entries] == ["Bob_2"]


def encrypted(path: Path) -> Path:
    """Mark every member as encrypted, in the archive's table of contents."""
    data, at = bytearray(path.read_bytes()), 0
    while (at := data.find(b"PK\1\2", at)) >= 0:
        data[at + 8] |= 1
        at += 4
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Ada_1_assignsubmission_file_/engine.py", "engine.py is encrypted"),
        ("Ada_1_assignsubmission_file_/hw.zip", "hw.zip is encrypted"),
        ("ada_1_2_engine.py", "engine.py is encrypted"),
        ("ada_1_2_hw.zip", "hw.zip is encrypted"),
    ],
)
def test_an_encrypted_file_in_a_platforms_archive_is_said(
    tmp_path: Path, name: str, sentence: str
) -> None:
    path = encrypted(packed(tmp_path / "s.zip", {name: ENGINE}))
    (entry,) = find([path]).entries
    with pytest.raises(SubmissionError, match=f"^{sentence}, and is not read"):
        of(entry)


def test_a_link_among_the_files_of_a_platform_is_not_followed_out(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text(ENGINE, "utf-8")
    folder = tmp_path / "submissions"
    folder.mkdir()
    (folder / "ada_1_2_engine.py").symlink_to(tmp_path / "secret.py")
    (entry,) = find([folder]).entries
    with pytest.raises(SubmissionError, match="is a link out of the submission"):
        of(entry)


def test_one_damaged_file_does_not_take_the_others_along(tmp_path: Path) -> None:
    path = packed(tmp_path / "s.zip", {"ada_1_2_engine.py": ENGINE, "ada_1_3_nn.py": NN * 50})
    data = bytearray(path.read_bytes())
    data[data.find(b"ada_1_3_nn.py") + 200] ^= 0xFF
    path.write_bytes(data)
    (entry,) = find([path]).entries
    submission = of(entry)
    assert dict(submission.roles) == {"engine": "engine"}
    assert submission.unreadable["nn"].startswith("nn.py is damaged in the archive")
