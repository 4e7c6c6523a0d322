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
    wanted = {path.name: path for path in (ROOT / folders["tierscape"]).glob("*.py")}
    wanted |= {name.split(".")[1]: ROOT / path for name, path in folders.items() if "." in name}
    for link in package.iterdir():
        if link.name not in wanted:
            link.unlink()
    for name, path in wanted.items():
        if not (package / name).exists():
            (package / name).symlink_to(path)


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
