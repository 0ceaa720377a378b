"""Rosters are joined, gradebooks filled in: the right cell, and nothing else."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from zipfile import ZipFile

import pytest
from conftest import REFERENCE, Run

from grader.classroom.entries import ClassError, Entry
from grader.classroom.gradebooks import Gradebooks, Points, Wanted
from grader.classroom.platforms import identify

FULL = Points(100, 100, "graded")
HALF = Points(47, 100, "graded")
BROKEN = Points(None, None, "not gradable")


def plain(name: str) -> Entry:
    return Entry(name, Path(name), name)


def platform(name: str) -> Entry:
    handed = identify(name)
    assert handed is not None
    return Entry(handed.learner, Path(name), name, keys=handed.keys)


def person(*keys: str) -> Entry:
    return Entry(keys[0].partition(":")[2], Path("x"), "x", keys=keys)


def written(tmp_path: Path, name: str, content: str | bytes) -> Path:
    file = tmp_path / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return file


def rows_of(content: bytes, delimiter: str = ",", encoding: str = "utf-8") -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))


def roster(tmp_path: Path, content: str | bytes, entries: list[Entry], **more: Path) -> Gradebooks:
    wanted = Wanted(roster=written(tmp_path, "roster.csv", content), **more)
    return Gradebooks.read(wanted, entries)


# ── Rosters ───────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("header", "row", "entry"),
    [
        ("name", "Ada Lovelace", plain("Ada Lovelace")),
        ("name", "ADA  lovelace ", plain("ada lovelace")),
        ("username", "ada", plain("ada")),
        ("GitHub username", "ada-l", plain("micrograd-Ada-L")),
        ("github_username", "ada", plain("lab_3_ada")),
        ("Email Address", "Ada@example.edu", person("email:ada@example.edu", "name:Ada")),
        ("ID number", "007", person("sid:007")),
        ("ID", "42", platform("lovelaceada_42_9_engine.py")),
        ("Student", '"Lovelace, Ada"', platform("lovelaceada_42_9_engine.py")),
        ("Name", "Ada Lovelace", platform("lovelaceada_42_9_engine.py")),
        ("First name,Last name", "Ada,O’Lovelace", platform("olovelaceada_42_9_engine.py")),
        ("Identifier", "Participant 12", platform("Ada L_12_assignsubmission_file_")),
        ("Full name", "Ada L", platform("Ada L_12_assignsubmission_file_")),
    ],
)
def test_a_learner_is_found_by(tmp_path: Path, header: str, row: str, entry: Entry) -> None:
    other = "\n" + ",".join("x" for _ in header.split(","))
    books = roster(tmp_path, f"{header}\n{row}{other}", [entry])
    content = books.fill({entry.id: FULL})["roster.csv"].content
    assert [line[-1] for line in rows_of(content)] == ["status", "graded", "missing"]
    assert [line[-3] for line in rows_of(content)] == ["points", "100", ""]


@pytest.mark.parametrize(
    ("header", "row", "entry"),
    [
        ("ID number", "12", platform("Ada L_12_assignsubmission_file_")),
        ("SIS User ID", "42", platform("lovelaceada_42_9_engine.py")),
        ("username", "ada", plain("adam")),
        ("name", "Ada", person("email:b@x", "name:Bob")),
    ],
)
def test_a_number_of_another_kind_is_not_taken_for_a_learners(
    tmp_path: Path, header: str, row: str, entry: Entry
) -> None:
    books = roster(tmp_path, f"{header}\n{row}\n", [entry])
    assert books.notes == [
        f"not in roster.csv: {entry.learner}",
        f"in roster.csv, and without a submission: {row}",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_roster_may_be_saved_in_any_way(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"name{delimiter}group\r\nJürgen{delimiter}2\r\n\r\nAda{delimiter}1\r\n"
    books = roster(tmp_path, text.encode(encoding), [plain("Jürgen"), plain("Ada")])
    assert books.notes == []
    content = books.fill({"ada": FULL})["roster.csv"].content
    assert rows_of(content, delimiter, encoding)[0] == [
        "name", "group", "points", "max_points", "status",
    ]  # fmt: skip


def test_duplicates_in_a_roster_are_said_and_the_first_counts(tmp_path: Path) -> None:
    text = "name,email\nAda,a@x\nBob,b@x\nAda L,A@X\nEve,e1@x\nEve,e2@x\n"
    books = roster(tmp_path, text, [person("email:a@x"), plain("Eve")])
    assert books.notes == [
        "roster.csv:4 repeats the learner of line 2, which counts",
        "roster.csv has several learners called eve",
        "not in roster.csv: Eve",
        "in roster.csv, and without a submission: Bob, Eve, Eve",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty: give a CSV file with a header"),
        (b"\n \n", "is empty: give a CSV file with a header"),
        (b"a,b\n1,2\n", "has no column that tells who a learner is"),
        (b"name\0\n", "is no text: give a CSV file"),
        (b'name\n"' + b"x" * 200_000, "is not a CSV file: field larger than field limit"),
    ],
)
def test_what_is_no_roster_is_one_sentence(tmp_path: Path, content: bytes, message: str) -> None:
    with pytest.raises(ClassError, match=message):
        roster(tmp_path, content, [])


def test_a_missing_roster_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(ClassError, match="cannot be read: No such file"):
        Gradebooks.read(Wanted(roster=tmp_path / "none.csv"), [])


# ── Canvas ────────────────────────────────────────────────────────────────────────────

EXPORT = """\ufeffStudent,ID,SIS User ID,SIS Login ID,Section,Micrograd (901),Essay (902),Final
,,,,,Manual Posting,,
    Points Possible,,,,,100,10,(read only)
"Lovelace, Ada",42,s1,ada,A,,9,90
"Hopper, Grace",7,s2,grace,A,12,8,80
"Turing, Alan",8,s3,alan,B,55,7,70
"Student, Test",999,,x,A,,,
"""
HANDED_IN = [platform("lovelaceada_42_1_engine.py"), platform("hoppergrace_7_2_engine.py")]


def canvas(tmp_path: Path, content: str = EXPORT, **more: str) -> Gradebooks:
    wanted = Wanted(canvas=written(tmp_path, "export.csv", content), **more)
    return Gradebooks.read(wanted, HANDED_IN)


def test_canvas_gets_the_changed_column_and_who_is_who(tmp_path: Path) -> None:
    books = canvas(tmp_path, assignment="Micrograd")
    filled = books.fill({HANDED_IN[0].id: HALF, HANDED_IN[1].id: BROKEN})["canvas.csv"]
    assert filled.content.startswith(b"\xef\xbb\xbf")
    assert rows_of(filled.content, encoding="utf-8-sig") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Micrograd (901)"],
        ["", "", "", "", "", "Manual Posting"],
        ["    Points Possible", "", "", "", "", "100"],
        ["Lovelace, Ada", "42", "s1", "ada", "A", "47"],
        ["Hopper, Grace", "7", "s2", "grace", "A", "12"],
        ["Turing, Alan", "8", "s3", "alan", "B", "55"],
        ["Student, Test", "999", "", "x", "A", ""],
    ]
    assert filled.notes == []
    assert books.notes == ["in export.csv, and without a submission: Turing, Alan"]


def test_points_are_scaled_to_what_the_column_is_out_of_and_that_is_said(tmp_path: Path) -> None:
    books = canvas(tmp_path, assignment="Essay (902)")
    filled = books.fill({HANDED_IN[0].id: HALF, HANDED_IN[1].id: FULL})["canvas.csv"]
    column = [row[-1] for row in rows_of(filled.content, encoding="utf-8-sig")]
    assert column == ["Essay (902)", "", "10", "4.7", "10", "7", ""]
    assert filled.notes == ["Essay (902) is out of 10: points are scaled from 100"]


@pytest.mark.parametrize(
    ("assignment", "message"),
    [
        (None, r"several assignments: say which with --assignment: Micrograd \(901\), Essay"),
        ("Lab", "has no column called 'Lab'"),
    ],
)
def test_a_canvas_column_that_is_not_clear_is_one_sentence(
    tmp_path: Path, assignment: str | None, message: str
) -> None:
    with pytest.raises(ClassError, match=message):
        canvas(tmp_path, assignment=assignment)


def test_the_only_assignment_of_an_export_is_taken(tmp_path: Path) -> None:
    books = canvas(tmp_path, EXPORT.replace("Essay (902)", "Essay"))
    filled = books.fill({HANDED_IN[0].id: FULL})["canvas.csv"]
    assert rows_of(filled.content, encoding="utf-8-sig")[3][-1] == "100"


# ── Moodle ────────────────────────────────────────────────────────────────────────────

WORKSHEET = """Identifier,Full name,Email address,Status,Grade,Maximum Grade,Grade can be changed,\
Feedback comments
Participant 12,Ada Lovelace,ada@x,Submitted,,100.00,Yes,"<p>Well,\nwell</p>"
Participant 13,Grace Hopper,grace@x,Submitted,3.00,50.00,Yes,
Participant 14,Alan Turing,alan@x,Submitted,5.00,100.00,No,
Participant 15,Eve,eve@x,No submission,,100.00,Yes, kept
"""


def test_moodles_worksheet_is_filled_in_place(tmp_path: Path) -> None:
    names = ("Ada Lovelace_12", "Grace Hopper_13", "Alan Turing_14")
    entries = [platform(f"{name}_assignsubmission_file_") for name in names]
    file = written(tmp_path, "grades.csv", WORKSHEET)
    books = Gradebooks.read(Wanted(moodle=file), entries)
    content = books.fill({entry.id: HALF for entry in entries})["moodle.csv"].content
    before, after = rows_of(WORKSHEET.encode()), rows_of(content)
    assert [row[4] for row in after] == ["Grade", "47", "23.5", "5.00", ""]
    assert [[*r[:4], *r[5:]] for r in after] == [[*r[:4], *r[5:]] for r in before]
    assert books.notes == ["in grades.csv, and without a submission: Participant 15"]


def test_another_csv_is_no_worksheet(tmp_path: Path) -> None:
    file = written(tmp_path, "grades.csv", "name,Grade\nAda,3\n")
    with pytest.raises(ClassError, match="is no grading worksheet"):
        Gradebooks.read(Wanted(moodle=file), [])


# ── The command ───────────────────────────────────────────────────────────────────────


def test_a_platforms_archive_and_its_gradebook_go_through_the_command(
    course: Run, tmp_path: Path
) -> None:
    archive = tmp_path / "submissions.zip"
    with ZipFile(archive, "w") as made:
        made.writestr("lovelaceada_42_1_engine.py", REFERENCE["engine"])
        made.writestr("hoppergrace_LATE_7_2_engine.zip", b"PK no archive")
    export = written(tmp_path, "export.csv", EXPORT)
    out = tmp_path / "out"
    options = ["--out", out, "--roster", export, "--canvas", export, "--jobs", "1"]
    done = course("grade-all", archive, *options, "--assignment", "Micrograd", "--seed", "practice")
    assert done.returncode == 0, done.stderr
    assert "in export.csv, and without a submission: Turing, Alan" in done.stderr
    column = rows_of((out / "canvas.csv").read_bytes(), encoding="utf-8-sig")
    assert [row[-1] for row in column[3:]] == ["61", "12", "55", ""]
    status = [row[-1] for row in rows_of((out / "roster.csv").read_bytes(), encoding="utf-8-sig")]
    assert status[3:6] == ["graded", "not gradable", "missing"]


def test_a_gradebook_that_cannot_be_filled_is_said_before_anything_is_graded(
    course: Run, tmp_path: Path
) -> None:
    (tmp_path / "all" / "ann").mkdir(parents=True)
    (tmp_path / "all" / "ann" / "engine.py").write_text(REFERENCE["engine"], "utf-8")
    file = written(tmp_path, "grades.csv", "name,Grade\nAda,3\n")
    done = course("grade-all", tmp_path / "all", "--out", tmp_path / "out", "--moodle", file)
    assert done.returncode == 2
    assert "grades.csv is no grading worksheet" in done.stderr
    assert not (tmp_path / "out").exists()
