"""What the commands share: options, names to slugs, messages, and errors as clear lines."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from tierscape.data.errors import TierscapeError

PATH = click.Path(path_type=Path)

#: Where the context of a command notes that it is to be quiet.
_QUIET = "tierscape.quiet"
#: How a message begins that a quiet command tells too.
_ERRORS = ("error: ", "failed: ")


@dataclass(frozen=True, slots=True)
class _Slugs:
    """A callback that turns the names of one kind into slugs; `--data` is read before."""

    kind: str

    def __call__(self, ctx: click.Context, _: click.Parameter, value: Any) -> Any:  # noqa: ANN401
        """Return the slug of a name, or those of several."""
        if not value:
            return value
        from tierscape.naming import slugs_of

        many = isinstance(value, tuple)
        found = slugs_of(self.kind, value if many else [value], ctx.params.get("data"))
        return found if many else found[0]


class _Name(click.types.StringParamType):
    """A text that the shell completes to the names of one kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind

    def shell_complete(
        self, ctx: click.Context, _: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Return the names that begin so, each with its titles."""
        from tierscape.naming import names_from

        try:
            found = names_from(self.kind, incomplete, ctx.params.get("data"))
        except TierscapeError:
            return []
        return [CompletionItem(name, help=", ".join(titles)) for name, titles in found.items()]


def slugs_option(kind: str) -> Callable[..., Any]:
    """Return the callback of a parameter that takes names of one kind, and gives slugs."""
    return _Slugs(kind)


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

resume_option = click.option(
    "--resume", is_flag=True, help="Finish what an earlier run has left unfinished."
)


def engine_options(text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return what adds the choice of an engine to a command; the text tells what it is for."""
    engine = click.option(
        "--engine", type=click.Choice(["local", "dask"]), default="local", show_default=True,
        help=text,
    )  # fmt: skip
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS", help="A dask scheduler that runs already."
    )
    return lambda command: engine(scheduler(command))


def _be_quiet(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's
    if value:
        ctx.meta[_QUIET] = True


quiet_option = click.Option(
    ["-q", "--quiet"],
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_be_quiet,
    help="Tell nothing but errors.",
)


class Commands(click.Group):
    """A group that turns the package's errors into clear lines and an exit code."""

    def add_command(self, cmd: click.Command, name: str | None = None) -> None:
        """Add a command; it, or every command below it, can be quiet, and completes names."""
        super().add_command(cmd, name)
        for each in _single(cmd):
            for parameter in each.params:
                if isinstance(parameter.callback, _Slugs):
                    parameter.type = _Name(parameter.callback.kind)
            each.params.append(quiet_option)

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


def _single(command: click.Command) -> Iterator[click.Command]:
    """Yield a command, or all single ones of a group."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from _single(each)
    else:
        yield command


def is_quiet() -> bool:
    """Tell whether the command that runs is to tell nothing but errors."""
    context = click.get_current_context(silent=True)
    return context is not None and _QUIET in context.meta


def say(message: str) -> None:
    """Tell the user something that is no data; a quiet command tells errors only."""
    if not is_quiet() or message.startswith(_ERRORS):
        click.echo(message, err=True)


def print_json(content: object) -> None:
    """Print what a program may read."""
    click.echo(json.dumps(content, ensure_ascii=False, indent=2))


def deliver(text: str, output: Path | None) -> None:
    """Write data to the file asked for, or to standard output."""
    if output is None:
        click.echo(text, nl=False)
        return
    from tierscape.outputs import write_file

    write_file(output, text)
    say(f"{output}: written")
