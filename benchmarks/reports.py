"""Reports: typst beside WeasyPrint on the same content, and whole batches as users run them.

Both engines render in two processes that are warm; every report is rendered once by each, and no
two are alike, so that nothing may be remembered. WeasyPrint needs the library Pango. What is right
is read from the files: pages, the mark of PDF/UA, the title, and the report's text.
"""

import io
import multiprocessing
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from multiprocessing.pool import Pool
from pathlib import Path

from harness import Row, Side, absent, alternate, clocked, has, main, process
from pypdf import PdfReader

from tierscape.analysis import Analysis, analyse, load
from tierscape.reporting import Request, plan
from tierscape.reports.batch import Task
from tierscape.reports.blocks import Report
from tierscape.reports.content import cluster_report
from tierscape.reports.html import html
from tierscape.reports.typst_pdf import pdf

TOPIC = "PDF reports"
JOBS = 2


def weasy(report: Report) -> bytes:
    """Return a report as PDF by WeasyPrint, from the same content as a page."""
    from weasyprint import HTML  # noqa: PLC0415 - it may be missing

    page: bytes = HTML(string=html(report)).write_pdf(pdf_variant="pdf/ua-1")
    return page


def why_not() -> str:
    """Tell why WeasyPrint cannot run here, or nothing."""
    if not has("weasyprint"):
        return "not measured: pip install --group peers"
    try:
        import weasyprint  # noqa: F401, PLC0415 - its library may be missing
    except OSError as error:
        return f"not measured: install Pango ({str(error).splitlines()[0]})"
    return ""


def squeezed(text: str) -> str:
    """Return a text without spaces and the hyphens where a line was broken."""
    return "".join(text.replace("\u00ad", "").split())


def checked(pages: list[bytes], reports: list[Report]) -> str:
    """Tell what the files hold."""
    sheets = tagged = titled = 0
    for page, report in zip(pages, reports, strict=True):
        read = PdfReader(io.BytesIO(page))
        sheets += len(read.pages)
        tagged += b"pdfuaid" in (read.xmp_metadata.stream.get_data() if read.xmp_metadata else b"")
        titled += squeezed(report.title) in squeezed(read.pages[0].extract_text())
    kb = sum(map(len, pages)) / len(pages) / 1e3
    return (
        f"{tagged} of {len(pages)} marked as PDF/UA, {titled} with the title as text,"
        f" {sheets / len(pages):.1f} pages and {kb:,.0f} kB each"
    )


def engines(analysis: Analysis, tasks: list[Task], count: int, pairs: int) -> Row:
    """Compare the two engines."""
    what, peer = f"{count} cluster reports as PDF/UA-1, {JOBS} warm processes", "WeasyPrint"
    if why := why_not():
        return absent(TOPIC, what, peer, why)
    sample = tasks[:: max(1, len(tasks) // count)][:count]
    reports = [cluster_report(analysis, t.cluster, t.edition, t.lang) for t in sample]
    rounds = [
        [replace(report, title=f"{report.title} {number}") for report in reports]
        for number in range(pairs + 1)
    ]
    start = multiprocessing.get_context("spawn").Pool
    with start(JOBS) as one, start(JOBS) as two:
        for pool, render in ((one, pdf), (two, weasy)):
            pool.map(render, rounds[0][: 2 * JOBS], chunksize=1)
        mine, theirs = (iter(rounds[1:]) for _ in range(2))

        def all_of(pool: Pool, render: Callable[[Report], bytes], given: Iterator) -> list[bytes]:
            return pool.map(render, next(given), chunksize=1)

        ours, other = alternate(
            clocked(partial(all_of, one, pdf, mine)),
            clocked(partial(all_of, two, weasy, theirs)),
            pairs,
        )
    right = [checked(side[0].gave, rounds[1]) for side in (ours, other)]
    return Row(TOPIC, what, Side.of("typst", ours, right[0]), Side.of(peer, other, right[1]))


def whole(*, quick: bool) -> Row:
    """Make a batch as a user does: content, map, charts, PDF, written."""
    wanted = ["--edition", "asia-2023", "--dimension", "total"]
    wanted += ["--cluster", "bohai-rim", "--cluster", "yangtze-delta"] if quick else []
    with tempfile.TemporaryDirectory() as name:
        command = [sys.executable, "-m", "tierscape", "report", *wanted, "--jobs", str(JOBS)]
        made = process([*command, "-o", name])
        count = len(list(Path(name).rglob("*.pdf")))
    return Row(
        TOPIC,
        f"tierscape report, {count} reports by {JOBS} processes: content, map, charts, files",
        Side.of("tierscape", [made]),
        note=f"{60 * count / made.took:.0f} a minute",
    )


def rows(quick: bool) -> Iterator[Row]:  # noqa: FBT001 - what every script takes
    """Yield the two engines, then the whole batch."""
    count, pairs = (4, 1) if quick else (16, 3)
    places = load()
    analysis = analyse(places)
    tasks = [t for t in plan(places, Request(Path(), formats=("pdf",))) if t.kind == "cluster"]
    yield engines(analysis, tasks, count, pairs)
    yield whole(quick=quick)


if __name__ == "__main__":
    main(rows)
