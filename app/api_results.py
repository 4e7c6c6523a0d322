"""Public names: which cluster is ahead, and what stands in the sources."""

from collections.abc import Iterable

import pandas as pd

from tierscape.analysis import Places, audit_editions, judge_claims
from tierscape.data.errors import TierscapeError, UnknownNameError
from tierscape.naming import slugs_of
from tierscape.scoring.compare import compare as compare_tables
from tierscape.scoring.linked.compare import compare_linked as compare_orders
from tierscape.scoring.linked.link import link_editions


def compare(
    places: Places,
    *clusters: str,
    edition: str | None = None,
    dimension: str | None = None,
    role: str = "core",
) -> pd.DataFrame:
    """Tell which cluster is ahead, by how much, and how sure that is.

    Parameters
    ----------
    places
        What `load` returns.
    clusters
        Two or more, by slug or by title, Chinese or English.
    edition, dimension
        Where to compare, by slug or title; None is everywhere.
    role
        `core`, or `all` for core and extended members.

    Returns
    -------
    pandas.DataFrame
        One row for each pair, edition and dimension: `edition`, `dimension`, `cluster_a`,
        `cluster_b`, `difference` (percentile points, a less b), `difference_lower`,
        `difference_upper` (sharp, over every ranking that the tiers allow), `p_a_ahead`
        (probability under uniform order within tiers), `certain`, `p_value`, `p_adjusted`
        (Holm's, among the pairs asked for), `p_method`, `dominates`, `n_a`, `n_b`, `n_shared`,
        `note`. Where a cluster has no city the numbers are missing and `note` says so.

    Raises
    ------
    UnknownNameError, TierscapeError
        If a name is unknown, fewer than two clusters are given, or one has no ranked city.

    Examples
    --------
    >>> from tierscape import load
    >>> found = compare(load(editions=["g20-2023"]), "阿尔卑斯山脉", "rockies", dimension="total")
    >>> found[["difference", "difference_lower", "difference_upper"]].round(1).values.tolist()
    [[21.6, -2.2, 45.5]]
    """
    return compare_tables(
        places.tiers,
        places.membership,
        _filled(places, clusters),
        edition=_one(places, "edition", edition),
        dimension=_one(places, "dimension", dimension),
        role=role,
    )


def compare_linked(
    places: Places,
    *clusters: str,
    dimension: str | None = None,
    role: str = "core",
    seed: int = 0,
) -> pd.DataFrame:
    """Compare clusters among all cities of two editions that share a rubric.

    Parameters
    ----------
    places
        What `load` returns; exactly one pair of its editions shares a rubric.
    clusters
        Two or more, by slug or by title, Chinese or English.
    dimension
        A table that both editions print; None is all.
    role
        `core`, or `all` for core and extended members.
    seed
        Draws the rankings that a probability is estimated from.

    Returns
    -------
    pandas.DataFrame
        One row for each dimension, variant and pair: `dimension`, `cluster_a`, `cluster_b`,
        `variant` (what is done about cities that the editions contradict each other about),
        `n_cities`, `n_a`, `n_b`, `n_shared`, `difference`, `difference_lower`,
        `difference_upper` (percentile points among the linked cities), `certain`, `dominates`,
        `p_a_ahead`, `p_error` (its standard error), `p_method`, `excluded` (city ids), `note`.

    Raises
    ------
    DataError
        If no two editions can be linked.
    UnknownNameError, TierscapeError
        If a name is unknown, fewer than two clusters are given, or one has no ranked city.

    Examples
    --------
    >>> from tierscape import load
    >>> both = load(editions=["asia-2023", "g20-2023"])
    >>> found = compare_linked(both, "alps", "xian-kashgar", dimension="institutional")
    >>> found[["variant", "n_cities", "certain"]].values.tolist()
    [['no contradictions', 243, True]]
    """
    slugs = _filled(places, clusters)
    table = _one(places, "dimension", dimension)
    orders = link_editions(places.tiers, places.editions, dimension=table)
    return compare_orders(orders, places.membership, slugs, role=role, seed=seed)


def claims(places: Places, *sources: str) -> pd.DataFrame:
    """Judge sentences of the sources by their own tables.

    Parameters
    ----------
    places
        What `load` returns. Claims of your own are files in its `data` folder (docs/claims.md).
    sources
        Slugs of the sources to judge; all where none is given.

    Returns
    -------
    pandas.DataFrame
        One row for each claim: `claim`, `source`, `text_zh`, `text_en`, `verdict` (supported,
        contradicted, undetermined, untestable), `evidence`, `sensitivity` (the verdict with
        extended members). A claim on an edition that was not loaded is untestable.

    Raises
    ------
    DataError
        If a claim file has faults.
    UnknownNameError
        If there is no such source.

    Examples
    --------
    >>> from tierscape import load
    >>> found = claims(load(editions=["arab-2024"]), "arab-2024")
    >>> set(found["verdict"]) <= {"supported", "contradicted", "undetermined", "untestable"}
    True
    """
    stated = places.claims
    known = list(dict.fromkeys(claim.source for claim in stated))
    for source in sources:
        if source not in known:
            raise UnknownNameError("source", source, known)
    chosen = [claim for claim in stated if not sources or claim.source in sources]
    return judge_claims(places, chosen)


def audit(places: Places) -> pd.DataFrame:
    """List what the editions contradict in themselves and in each other.

    Parameters
    ----------
    places
        What `load` returns.

    Returns
    -------
    pandas.DataFrame
        One row for each finding: `edition` (two where it lies between them), `dimension`, `kind`
        (docs/audit.md), `city_id`, `detail`.

    Raises
    ------
    DataError
        If a file of rubrics, aliases or claims has faults.

    Examples
    --------
    >>> from tierscape import load
    >>> found = audit(load(editions=["arab-2024"]))
    >>> found.loc[found["kind"] == "order_conflict"].empty
    True
    """
    return audit_editions(places)


def named_clusters(places: Places, names: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs of clusters given by slug or title.

    Raises
    ------
    TierscapeError
        If a name is unknown; the message gives the nearest.

    Examples
    --------
    >>> from tierscape import load
    >>> named_clusters(load(editions=["arab-2024"]), ["波斯湾", "nile"])
    ('persian-gulf', 'nile')
    """
    return _slugs(places, "cluster", names)


def _filled(places: Places, names: Iterable[str]) -> tuple[str, ...]:
    """Return the slugs of clusters; raise those that no ranked city is in."""
    slugs = named_clusters(places, names)
    empty = [slug for slug in slugs if not (places.membership["cluster"] == slug).any()]
    if empty:
        raise TierscapeError(f"no city of these editions is in {', '.join(empty)}.")
    return slugs


def _one(places: Places, kind: str, name: str | None) -> str | None:
    return None if name is None else _slugs(places, kind, [name])[0]


def _slugs(places: Places, kind: str, names: Iterable[str]) -> tuple[str, ...]:
    """Return slugs; the user's own folder is the last root of the catalog."""
    roots = places.catalog.roots
    return slugs_of(kind, names, roots[-1] if len(roots) > 1 else None)
