// Questions that the views ask of the data.
function createModel(data) {
  const clusters = new Map(data.clusters.map((cluster) => [cluster.slug, cluster]));
  const memberships = data.cities.zh.map(() => []);
  for (const cluster of data.clusters) {
    for (const [city, core] of cluster.members) {
      memberships[city].push({ cluster, core });
    }
  }
  const placings = new Map();

  const edition = (state) => data.editions.find((item) => item.slug === state.edition);
  const dimension = (state) => edition(state).dimensions.find((item) => item.slug === state.dimension);
  const table = (state) => `${state.edition}/${state.dimension}`;

  // City to its row in the table that is shown.
  function rows(state) {
    const key = table(state);
    if (!placings.has(key)) {
      placings.set(key, new Map(dimension(state).city.map((city, row) => [city, row])));
    }
    return placings.get(key);
  }

  function placing(state, city) {
    const shown = dimension(state);
    const row = rows(state).get(city);
    if (row === undefined) {
      return null;
    }
    return {
      tier: shown.tier[row],
      best: shown.rank_best[row],
      worst: shown.rank_worst[row],
      published: shown.published[row],
      count: shown.city.length,
    };
  }

  function result(state, slug, role = state.role) {
    return data.results[table(state)]?.[slug]?.[role] ?? null;
  }

  // Clusters from the highest percentile to the lowest; those without a member come last.
  function league(state) {
    const scored = data.clusters.map((cluster) => ({ cluster, result: result(state, cluster.slug) }));
    const height = (item) => (item.result ? item.result.percentile : -1);
    const rankable = (item) => (item.result && item.result.n >= 3 ? 1 : 0);
    return scored.sort(
      (a, b) => rankable(b) - rankable(a) || height(b) - height(a) || (a.cluster.slug < b.cluster.slug ? -1 : 1),
    );
  }

  // Comparisons of one cluster with each other, turned so that it comes first.
  function against(state, slug) {
    const lines = data.comparisons[table(state)] ?? [];
    return lines
      .filter(([a, b]) => (a === slug || b === slug) && clusters.has(a) && clusters.has(b))
      .map(([a, b, difference, lower, upper, ahead, certain, p]) =>
        a === slug
          ? { other: clusters.get(b), difference, lower, upper, ahead, certain, p }
          : { other: clusters.get(a), difference: -difference, lower: -upper, upper: -lower, ahead: 1 - ahead, certain, p },
      )
      .sort((a, b) => b.difference - a.difference);
  }

  function label(state, tier) {
    const shown = dimension(state);
    const text = (state.lang === "zh" ? shown.labels : shown.labels_en)[tier - 1];
    return WORDS[state.lang].tierLabel(tier, text);
  }

  const symbols = (state) => data.style.tiers[dimension(state).labels.length];
  const symbol = (state, city) => {
    const found = placing(state, city);
    return found ? symbols(state)[found.tier - 1] : data.style.unranked;
  };

  return { data, clusters, memberships, edition, dimension, rows, placing, result, league, against, label, symbols, symbol };
}
