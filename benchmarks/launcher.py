"""Start one command and write what it used: `python -IS launcher.py FILE COMMAND ...`.

This process stays small on purpose, since a child's peak memory begins at its parent's.
"""

import json
import os
import sys
import time
from pathlib import Path

start = time.perf_counter()
child = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ)
_, status, usage = os.wait4(child, 0)
used = {
    "took": time.perf_counter() - start,
    "cpu": usage.ru_utime + usage.ru_stime,
    # Linux counts in KiB, macOS in bytes.
    "mb": usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024) / 1e6,
}
Path(sys.argv[1]).write_text(json.dumps(used), encoding="utf-8")
sys.exit(abs(os.waitstatus_to_exitcode(status)))
