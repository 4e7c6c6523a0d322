"""Check types (mypy) and import order (import-linter) of the package as it is installed.

Neither tool follows an editable install of several root folders, so the package is laid out as a
tree of links below build/ (which git ignores).
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
LINKS = ROOT / "build" / "typed"


def link_package() -> None:
    """Lay the folders of pyproject.toml's package-dir out as one package of links."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    folders = settings["tool"]["setuptools"]["package-dir"]
    package = LINKS / "tierscape"
    package.mkdir(parents=True, exist_ok=True)
    for link in package.iterdir():
        link.unlink()
    for path in sorted((ROOT / folders["tierscape"]).glob("*.py")):
        (package / path.name).symlink_to(path)
    for name, folder in folders.items():
        if "." in name:
            (package / name.split(".")[1]).symlink_to(ROOT / folder)


def run(*command: str) -> int:
    """Run one tool, from beside this Python, with the links in sight; return its exit code."""
    paths = {"MYPYPATH": str(LINKS), "PYTHONPATH": str(LINKS)}
    program = str(Path(sys.executable).parent / command[0])
    environment = {**os.environ, **paths}
    return subprocess.run(
        [program, *command[1:]], cwd=ROOT, env=environment, check=False
    ).returncode


def main() -> int:
    """Return 0 if both tools are content."""
    link_package()
    return run("mypy", "--package", "tierscape") or run("lint-imports")


if __name__ == "__main__":
    sys.exit(main())
