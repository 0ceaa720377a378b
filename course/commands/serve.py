"""`course serve`: the course as a web site, on this machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import click


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where to listen; 0 takes any port that is free.",
)
def serve(port: int) -> None:
    """Show the course as a web site, on this machine alone.

    A lesson that is changed is shown anew. Ctrl-C ends it.
    """
    from course.commands.failure import GraderFault
    from course.site import server

    shown = server.Site(_build, _sources)
    try:
        shown.file("/")
    except server.CannotBuild as error:
        raise GraderFault(str(error)) from error
    try:
        listening = server.listen(shown, port)
    except OSError as error:
        message = f"Port {port} cannot be used: {error.strerror}. Choose another with --port."
        raise click.UsageError(message) from error
    with listening:
        click.echo(f"http://{server.HOST}:{listening.server_address[1]}/  (Ctrl-C ends it)")
        try:
            listening.serve_forever()
        except KeyboardInterrupt:
            click.echo("")


def _build() -> Mapping[str, bytes]:
    from course import lesson_pages
    from course.commands.failure import GraderFault
    from course.site import server, website

    try:
        return website.build(lesson_pages.load())
    except GraderFault as fault:
        raise server.CannotBuild(fault.message) from fault


def _sources() -> Iterator[Path]:
    from course import lesson_pages
    from course.site import website

    yield from sorted(lesson_pages.FOLDER.glob("*.md"))
    yield from website.sources()
