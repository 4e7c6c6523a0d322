"""The site builds without a warning; every command, option and page is in it."""

import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import click
import pytest
from click.testing import CliRunner

import tierscape
from tierscape.cli import main

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
PAGE = (DOCS / "commands.md").read_text(encoding="utf-8")


def tool(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUILDER = tool("build_commands")
COMMANDS = {" ".join(path): command for path, command in BUILDER.commands(main)}
SINGLE = {name: each for name, each in COMMANDS.items() if not isinstance(each, click.Group)}


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the site as `make docs` does: every warning is an error."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(folder / "work"), str(DOCS), str(folder / "html")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return folder / "html"


def test_every_page_is_in_the_site(site: Path) -> None:
    pages = [path.relative_to(DOCS).with_suffix("") for path in DOCS.rglob("*.md")]
    index = (site / "index.html").read_text(encoding="utf-8")
    assert len(pages) > 20
    for page in pages:
        assert (site / page).with_suffix(".html").is_file()
        assert page.name == "index" or f'href="{page.as_posix()}.html"' in index


def test_every_public_name_is_in_the_site(site: Path) -> None:
    text = (site / "api.html").read_text(encoding="utf-8")
    for name in tierscape.__all__:
        assert name == "__version__" or f'id="tierscape.{name}"' in text


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for page in site.rglob("*.html"):
        text = page.read_text(encoding="utf-8")
        assert not re.search(r'<(script|img|iframe)[^>]*\ssrc="(https?:)?//', text)
        assert not re.search(r'<link[^>]*\shref="(https?:)?//', text)


def test_the_page_of_commands_is_what_the_commands_say() -> None:
    assert BUILDER.page(PAGE) == PAGE, "run tools/build_commands.py"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_docs(name: str) -> None:
    section = PAGE.partition(f"# {name}\n")[2].partition("\n#")[0]
    assert section.strip()
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            for option in (*parameter.opts, *parameter.secondary_opts):
                assert option in section
            assert parameter.help


@pytest.mark.parametrize("name", SINGLE)
def test_every_command_has_an_example_that_it_takes(name: str) -> None:
    section = PAGE.partition(f"# {name}\n")[2].partition("\n#")[0]
    examples = [line[2:] for line in section.splitlines() if line.startswith("$ ")]
    assert examples
    for example in examples:
        words = shlex.split(example)
        assert " ".join(words).startswith(name)
        context = SINGLE[name].make_context(name, words[len(name.split()) :])
        context.close()


@pytest.mark.parametrize("name", SINGLE)
def test_every_command_can_be_quiet_and_give_json(name: str) -> None:
    options = {option for each in SINGLE[name].params for option in each.opts}
    assert {"--json", "--quiet", "-q"} <= options


SHOWN = re.findall(
    r"^\$ tierscape (.+)\n((?:(?!\$ |```).*\n)+)", PAGE.partition(BUILDER.MARK)[0], re.MULTILINE
)


@pytest.mark.parametrize(("command", "output"), SHOWN, ids=[command for command, _ in SHOWN])
def test_a_command_answers_as_the_page_shows(command: str, output: str) -> None:
    done = CliRunner().invoke(main, shlex.split(command), prog_name="tierscape")
    assert done.output == output


def test_answers_are_shown() -> None:
    assert len(SHOWN) >= 3


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_as_documented(shell: str) -> None:
    variable = f"_TIERSCAPE_COMPLETE={shell}_source"
    assert f"{variable} tierscape" in PAGE
    done = CliRunner().invoke(
        main, [], prog_name="tierscape", env=dict([variable.split("=", maxsplit=1)])
    )
    assert "_TIERSCAPE_COMPLETE" in done.stdout
    assert f"{shell}_complete" in done.stdout
