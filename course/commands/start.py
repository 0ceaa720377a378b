"""`course start`: a folder to work in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import click

DEFAULT = "my-engine"


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), default=DEFAULT)
def start(directory: Path) -> None:
    """Copy the template into DIRECTORY (default: my-engine). Never overwrites a file."""
    import importlib.resources

    from course.commands.grade import as_typed

    template = {
        source.name: source.read_bytes()
        for source in importlib.resources.files("student_template").iterdir()
        if source.is_file()
    }
    present = sorted(name for name in template if os.path.lexists(directory / name))
    if present:
        raise click.UsageError(
            f"{directory} holds {', '.join(present)} already, and nothing was written: name "
            "another folder."
        )
    if os.path.lexists(directory) and not directory.is_dir():
        raise click.UsageError(f"{directory} is not a folder: name another.")
    try:
        _copy(template, directory)
    except OSError as error:
        raise click.UsageError(f"{directory} cannot be written to: {error.strerror}.") from error
    for name in sorted(template):
        click.echo(f"  {directory / name}")
    click.echo(
        f"\nBegin with {directory / 'README.md'}, then run:  course grade {as_typed(directory)}"
    )


def _copy(template: Mapping[str, bytes], directory: Path) -> None:
    """Write all files or none.

    Raises: OSError, also for a file that has come into being just now.
    """
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    try:
        for name, content in template.items():
            # "x": what is there already is not overwritten.
            with (directory / name).open("xb") as stream:
                written.append(directory / name)
                stream.write(content)
    except BaseException:
        for path in written:
            path.unlink(missing_ok=True)
        raise
