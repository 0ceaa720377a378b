"""`course explain`: what a check claims, and an example of it."""

from __future__ import annotations

import click


@click.command()
@click.argument("slug")
def explain(slug: str) -> None:
    """Explain the check SLUG: its claim, why it matters, an example with the right numbers."""
    from course.commands.failure import unknown
    from grader.checks import CHECKS
    from grader.corpus import practice
    from grader.counterexample import example
    from grader.tasks import Slug

    check = CHECKS.get(Slug(slug))
    if check is None:
        raise unknown("check", slug, CHECKS)
    points = f"{check.points} point{'s' if check.points != 1 else ''}"
    click.echo(f"{click.style(check.slug, bold=True)}  stage {check.stage}, {points}\n")
    click.echo(f"Claim: {check.claim}.\n")
    click.echo(f"{check.why}\n")
    if check.requires:
        click.echo(f"Builds on: {', '.join(check.requires)}\n")
    shown = example(check, practice().tasks[check.slug][0])
    if shown is not None:
        click.echo("For example:\n")
        click.echo("".join(f"    {line}\n" for line in shown.python.split("\n")))
        for name, number in shown.expected.items():
            click.echo(f"    {name} should be {number!r}")
        click.echo("")
    click.echo(f"Try it:  course grade --check {check.slug}")
