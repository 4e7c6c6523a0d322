"""Lint what the atlas shows: its program as the page joins it (oxlint), its templates (djlint)."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from tierscape.maps.atlas import PROGRAM

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "maps" / "assets"
JOINED = ROOT / "build" / "atlas.js"
#: The layers for other maps use functions of the atlas's program.
SCRIPTS = (*PROGRAM, "canvas-layer.js", "canvas-land.js")


def run(program: str, *arguments: str) -> int:
    """Run one tool from beside this Python; return its exit code."""
    command = [str(Path(sys.executable).parent / program), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def functions(parts: list[str]) -> list[str]:
    """Return the names of functions; all files share one scope, where a second replaces a first."""
    return [name for part in parts for name in re.findall(r"^function (\w+)", part, re.MULTILINE)]


def main() -> int:
    """Return 0 if both tools are content."""
    parts = [(ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS]
    twice = [name for name, count in Counter(functions(parts)).items() if count > 1]
    if twice:
        print(f"functions with one name in two files: {', '.join(twice)}", file=sys.stderr)
        return 1
    JOINED.parent.mkdir(exist_ok=True)
    # The page's template calls the program like this.
    parts.append("startAtlas(L.map('map'), {});")
    JOINED.write_text("(() => {\n" + "\n".join(parts) + "\n})();\n", encoding="utf-8")
    script = run("oxlint", "-c", ".oxlintrc.json", "--no-ignore", str(JOINED))
    return script or run("djlint", "--quiet", "--lint", "maps/templates")


if __name__ == "__main__":
    sys.exit(main())
