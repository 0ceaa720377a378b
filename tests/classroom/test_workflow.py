"""The example workflow: its syntax, its shell, and its `course` commands against the real ones."""

from __future__ import annotations

import re
import shlex
import subprocess
from typing import Any

import pytest
import yaml
from conftest import ROOT

from course.cli import cli

WORKFLOW = ROOT / "docs" / "workflows" / "grade-class.yml"


def steps() -> list[dict[str, Any]]:
    content = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    return list(content["jobs"]["grade"]["steps"])


def commands() -> list[list[str]]:
    """Find every `course` command in the steps, words as the shell would make them."""
    found = []
    for step in steps():
        text = re.sub(r"\\\n\s*", " ", step.get("run", ""))
        for line in text.splitlines():
            if re.match(r"\s*course\s", line):
                found.append(shlex.split(re.split(r"\s[|>]", line)[0]))
    return found


def test_the_workflow_has_what_github_asks_for() -> None:
    content = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert set(content) == {"name", True, "permissions", "concurrency", "jobs"}  # True: `on`
    assert set(content[True]) == {"schedule", "workflow_dispatch"}
    assert re.fullmatch(r"(?:[\d*/,-]+ ){4}[\d*/,-]+", content[True]["schedule"][0]["cron"])
    assert content["permissions"] == {"contents": "read"}
    for step in steps():
        assert ("uses" in step) != ("run" in step), step
        assert set(step) <= {"name", "uses", "with", "run", "env", "if"}
        if "uses" in step:
            assert re.fullmatch(r"actions/[a-z/-]+@v\d+", step["uses"])


def test_nothing_from_a_submission_or_a_secret_is_put_into_a_script_by_github() -> None:
    assert all("${{" not in step.get("run", "") for step in steps())


@pytest.mark.needs("bash")
def test_every_script_is_valid_shell() -> None:
    scripts = [step["run"] for step in steps() if "run" in step]
    assert len(scripts) >= 4
    for script in scripts:
        done = subprocess.run(["bash", "-n"], input=script, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr


def test_every_course_command_in_it_is_one_that_exists() -> None:
    found = commands()
    assert [words[1] for words in found] == ["grade-all"]
    for _, name, *arguments in found:
        command = cli.commands[name]
        context = command.make_context(name, list(arguments), resilient_parsing=False)
        assert context.params["out"].name == "results"
        assert context.params["isolation"] == "filtered"
