"""`course start`: a folder to work in."""

from __future__ import annotations

from pathlib import Path

import click

DEFAULT = "my-engine"


@click.command()
@click.argument("directory", type=click.Path(path_type=Path), default=DEFAULT)
def start(directory: Path) -> None:
    """Copy the template into DIRECTORY (default: my-engine). Never overwrites a file."""
    import importlib.resources

    template = {
        source.name: source.read_bytes()
        for source in importlib.resources.files("student_template").iterdir()
        if source.is_file()
    }
    present = sorted(name for name in template if (directory / name).exists())
    if present:
        raise click.UsageError(
            f"{directory} holds {', '.join(present)} already, and nothing was written: name "
            "another folder."
        )
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in sorted(template.items()):
            # "x": should the file have come into being just now, it is not overwritten.
            with (directory / name).open("xb") as stream:
                stream.write(content)
            click.echo(f"  {directory / name}")
    except OSError as error:
        raise click.UsageError(f"{directory} cannot be written to: {error.strerror}.") from error
    click.echo(f"\nBegin with {directory / 'README.md'}, then run:  course grade {directory}")
