"""A small score folder at the command line: what is told of it, and of each fault in it."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import Result

from tierscape.analysis import load
from tierscape.data.catalog import Catalog
from tierscape.score_output import write_scores
from tierscape.score_places import read_ranking
from tierscape.scores import score
from tierscape.scoring.tasks import Arrays

Run = Callable[..., Result]

INDEX = """\
title_en = "Small"
year = 2024
[weights]
method = "given"
[normalise]
method = "minmax"
[missing]
method = "drop-city"
[aggregate]
method = "arithmetic"
[tiers]
method = "share"
shares = [50, 100]
ties = "promote"
[[indicator]]
slug = "net"
title_en = "Network"
kind = "ladder"
maximum = 4
weight = 60
[[indicator]]
slug = "rail"
title_en = "Rail"
kind = "value"
weight = 40
"""
LADDERS = "indicator,points,text_zh,text_en\nnet,1,,4G\nnet,2,,5G\nnet,3,,satellite\nnet,4,,\n"
RATINGS = (
    "city,indicator,points,value,evidence\n"
    "Rome,net,2,,map\nOslo,net,3,,map\nCairo,net,1,,map\nRome,rail,,4,book\n"
    "Oslo,rail,,5,book\nCairo,rail,,6,book\n"
)
CITIES = "city,country,city_id\nRome,IT,\nOslo,NO,\nCairo,EG,360630\n"
AHP = (
    "expert,field,indicator,other,value\nA,x,net,rail,3\nA,x,rail,net,1/3\n"
    "B,y,net,rail,2\nB,y,rail,net,0.5\n"
)
SOUND = {
    "index.toml": INDEX,
    "ladders.csv": LADDERS,
    "ratings.csv": RATINGS,
    "cities.csv": CITIES,
}

#: Fault: the file, what is changed there, and what the message must hold.
FAULTS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "points above the ladder": (
        "ratings.csv", "Rome,net,2", "Rome,net,5", ("ratings.csv, line 2, points", "maximum 4"),
    ),
    "a blank step": (
        "ratings.csv", "Rome,net,2", "Rome,net,4", ("line 2, points", "Described: 1, 2, 3"),
    ),
    "negative weight": (
        "index.toml", "weight = 40", "weight = -40", ("index.toml, line", "from 0 up"),
    ),
    "weights that do not sum": (
        "index.toml", "weight = 40", "weight = 30", ("index.toml, line", "sum to 1 or 100"),
    ),
    "rating for an unknown indicator": (
        "ratings.csv", "Rome,rail", "Rome,rial", ("line 5, indicator", "Did you mean 'rail'?"),
    ),
    "rating for an unknown city": (
        "ratings.csv", "Rome,rail", "Roma,rail", ("line 5, city", "Did you mean 'Rome'?"),
    ),
    "text in a number cell": (
        "ratings.csv", "rail,,4", "rail,,four", ("line 5, value", "'four'"),
    ),
    "formula": (
        "ratings.csv", "rail,,4", "rail,,=2+2", ("line 5, value", "formula"),
    ),
    "duplicated row": (
        "ratings.csv", "Cairo,rail,,6", "Rome,rail,,4", ("line 7", "line 5"),
    ),
    "unknown place": (
        "cities.csv", "Oslo,NO", "Oslow,NO", ("cities.csv, line 3", "Oslo"),
    ),
    "unknown id": (
        "cities.csv", "360630", "999999999", ("cities.csv, line 4, city_id", "GeoNames id"),
    ),
    "one place twice": (
        "cities.csv", "Cairo,EG,360630", "Cairo,IT,3169070", ("line 4, city", "same place as"),
    ),
}  # fmt: skip


def write(folder: Path, **files: str) -> Path:
    folder.mkdir(exist_ok=True)
    texts = SOUND | {name.replace("_", "."): text for name, text in files.items()}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def refused(run: Run, folder: Path) -> str:
    """Run check and score; both tell the same problems, and nothing is written."""
    out = folder.parent / "out"
    checked = run("check", str(folder))
    scored = run("score", str(folder), "-o", str(out), "--draws", "5")
    assert (checked.exit_code, scored.exit_code) == (1, 2)
    told = [line.removeprefix("error: ") for line in scored.stderr.splitlines()]
    assert [line for line in told if line in checked.stdout.splitlines()] == (
        checked.stdout.splitlines()
    )
    assert not out.exists()
    return checked.stdout


def test_sound_folder(run: Run, tmp_path: Path) -> None:
    assert run("check", str(write(tmp_path / "mine"))).exit_code == 0


@pytest.mark.parametrize("fault", FAULTS)
def test_fault(fault: str, run: Run, tmp_path: Path) -> None:
    file, old, new, expected = FAULTS[fault]
    assert old in SOUND[file]
    folder = write(tmp_path / "mine", **{file: SOUND[file].replace(old, new, 1)})
    told = refused(run, folder)
    assert str(folder) in told
    for part in expected:
        assert part in told


def test_expert_without_answers(run: Run, tmp_path: Path) -> None:
    index = INDEX.replace('"given"', '"budget"')
    experts = (
        "expert,field,indicator,other,value\nA,x,net,,60\nA,x,rail,,40\nB,y,net,,\nB,y,rail,,\n"
    )
    told = refused(run, write(tmp_path / "mine", index_toml=index, experts_csv=experts))
    assert "experts.csv, line 4" in told


def test_comparisons_that_are_not_reciprocal(run: Run, tmp_path: Path) -> None:
    index = INDEX.replace('"given"', '"ahp"')
    assert (
        run("check", str(write(tmp_path / "mine", index_toml=index, experts_csv=AHP))).exit_code
        == 0
    )
    wrong = AHP.replace("1/3", "1/2")
    told = refused(run, write(tmp_path / "mine", index_toml=index, experts_csv=wrong))
    assert "experts.csv, line 3" in told
    assert "net" in told


def test_indicator_without_ratings(run: Run, tmp_path: Path) -> None:
    ratings = "".join(line for line in RATINGS.splitlines(keepends=True) if ",rail," not in line)
    told = refused(run, write(tmp_path / "mine", ratings_csv=ratings))
    assert "rail" in told
    assert "ratings.csv" in told


def test_all_cities_tied(run: Run, tmp_path: Path) -> None:
    ratings = RATINGS.replace("net,2", "net,3").replace("net,1", "net,3")
    ratings = ratings.replace(",,4,", ",,6,").replace(",,5,", ",,6,")
    told = refused(run, write(tmp_path / "mine", ratings_csv=ratings))
    assert "index.toml" in told
    assert "all 3 cities tie" in told
    assert "set thresholds" in told


def test_one_city(run: Run, tmp_path: Path) -> None:
    ratings = "".join(
        line for line in RATINGS.splitlines(keepends=True) if not line.startswith(("Oslo", "Cairo"))
    )
    cities = "city,country,city_id\nRome,IT,\n"
    told = refused(run, write(tmp_path / "mine", ratings_csv=ratings, cities_csv=cities))
    assert "cities.csv, line 2, city" in told
    assert "two or more" in told


def test_formula_in_a_workbook(run: Run, tmp_path: Path) -> None:
    folder = write(tmp_path / "mine")
    (folder / "ratings.csv").unlink()
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "ratings"
    for line in RATINGS.splitlines():
        sheet.append([int(cell) if cell.isdecimal() else cell or None for cell in line.split(",")])
    sheet["D5"] = "=2+2"
    book.save(folder / "ratings.xlsx")
    told = refused(run, folder)
    assert "ratings.xlsx, line 5, value" in told
    assert "cell D5 holds a formula" in told


def test_problems_of_files_and_of_places_come_together(run: Run, tmp_path: Path) -> None:
    folder = write(
        tmp_path / "mine",
        cities_csv=CITIES.replace("Oslo,NO", "Oslow,NO"),
        index_toml=INDEX.replace("weight = 40", "weight = 30"),
    )
    told = refused(run, folder)
    assert "sum to 1 or 100" in told
    assert "cities.csv, line 3" in told
    assert "Oslow" in told


def test_ambiguous_city_is_told(run: Run, tmp_path: Path) -> None:
    cities = CITIES.replace("Oslo,NO,", "Tripoli,,")
    ratings = RATINGS.replace("Oslo", "Tripoli")
    folder = write(tmp_path / "mine", cities_csv=cities, ratings_csv=ratings)
    done = run("score", str(folder), "-o", str(tmp_path / "out"), "--draws", "5")
    assert done.exit_code == 0, done.stderr
    assert "Tripoli: taken for" in done.stderr


def test_text_of_data_is_escaped_on_the_page(run: Run, tmp_path: Path) -> None:
    index = INDEX.replace('"Small"', '"<script>alert(1)</script> | *x*"')
    folder = write(tmp_path / "mine", index_toml=index)
    done = run("score", str(folder), "-o", str(tmp_path / "out"), "--draws", "5")
    assert done.exit_code == 0, done.stderr
    html = (tmp_path / "out" / "summary.html").read_text(encoding="utf-8")
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    page = (tmp_path / "out" / "summary.md").read_text(encoding="utf-8")
    assert page.startswith("# \\<script\\>alert(1)\\</script\\> \\| \\*x\\*")


def test_same_input_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    folder = budget(tmp_path / "mine")
    for out in ("one", "two"):
        run("score", str(folder), "-o", str(tmp_path / out), "--draws", "20")
    files = [path for path in (tmp_path / "one").rglob("*") if path.is_file()]
    assert len(files) > 15
    for path in files:
        other = tmp_path / "two" / path.relative_to(tmp_path / "one")
        assert other.read_bytes() == path.read_bytes()


def test_same_bytes_whatever_does_the_tasks(run: Run, tmp_path: Path) -> None:
    folder, done = budget(tmp_path / "mine"), []

    def backwards(
        name: str, work: Callable[[object], Arrays], tasks: Sequence[object]
    ) -> Iterator[Arrays]:
        done.append(name)
        return reversed([work(task) for task in reversed(tasks)])

    run("score", str(folder), "-o", str(tmp_path / "one"), "--draws", "20")
    write_scores(score(folder, draws=20, mapped=backwards), tmp_path / "two", "en")
    assert done == ["draws", "weights", "switches", "left-out", "clusters", "drivers"]
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_workers_of_dask_give_the_same_bytes(run: Run, client: Any, tmp_path: Path) -> None:  # noqa: ANN401
    folder, unfinished = budget(tmp_path / "mine"), tmp_path / "two.unfinished"
    victim, over = min(client.run(os.getpid).values()), threading.Event()

    def kill() -> None:
        while not list(unfinished.glob("*.npz")) and not over.is_set():
            time.sleep(0.002)
        os.kill(victim, signal.SIGKILL)

    thread = threading.Thread(target=kill)
    thread.start()
    run("score", str(folder), "-o", str(tmp_path / "one"), "--draws", "20")
    words = ("score", str(folder), "-o", str(tmp_path / "two"), "--draws", "20")
    result = run(*words, "--engine", "dask", "--scheduler", client.scheduler.address)
    over.set()
    thread.join()
    assert result.exit_code == 0
    assert files(tmp_path / "one") == files(tmp_path / "two")
    assert not unfinished.exists()


def files(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_json_and_seed(run: Run, tmp_path: Path) -> None:
    folder = budget(tmp_path / "mine")
    told = []
    for seed in ("1", "2"):
        given = ("-o", str(tmp_path / "out"), "--draws", "30", "--seed", seed, "--json")
        told.append(json.loads(run("score", str(folder), *given).stdout))
    first, other = told
    assert [row["rank"] for row in first["cities"]] == [1, 2, 3]
    assert [row["city"] for row in first["cities"]] == [row["city"] for row in other["cities"]]
    assert {"ranks.csv", "manifest.json"} <= set(first["files"])
    means = [[row["rank_mean"] for row in each["cities"]] for each in told]
    assert means[0] != means[1]


def test_without_salib_the_rest_is_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr("tierscape.scoring.index.sobol.import_module", absent)
    folder = budget(tmp_path / "mine")
    done = run("score", str(folder), "-o", str(tmp_path / "out"), "--draws", "5")
    assert done.exit_code == 1
    assert "pip install 'tierscape[score]'" in done.stderr
    assert (tmp_path / "out" / "ranks.csv").is_file()
    assert (tmp_path / "out" / "drivers.csv").read_text(encoding="utf-8").count("\n") == 1


def test_empty_tier_is_left_out_of_the_edition(tmp_path: Path) -> None:
    rule = 'method = "threshold"\nthresholds = [1000, 50]'
    index = INDEX.replace('method = "share"\nshares = [50, 100]\nties = "promote"', rule)
    folder = write(tmp_path / "mine", index_toml=index)
    places = load(folder, ["mine"])
    (total,) = places.editions[0].dimensions
    assert [(tier.number, tier.label) for tier in total.tiers] == [(1, "≥ 50"), (2, "< 50")]
    tiers = read_ranking(folder, Catalog()).result.tiers
    assert (
        places.tiers.set_index("name_published")["tier"].to_dict()
        == (tiers.set_index("city")["tier"] - 1).to_dict()
    )


def test_group_that_ties_is_no_dimension(tmp_path: Path) -> None:
    index = INDEX.replace("weight = 60", 'weight = 100\nparent = "web"')
    web = '[[indicator]]\nslug = "web"\ntitle_en = "Web"\nweight = 60\n'
    index = index.replace("[[indicator]]", web + "[[indicator]]", 1)
    ratings = RATINGS.replace("net,2", "net,3").replace("net,1", "net,3")
    folder = write(tmp_path / "mine", index_toml=index, ratings_csv=ratings)
    edition = read_ranking(folder, Catalog()).edition
    assert [each.slug for each in edition.dimensions] == ["total"]
    assert edition.notes[0].startswith("web is no table of tiers: all 3 cities tie")


def budget(folder: Path) -> Path:
    """Write a sound folder whose weights come from three experts."""
    experts = "expert,field,indicator,other,value\n" + "".join(
        f"{name},x,net,,{net}\n{name},x,rail,,{100 - net}\n"
        for name, net in (("A", 20), ("B", 50), ("C", 80))
    )
    index = INDEX.replace('"given"', '"budget"')
    return write(folder, index_toml=index, experts_csv=experts)
