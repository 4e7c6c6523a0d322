// One cluster: its figures, tiers, comparisons, source, and members with the rule for each.
function drawDetail(model, store, state, actions) {
  const words = WORDS[state.lang];
  const cluster = model.clusters.get(state.selected);
  const { colour, glyph } = model.data.style.landforms[cluster.landform];
  const result = model.result(state, cluster.slug);
  refill(
    byId("clusters"),
    make(
      "button",
      { type: "button", class: "plain back", "data-key": "back", onclick: () => store.set({ selected: null }) },
      `← ${words.back}`,
    ),
    make("h2", { style: { "--colour": colour } }, make("i", { "aria-hidden": "true" }, glyph), cluster[state.lang]),
    make("p", { class: "quiet" }, `${cluster[otherLanguage(state.lang)]} · ${words[cluster.landform]}`),
    make("div", { class: "tools" }, roleSwitch(store, state)),
    result ? figures(model, state, result, colour) : make("p", { class: "note" }, words.noMembers),
    result ? composition(model, state, result) : null,
    versus(model, state, cluster.slug),
    source(state, cluster),
    members(model, state, cluster, actions),
  );
}

function figures(model, state, result, colour) {
  const words = WORDS[state.lang];
  const ranked = model.league(state).filter((item) => (item.result?.n ?? 0) >= 3).length;
  const fact = (name, value) => make("div", {}, make("dt", {}, name), make("dd", {}, value));
  const rank = result.n < 3 ? words.noRank : result.rank === null ? null : words.rankOf(result.rank, ranked);
  return make(
    "section",
    { class: "figures" },
    make("p", { class: "big" }, make("b", {}, fixed(result.percentile)), make("span", {}, words.percentile)),
    rangeBar(result, colour),
    make(
      "dl",
      {},
      fact(words.bounds, `${fixed(result.lower)}–${fixed(result.upper)}`),
      fact(words.deviation, fixed(result.sd, 2)),
      fact(words.members, words.cities(result.n)),
      rank === null ? null : fact(words.rank, rank),
    ),
  );
}

function composition(model, state, result) {
  const symbols = model.symbols(state);
  const present = symbols.map((symbol, i) => ({ symbol, tier: i + 1, n: result.tiers[i] ?? 0 })).filter(({ n }) => n > 0);
  return make(
    "section",
    {},
    make("h3", {}, WORDS[state.lang].composition),
    make(
      "div",
      { class: "stack", "aria-hidden": "true" },
      present.map(({ symbol, n }) => make("span", { style: { background: symbol.fill, "flex-grow": n } })),
    ),
    make(
      "ul",
      { class: "tiers" },
      present.map(({ symbol, tier, n }) => make("li", {}, symbolIcon(symbol), make("span", {}, model.label(state, tier)), make("b", {}, String(n)))),
    ),
  );
}

function versus(model, state, slug) {
  const words = WORDS[state.lang];
  const lines = model.against(state, slug);
  if (lines.length === 0) {
    return null;
  }
  // What is not certain is never shown as 0 or 1.
  const chance = (p) => (p > 0.995 ? ">0.99" : p < 0.005 ? "<0.01" : fixed(p, 2));
  const row = ({ other, difference, lower, upper, ahead, certain, p }) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, other[state.lang]),
      make("td", {}, make("b", {}, signed(difference)), make("span", { class: "quiet" }, ` ${fixed(lower)} … ${fixed(upper)}`)),
      make("td", {}, certain ? make("abbr", { title: words.certainHint }, words.certain) : chance(ahead)),
      make("td", {}, p === null ? "–" : p < 0.001 ? "<0.001" : fixed(p, 3)),
    );
  return make(
    "details",
    {},
    make("summary", {}, words.versus),
    make(
      "table",
      {},
      make("thead", {}, make("tr", {}, ["", words.difference, words.ahead, words.pValue].map((text) => make("th", { scope: "col" }, text)))),
      make("tbody", {}, lines.map(row)),
    ),
  );
}

function source(state, cluster) {
  const words = WORDS[state.lang];
  const sentence = cluster[`sentence_${state.lang}`] || cluster[`sentence_${otherLanguage(state.lang)}`];
  return make(
    "details",
    { open: true },
    make("summary", {}, words.source),
    sentence ? make("blockquote", {}, sentence, make("cite", {}, cluster.document)) : null,
    cluster.geography ? make("p", { class: "quiet" }, `${words.geography}: ${cluster.geography}`) : null,
  );
}

function members(model, state, cluster, actions) {
  const words = WORDS[state.lang];
  const { cities } = model.data;
  const tier = (city) => model.placing(state, city)?.tier ?? 99;
  const sorted = [...cluster.members].sort((a, b) => b[1] - a[1] || tier(a[0]) - tier(b[0]) || (cities.en[a[0]] < cities.en[b[0]] ? -1 : 1));
  const item = ([city, core, rule, km]) => {
    const placing = model.placing(state, city);
    return make(
      "li",
      {},
      make(
        "button",
        {
          type: "button",
          "data-key": `city-${city}`,
          onclick: () => actions.goTo(city),
          onpointerenter: () => actions.light(city),
          onpointerleave: () => actions.light(null),
          onfocus: () => actions.light(city),
          onblur: () => actions.light(null),
        },
        symbolIcon(model.symbol(state, city)),
        make("span", { class: "name" }, cities[state.lang][city], core ? null : make("em", {}, words.extended)),
        make("span", { class: "tier" }, placing ? model.label(state, placing.tier) : words.unranked),
        make("span", { class: "rule" }, km === null ? rule : `${rule} · ${fixed(km)} km`),
      ),
    );
  };
  return make("section", {}, make("h3", {}, words.memberTable), make("ul", { class: "members" }, sorted.map(item)));
}
