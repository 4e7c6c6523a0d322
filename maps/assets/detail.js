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
    make("div", { class: "tools" }, roleSwitch(store, state), pickButton(store, state, cluster)),
    pickedBar(store, state),
    result ? figures(model, state, result, colour) : make("p", { class: "note" }, words.noMembers),
    result ? composition(model, state, result) : null,
    versus(model, state, cluster.slug),
    sensitivitySection(model, state, cluster),
    mentions(model, state, cluster.slug),
    source(state, cluster),
    members(model, state, cluster, actions),
  );
}

function figures(model, state, result, colour) {
  const words = WORDS[state.lang];
  const ranked = rankedIn(model, state);
  const fact = (name, value, key) => make("div", {}, make("dt", {}, name, " ", how(state, key)), make("dd", {}, value));
  const rank = result.n < 3 ? words.noRank : result.rank === null ? null : words.rankOf(result.rank, ranked);
  return make(
    "section",
    { class: "figures" },
    make("p", { class: "big" }, make("b", {}, fixed(result.percentile)), make("span", {}, words.percentile), how(state, "percentile")),
    rangeBar(result, colour),
    make(
      "dl",
      {},
      fact(words.bounds, `${fixed(result.lower)}–${fixed(result.upper)}`, "bounds"),
      fact(words.deviation, fixed(result.sd, 2), "sd"),
      fact(words.members, words.cities(result.n), "members"),
      rank === null ? null : fact(words.rank, rank, "rank"),
    ),
  );
}

function composition(model, state, result) {
  const symbols = model.symbols(state);
  const present = symbols.map((symbol, i) => ({ symbol, tier: i + 1, n: result.tiers[i] ?? 0 })).filter(({ n }) => n > 0);
  return make(
    "section",
    {},
    make("h3", {}, WORDS[state.lang].composition, " ", how(state, "composition")),
    stackBar(model, state, result),
    make(
      "ul",
      { class: "tiers" },
      present.map(({ symbol, tier, n }) => make("li", {}, symbolIcon(symbol), make("span", {}, model.label(state, tier)), make("b", {}, String(n)))),
    ),
  );
}

function stackBar(model, state, result) {
  const part = (symbol, i) => (result.tiers[i] ? make("span", { style: { background: symbol.fill, "flex-grow": result.tiers[i] } }) : null);
  return make("div", { class: "stack", "aria-hidden": "true" }, model.symbols(state).map(part));
}

function pickButton(store, state, cluster) {
  const words = WORDS[state.lang];
  return make(
    "button",
    {
      type: "button",
      class: "pick",
      "aria-pressed": state.picked.includes(cluster.slug),
      "aria-label": words.pick(cluster[state.lang]),
      title: words.pick(cluster[state.lang]),
      "data-key": `pick-${cluster.slug}`,
      onclick: () => togglePick(store, cluster.slug),
    },
    "⇄",
  );
}

function versus(model, state, slug) {
  const words = WORDS[state.lang];
  const lines = model.against(state, slug);
  if (lines.length === 0) {
    return null;
  }
  return make("details", {}, make("summary", {}, words.versus), comparisonTable(state, lines.map((line) => ({ ...line, name: line.other[state.lang] }))), notesOnTests(state));
}

function pText(p) {
  return p === null ? "–" : p < 0.001 ? "<0.001" : fixed(p, 3);
}

function comparisonTable(state, lines) {
  const words = WORDS[state.lang];
  // What is not certain is never shown as 0 or 1.
  const chance = (p) => (p > 0.995 ? ">0.99" : p < 0.005 ? "<0.01" : fixed(p, 2));
  const row = ({ name, other, difference, lower, upper, ahead, certain, p }) =>
    make(
      "tr",
      { "data-lights": other.slug },
      make("th", { scope: "row" }, name),
      make("td", {}, make("b", {}, signed(difference)), make("span", { class: "quiet" }, ` ${fixed(lower)} … ${fixed(upper)}`)),
      make("td", {}, certain ? make("abbr", { title: words.certainHint }, words.certain) : chance(ahead)),
      make("td", {}, pText(p)),
    );
  const heads = [["", null], [words.difference, "difference"], [words.ahead, "ahead"], [words.pValue, "p"]];
  const head = ([text, key]) => (key ? make("th", { scope: "col" }, text, " ", how(state, key)) : make("td", {}));
  return make("table", { class: "pairs" }, make("thead", {}, make("tr", {}, heads.map(head))), make("tbody", {}, lines.map(row)));
}

function notesOnTests(state) {
  const words = WORDS[state.lang];
  return make("div", { class: "quiet tests" }, make("p", {}, words.holm), make("p", {}, words.certainWhy));
}

function mentions(model, state, slug) {
  const words = WORDS[state.lang];
  const claims = model.data.claims.filter((claim) => claim.clusters?.includes(slug));
  return make(
    "details",
    { class: "mentions" },
    make("summary", {}, `${words.mentions} (${claims.length})`),
    claims.length ? make("ul", { class: "claims" }, claims.map((claim) => claimItem(claim, state))) : make("p", { class: "quiet" }, words.noMentions),
  );
}

// Text that the data have in English alone says so in Chinese.
function englishOnly(state, text) {
  const mark = state.lang === "zh" ? make("em", { class: "only", lang: "zh-Hans" }, WORDS.zh.english) : null;
  return make("span", { lang: "en" }, text, mark);
}

function source(state, cluster) {
  const words = WORDS[state.lang];
  const sentence = cluster[`sentence_${state.lang}`] || cluster[`sentence_${otherLanguage(state.lang)}`];
  return make(
    "details",
    { open: true },
    make("summary", {}, words.source),
    sentence ? make("blockquote", {}, sentence, make("cite", {}, cluster.document)) : null,
    (cluster.rule ?? []).map((rule, i) =>
      make("p", { class: "quiet" }, `${words.wholeRule} (${words[i ? "extended" : "core"]}): ${rule[state.lang]}`),
    ),
    cluster.core_reason ? make("p", { class: "quiet" }, `${words.reason}: `, englishOnly(state, cluster.core_reason)) : null,
    cluster.geography ? make("p", { class: "quiet" }, `${words.geography}: `, englishOnly(state, cluster.geography)) : null,
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
        make("span", { class: "rule" }, ruleText(model, state, rule), km === null ? "" : ` · ${fixed(km)} ${words.units.km}`),
      ),
    );
  };
  return make("section", {}, make("h3", {}, words.memberTable, " ", how(state, "members")), make("ul", { class: "members" }, sorted.map(item)));
}

function ruleText(model, state, rule) {
  const [en, zh] = model.data.rules[rule];
  return state.lang === "zh" && zh ? zh : state.lang === "zh" ? englishOnly(state, en) : en;
}
