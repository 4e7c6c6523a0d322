"""Reports a minute: whole batches as users run them, and typst beside WeasyPrint.

Needs WeasyPrint (and the library Pango) beside tierscape for the second part; where it is missing
that part says so. `python benchmarks/reports.py 60` makes 60 reports (120 if no number is given).
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tierscape.analysis import analyse, load
from tierscape.reporting import Request, plan
from tierscape.reports.batch import Ledger, run_batch, worker
from tierscape.reports.batch_files import locked
from tierscape.reports.batch_manifest import Manifest
from tierscape.reports.blocks import Report
from tierscape.reports.content import cluster_report
from tierscape.reports.html import html
from tierscape.reports.inputs import Options
from tierscape.reports.typst_pdf import pdf

LINE = "{:<52}{:>8}{:>10}{:>14}"
JOBS = 2


def weasy(report: Report) -> bytes:
    """Return a report as PDF by WeasyPrint, from the same content as a page."""
    from weasyprint import HTML  # noqa: PLC0415 - it may be missing

    page: bytes = HTML(string=html(report)).write_pdf(pdf_variant="pdf/ua-1")
    return page


def render_all(render: Callable[[Report], bytes], reports: list[Report]) -> float:
    """Return the seconds that two processes, already warm, take for all reports."""
    with multiprocessing.get_context("spawn").Pool(JOBS) as pool:
        pool.map(render, reports[:JOBS], chunksize=1)
        start = time.perf_counter()
        sizes = [len(page) for page in pool.imap_unordered(render, reports, chunksize=1)]
        seconds = time.perf_counter() - start
    print(LINE.format("", "", "", f"{sum(sizes) // len(sizes) // 1000} kB each"))
    return seconds


def show(name: str, count: int, seconds: float) -> None:
    """Print one line."""
    print(LINE.format(name, count, f"{seconds:.1f} s", f"{60 * count / seconds:.0f} a minute"))


def main() -> None:
    """Print the batch, then each engine on the same reports."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    places = load()
    analysis = analyse(places)
    tasks = [t for t in plan(places, Request(Path(), formats=("pdf",))) if t.kind == "cluster"]
    tasks = tasks[:: max(1, len(tasks) // count)][:count]
    print(LINE.format(f"{JOBS} processes", "reports", "elapsed", "rate"))
    work = worker(analysis, Options(), "benchmark")
    with tempfile.TemporaryDirectory() as name, locked(Path(name)):
        start = time.perf_counter()
        made = run_batch(Ledger(Path(name), Manifest(), "now"), tasks, work, jobs=JOBS)
        seconds = time.perf_counter() - start
    failed = [entry.errors for entry in made.reports.values() if entry.errors]
    show("batch: content, map, charts, PDF, written", len(tasks), seconds)
    print(f"failed: {failed}" if failed else "none failed")
    sample = tasks[:: max(1, len(tasks) // 24)][:24]
    reports = [cluster_report(analysis, t.cluster, t.edition, t.lang) for t in sample]
    # Twice with other names: nothing may be remembered from the first.
    reports += [replace(report, title=f"{report.title} 2") for report in reports]
    show("typst: the same content as PDF/UA-1", len(reports), render_all(pdf, reports))
    try:
        import weasyprint  # noqa: F401, PLC0415 - it may be missing
    except (ImportError, OSError) as error:
        print(f"WeasyPrint cannot be loaded here: {str(error).splitlines()[0]}")
        return
    show("WeasyPrint: the same content as PDF/UA-1", len(reports), render_all(weasy, reports))


if __name__ == "__main__":
    main()
