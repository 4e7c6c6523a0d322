"""Lint what the atlas shows: its program as the page joins it (oxlint), its templates (djlint)."""

import subprocess
import sys
from pathlib import Path

from tierscape.maps.atlas import PROGRAM

ROOT = Path(__file__).parent.parent
ASSETS = ROOT / "maps" / "assets"
JOINED = ROOT / "build" / "atlas.js"


def run(program: str, *arguments: str) -> int:
    """Run one tool from beside this Python; return its exit code."""
    command = [str(Path(sys.executable).parent / program), *arguments]
    return subprocess.run(command, cwd=ROOT, check=False).returncode


def main() -> int:
    """Return 0 if both tools are content."""
    parts = [(ASSETS / name).read_text(encoding="utf-8") for name in PROGRAM]
    JOINED.parent.mkdir(exist_ok=True)
    # The page's template calls the program like this.
    parts.append("startAtlas(L.map('map'), {});")
    JOINED.write_text("(() => {\n" + "\n".join(parts) + "\n})();\n", encoding="utf-8")
    script = run("oxlint", "-c", ".oxlintrc.json", "--no-ignore", str(JOINED))
    return script or run("djlint", "--quiet", "--lint", "maps/templates")


if __name__ == "__main__":
    sys.exit(main())
