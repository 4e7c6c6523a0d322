"""A batch of reports: what is to be made, made by several processes, each written whole."""

import time
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import partial
from hashlib import sha256
from pathlib import Path

from ..data.errors import TierscapeError
from .batch_files import is_hopeless, put_file
from .batch_manifest import (
    DONE,
    FAILED,
    Entry,
    Manifest,
    WrittenFile,
    checksum,
    write_manifest,
)
from .batch_workers import Died, results
from .blocks import Report
from .content import cluster_report, edition_report, overview_report
from .inputs import AnalysisLike, Options
from .names import unique_names
from .writers import written

#: Reports done, all of them, and a line on the last.
Progress = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Task:
    """One report that is to be made.

    Attributes
    ----------
    key
        Its name in the manifest.
    stem
        Its file name without the ending.
    edition, cluster, lang
        Slugs; without a cluster it is a comparison, without an edition the overview.
    dimensions
        The tables to report; all where empty.
    formats
        The formats asked for.
    content, whole
        What the last run's report said, as a checksum, and which of its files are as written:
        they are made again only if it now says something else.
    """

    key: str
    stem: str
    edition: str
    cluster: str
    lang: str
    dimensions: tuple[str, ...]
    formats: tuple[str, ...]
    content: str = ""
    whole: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """Which kind of report it is."""
        return "cluster" if self.cluster else "edition" if self.edition else "overview"


@dataclass(frozen=True, slots=True)
class Made:
    """A report in its formats; those that are not made anew are missing."""

    content: str
    seconds: float
    files: Mapping[str, bytes] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)


#: What does tasks, and gives each with what was made or why its process died, as they come.
Do = Callable[
    [Sequence[Task], Callable[[Task], Made]], Generator[tuple[Task, Made | Died], None, None]
]


class StoppedError(TierscapeError):
    """A batch that could not go on: nothing more can be written."""


def make(analysis: AnalysisLike, options: Options, program: str, task: Task) -> Made:
    """Make one report; what fails is told and not raised.

    Parameters
    ----------
    analysis, options
        What reports are made from.
    program
        Checksum of the program, which is part of what decides whether files are made anew.
    task
        Which report.
    """
    start = time.monotonic()
    try:
        report = _report(analysis, replace(options, dimensions=task.dimensions), task)
    except Exception as error:  # noqa: BLE001 - one bad report must not stop the others
        errors = dict.fromkeys(task.formats, _told(error))
        return Made("", time.monotonic() - start, errors=errors)
    content = checksum([program, repr(report)])
    kept = task.whole if content == task.content else ()
    files: dict[str, bytes] = {}
    errors = {}
    for form in task.formats:
        if form in kept:
            continue
        try:
            files[form] = written(report, form)
        except Exception as error:  # noqa: BLE001 - one bad format must not stop the others
            errors[form] = _told(error)
    return Made(content, time.monotonic() - start, files, errors)


@dataclass(frozen=True, slots=True)
class Ledger:
    """A folder of reports, held by the caller (`batch_files.locked`).

    Attributes
    ----------
    folder
        Where the reports are.
    manifest
        What was made.
    inputs
        Checksum of all that reports are made from now: facts, program, options.
    """

    folder: Path
    manifest: Manifest
    inputs: str

    def is_fresh(self, task: Task) -> bool:
        """Tell whether a report need not be made: same inputs, every file as it was written."""
        entry = self.manifest.reports.get(task.key)
        if entry is None or entry.inputs != self.inputs or entry.status != DONE:
            return False
        return set(task.formats) <= set(entry.whole(self.folder))


def due(tasks: Iterable[Task], ledger: Ledger) -> list[Task]:
    """Return the tasks that are to be done, named and with what is known of the last run.

    Parameters
    ----------
    tasks
        All that is asked for.
    ledger
        What was made.

    Returns
    -------
    list
        Those of which something has changed, is missing, or failed.
    """
    reports = ledger.manifest.reports
    todo = [task for task in tasks if not ledger.is_fresh(task)]
    stems = {
        key: Path(file.name).stem for key, entry in reports.items() for file in entry.files.values()
    }
    new = [task for task in todo if task.key not in stems]
    names = unique_names((task.stem for task in new), stems.values())
    stems |= {task.key: name for task, name in zip(new, names, strict=True)}
    known = [replace(task, stem=stems[task.key]) for task in todo]
    return [
        replace(task, content=entry.content, whole=entry.whole(ledger.folder)) if entry else task
        for task, entry in ((each, reports.get(each.key)) for each in known)
    ]


def run_batch(
    ledger: Ledger,
    tasks: Sequence[Task],
    work: Callable[[Task], Made],
    *,
    do: Do = results,
    progress: Progress = lambda *_: None,
) -> Manifest:
    """Make reports and write each as it comes, with the manifest.

    Parameters
    ----------
    ledger
        Where to, and what was made before.
    tasks
        What `due` returns.
    work
        What `worker` returns.
    do
        What does the work, here or in other processes.
    progress
        Called before the first report and after each.

    Returns
    -------
    Manifest
        With an entry for every task.

    Raises
    ------
    StoppedError
        If nothing more can be written, as on a full disk. What was finished stays.
    """
    progress(0, len(tasks), "")
    with closing(do(tasks, work)) as coming:
        for number, (task, result) in enumerate(coming, start=1):
            made = _died(task, result) if isinstance(result, Died) else result
            try:
                entry, kept = _write(ledger, task, made)
                ledger = replace(ledger, manifest=ledger.manifest.with_entry(task.key, entry))
                write_manifest(ledger.folder, ledger.manifest)
            except OSError as error:
                raise StoppedError(
                    f"{ledger.folder}: cannot be written: {error.strerror}. "
                    f"{number - 1} of {len(tasks)} reports are whole. "
                    "Run the same command again to make the others."
                ) from None
            progress(number, len(tasks), _line(task, entry, kept))
    return ledger.manifest


def _report(analysis: AnalysisLike, options: Options, task: Task) -> Report:
    """Return what a report says."""
    if task.cluster:
        return cluster_report(analysis, task.cluster, task.edition, task.lang, options=options)
    if task.edition:
        return edition_report(analysis, task.edition, task.lang, options=options)
    return overview_report(analysis, task.lang, options=options)


def _write(ledger: Ledger, task: Task, made: Made) -> tuple[Entry, list[str]]:
    """Write the files of a report; return its entry, and the names of files that were kept."""
    before = ledger.manifest.reports.get(task.key)
    files = dict(before.files) if before else {}
    errors, kept = dict(made.errors), []
    for form, content in made.files.items():
        path = ledger.folder / f"{task.stem}.{form}"
        ours = files[form].sha256 if form in files else ""
        try:
            kept.append(put_file(path, content, ours))
        except OSError as error:
            if is_hopeless(error):
                raise
            errors[form] = f"{path.name}: cannot be written: {error.strerror}"
        else:
            files[form] = WrittenFile(path.name, sha256(content).hexdigest(), made.content)
    entry = Entry(
        kind=task.kind,
        edition=task.edition,
        cluster=task.cluster,
        lang=task.lang,
        inputs=ledger.inputs,
        content=made.content,
        status=FAILED if errors else DONE,
        seconds=round(made.seconds, 3),
        files=files,
        errors=errors,
    )
    return entry, [name for name in kept if name]


def _died(task: Task, result: Died) -> Made:
    return Made("", 0.0, errors=dict.fromkeys(task.formats, result.text))


def _line(task: Task, entry: Entry, kept: Sequence[str]) -> str:
    """Return what happened to a report, in one line."""
    told = [f"{form}: {text}" for form, text in entry.errors.items()]
    told += [f"{name} is what was there before" for name in kept]
    told = told or [f"{entry.seconds:.1f} s"]
    return f"{task.stem}: {'; '.join(told)}"


def _told(error: Exception) -> str:
    """Return an error in one line; one that is not the package's own is named by its kind."""
    text = " ".join(str(error).split())
    return text if isinstance(error, TierscapeError) else f"{type(error).__name__}: {text}"


def worker(analysis: AnalysisLike, options: Options, program: str) -> Callable[[Task], Made]:
    """Return `make` for one analysis, as a function that processes can be given."""
    return partial(make, analysis, options, program)
