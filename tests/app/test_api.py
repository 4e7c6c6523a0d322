"""The public names: all there, documented, light until used, and of one mind with the commands."""

import inspect
import json
import re
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from click.testing import Result

import tierscape
from tierscape.reporting import Request

Run = Callable[..., Result]
NAMES = [name for name in tierscape.__all__ if not name.startswith("__")]
FUNCTIONS = [name for name in NAMES if inspect.isfunction(getattr(tierscape, name))]
HEAVY = {"pandas", "numpy", "geopandas", "folium", "sqlite3", "click"}


def described(function: Callable[..., object]) -> Callable[..., object]:
    """The function, or that of the same module whose docstring it says to see."""
    other = re.search(r"; see `(\w+)`", inspect.getdoc(function) or "")
    return getattr(sys.modules[function.__module__], other[1]) if other else function


@pytest.fixture(scope="module")
def places() -> tierscape.Places:
    return tierscape.load(editions=["g20-2023"])


@pytest.mark.parametrize("name", NAMES)
def test_every_name_is_there_and_documented(name: str) -> None:
    thing = getattr(tierscape, name)
    assert callable(thing)
    assert name in dir(tierscape)
    assert inspect.getdoc(thing)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_every_function_tells_its_arguments_results_and_errors(name: str) -> None:
    function = described(getattr(tierscape, name))
    told = inspect.getdoc(function) or ""
    for parameter in inspect.signature(function).parameters:
        assert re.search(rf"^([\w, ]+, )?{parameter}(, [\w, ]+)?( :.*)?$", told, re.MULTILINE)
    assert "Raises\n------" in told


def test_no_name_is_a_modules() -> None:
    """Importing such a module would put it in the place of the function."""
    assert [name for name in NAMES if find_spec(f"tierscape.{name}")] == []


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'compere'"):
        _ = tierscape.compere


def test_import_is_light() -> None:
    code = f"import sys, tierscape\nprint(*sorted({HEAVY} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""


def test_a_geocoder_is_light() -> None:
    code = (
        "import sys\nfrom tierscape import open_geocoder\n"
        "with open_geocoder() as geocoder: print(geocoder.find('大田').place.name_en)\n"
        "print(*sorted({'pandas', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["Daejeon", ""]


def test_geocode_is_what_the_command_says(run: Run) -> None:
    names = ["罗马", "Xi'an", "Munihc", "大湖"]
    told = json.loads(run("geocode", "--names", *names, "--json").stdout)
    assert tierscape.geocode(names).to_dict("records") == told


def test_countries_are_checked_all_at_once() -> None:
    with pytest.raises(tierscape.DataError) as found:
        tierscape.geocode(["罗马"], countries=["Itly", "德国", "Nowhereland"])
    assert [problem.value for problem in found.value.problems] == ["Itly", "Nowhereland"]
    assert "Did you mean 'Italy'?" in str(found.value)


@pytest.mark.parametrize("role", ["core", "all"])
def test_compare_is_what_the_command_says(run: Run, places: tierscape.Places, role: str) -> None:
    found = tierscape.compare(places, "阿尔卑斯山脉", "rockies", dimension="总分", role=role)
    asked = ("--edition", "g20-2023", "--dimension", "total", "--json")
    told = pd.DataFrame(json.loads(run("compare", "alps", "rockies", *asked).stdout)[role])
    for name in ("edition", "dimension", "cluster_a", "cluster_b", "difference", "p_a_ahead"):
        assert found[name].tolist() == told[name].tolist()


def test_a_cluster_without_cities_is_named() -> None:
    asia = tierscape.load(editions=["cstc-2021"])
    with pytest.raises(tierscape.TierscapeError, match="no city of these editions is in alps"):
        tierscape.compare(asia, "alps", "yangtze-delta")


def test_near_names_are_suggested(places: tierscape.Places) -> None:
    for name, near in (("落基山", "'rockies'"), ("aps", "'alps'"), ("五大湖", "Did you mean")):
        with pytest.raises(tierscape.TierscapeError, match=near):
            tierscape.compare(places, name, "baltic")


def test_claims_and_audit_are_those_of_the_analysis() -> None:
    arab = tierscape.load(editions=["arab-2024"])
    result = tierscape.analyse(arab)
    pd.testing.assert_frame_equal(tierscape.claims(arab), result.claims)
    pd.testing.assert_frame_equal(tierscape.audit(arab), result.audit)
    one = tierscape.claims(arab, "arab-2024")
    assert set(one["source"]) == {"arab-2024"}
    with pytest.raises(tierscape.UnknownNameError, match="'arab-2024'"):
        tierscape.claims(arab, "arab-2042")


def test_hot_spots_are_named_and_complete(places: tierscape.Places) -> None:
    found = tierscape.hot_spots(places, dimension="institutional")
    ranked = places.tiers[places.tiers["dimension"] == "institutional"]
    assert set(found["city_id"]) == set(ranked["city_id"])
    assert found["name_en"].ne("").all()
    near = tierscape.hot_spots(places, dimension="institutional", alpha=0.5)
    assert (near["label"] != "none").sum() > (found["label"] != "none").sum()


def test_learned_clusters_are_what_the_command_says(run: Run, places: tierscape.Places) -> None:
    found = tierscape.learn(places, "agglomerative", n_clusters=[8], samples=5)
    told = json.loads(
        run(
            *("clusters", "learn", "--method", "agglomerative", "--clusters", "8"),
            *("--samples", "5", "--edition", "g20-2023", "--json"),
        ).stdout
    )
    for number, cluster in enumerate(told["clusters"], start=1):
        rows = found[found["cluster"] == number]
        assert set(rows["city_id"]) == {city["city_id"] for city in cluster["cities"]}
        assert rows["stability"].iloc[0] == pytest.approx(cluster["jaccard"])
        assert rows["match"].iloc[0] == cluster["match"]


@pytest.mark.parametrize("code", [0, 1])
def test_a_report_is_asked_for_by_titles(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int
) -> None:
    asked = []

    def run(request: Request, say: Callable[[str], None]) -> int:
        say("reading")
        asked.append(request)
        return code

    monkeypatch.setattr("tierscape.reporting.run", run)
    notes: list[str] = []
    options = {"dimensions": ["总分"], "formats": ["md"], "langs": ["zh"], "note": notes.append}
    whole = tierscape.report(tmp_path, clusters=["尼罗河", "alps"], **options)
    wanted = Request(
        output=tmp_path,
        clusters=("nile", "alps"),
        dimensions=("total",),
        langs=("zh",),
        formats=("md",),
        jobs=1,
    )
    assert (whole, asked, notes) == (code == 0, [wanted], ["reading"])


def test_a_map_is_drawn_by_titles(tmp_path: Path) -> None:
    by_title = tierscape.draw_map(
        tmp_path / "a.svg", clusters=["大湖区"], edition="g20-2023", dimension="总分"
    )
    by_slug = tierscape.draw_map(tmp_path / "b.svg", clusters=["great-lakes"], edition="g20-2023")
    assert by_title.read_bytes() == by_slug.read_bytes()
