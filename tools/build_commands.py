"""Write docs/commands.md: every command with its help and its options, as the commands tell it."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

from tierscape.cli import main

PAGE = Path(__file__).parent.parent / "docs" / "commands.md"
MARK = "<!-- The rest is written by tools/build_commands.py. -->\n"


def commands(
    group: click.Group, path: tuple[str, ...] = ("tierscape",)
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command of a group with its full name, single ones and groups."""
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def section(path: tuple[str, ...], command: click.Command) -> str:
    """Return what the page says of one command."""
    words, examples = _help(command)
    parts = [f"{'#' * len(path)} {' '.join(path)}", *words]
    if examples:
        parts.append("```console\n" + "\n".join(f"$ {each}" for each in examples) + "\n```")
    context = click.Context(command, info_name=" ".join(path))
    if not isinstance(command, click.Group):
        parts.append(f"`{' '.join(context.get_usage().removeprefix('Usage: ').split())}`")
    options = [each for each in command.params if isinstance(each, click.Option)]
    rows = [record for option in options if (record := option.get_help_record(context))]
    if rows:
        lines = [f"| `{_cell(option)}` | {_cell(told)} |" for option, told in rows]
        parts.append("\n".join(["| option | |", "|---|---|", *lines]))
    return "\n\n".join(parts)


def _help(command: click.Command) -> tuple[list[str], list[str]]:
    """Return the paragraphs of a command's help, and its examples."""
    text = inspect.cleandoc(command.help or "").replace("\n\n\b\n", "\n\n")
    parts = [" ".join(part.split()) for part in text.split("\n\n")]
    examples = [part.removeprefix("Example: ") for part in parts if part.startswith("Example: ")]
    return [part for part in parts if not part.startswith("Example: ")], examples


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def reference() -> str:
    """Return the written part of the page."""
    return "\n\n".join(section(*each) for each in commands(main)) + "\n"


def page(text: str) -> str:
    """Return the page with its written part renewed; what stands before the mark stays."""
    return text.partition(MARK)[0] + MARK + "\n" + reference()


if __name__ == "__main__":
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
