"""`course site`: the course as a web site, in a folder."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.option(
    "--out",
    metavar="DIR",
    type=click.Path(path_type=Path),
    default=Path("site"),
    show_default=True,
    help="The folder to write to. An older site in it is replaced; anything else is refused.",
)
def site(out: Path) -> None:
    """Write the course as a web site.

    Lessons, cards, figures, every check and every mistake that has a name. The folder can be
    published anywhere, below any path: docs/site.md.
    """
    from course import lesson_pages
    from course.commands.failure import CannotWrite
    from course.site import folder, website

    files = website.build(lesson_pages.load())
    try:
        folder.write(files, out)
    except folder.NotOurs as error:
        raise CannotWrite(f"{error}.") from error
    except OSError as error:
        raise CannotWrite(f"{out} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {out / 'index.html'} and {len(files) - 1} files that belong to it.")
