"""What the commands share: options, names to slugs, messages, and errors as clear lines."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from tierscape.data.errors import TierscapeError
from tierscape.naming import slugs_of

PATH = click.Path(path_type=Path)


def slugs_option(kind: str) -> Callable[..., Any]:
    """Return a callback that turns the names of one kind into slugs; `--data` is read before."""

    def convert(ctx: click.Context, _: click.Parameter, value: Any) -> Any:  # noqa: ANN401
        if not value:
            return value
        many = isinstance(value, tuple)
        found = slugs_of(kind, value if many else [value], ctx.params.get("data"))
        return found if many else found[0]

    return convert


data_option = click.option(
    "--data",
    type=PATH,
    is_eager=True,
    metavar="DIR",
    help="A folder of your own editions, clusters, claims and aliases, laid over the built-in.",
)
editions_option = click.option(
    "--edition",
    "editions",
    multiple=True,
    metavar="SLUG",
    callback=slugs_option("edition"),
    help="Only this edition (repeatable).",
)
edition_option = click.option(
    "--edition", metavar="SLUG", callback=slugs_option("edition"), help="Only this edition."
)
dimension_option = click.option(
    "--dimension", metavar="SLUG", callback=slugs_option("dimension"), help="Only this dimension."
)
json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print JSON for a program to read."
)
lang_option = click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="en", show_default=True, help="Language."
)


class Commands(click.Group):
    """A group that turns the package's errors into clear lines and an exit code."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command; bad input ends with exit code 2, an interruption with 130."""
        try:
            return super().invoke(ctx)
        except TierscapeError as error:
            for line in str(error).splitlines():
                click.echo(f"error: {line}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            click.echo("interrupted; nothing is half-written", err=True)
            ctx.exit(130)


def say(message: str) -> None:
    """Tell the user something that is no data."""
    click.echo(message, err=True)


def deliver(text: str, output: Path | None) -> None:
    """Write data to the file asked for, or to standard output."""
    if output is None:
        click.echo(text, nl=False)
        return
    from tierscape.outputs import write_file

    write_file(output, text)
    say(f"{output}: written")
