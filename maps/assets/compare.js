// Clusters side by side, and two tables before and after.
const MOST_PICKED = 4;
const CHANGES = {
  1: { shape: "triangle", fill: "#2c7fb8", radius_px: 6 },
  "-1": { shape: "inverted-triangle", fill: "#d95f0e", radius_px: 6 },
  0: { shape: "circle", fill: "#9aa5ae", radius_px: 3.5 },
};

addPart({
  first: () => ({ picked: Object.freeze([]), view: "list", before: null }),
  hash: {
    picked: {
      write: (state) => state.picked.join("."),
      read: (text, data) => ({ picked: text.split(".").filter((slug, i, all) => all.indexOf(slug) === i && data.clusters.some((each) => each.slug === slug)).slice(0, MOST_PICKED) }),
    },
    show: {
      write: (state) => state.view,
      read: (text) => (["list", "chart", "tiers", "changes", "compare"].includes(text) ? { view: text } : null),
    },
    before: {
      write: (state) => state.before ?? "",
      read: (text, data) => (data.editions.some(({ slug, dimensions }) => dimensions.some((each) => `${slug}/${each.slug}` === text)) ? { before: text } : null),
    },
  },
});

function togglePick(store, slug) {
  const { picked, view } = store.get();
  const left = picked.filter((each) => each !== slug);
  const now = left.length < picked.length ? left : [...picked, slug].slice(-MOST_PICKED);
  store.set({ picked: now, view: view === "compare" && now.length < 2 ? "list" : view });
}

// A click opens a cluster; with Ctrl (or Command) it picks it for comparison.
function openOrPick(store, slug, event) {
  if (event.ctrlKey || event.metaKey) {
    store.set({ tab: "clusters" });
    togglePick(store, slug);
  } else {
    store.set({ selected: slug, tab: "clusters" });
  }
}

function pickedBar(store, state) {
  if (state.picked.length === 0) {
    return null;
  }
  const words = WORDS[state.lang];
  const button = (key, text, onclick) => make("button", { type: "button", class: "plain", "data-key": key, onclick }, text);
  return make(
    "div",
    { class: "picked" },
    make("span", { role: "status" }, words.picked(state.picked.length)),
    state.picked.length > 1 ? button("compare", words.compare, () => store.set({ view: "compare" })) : null,
    button("clear", words.clear, () => store.set({ picked: [], view: state.view === "compare" ? "list" : state.view })),
  );
}

function drawCompare(model, store, state) {
  const words = WORDS[state.lang];
  const items = state.picked.map((slug) => {
    const result = model.result(state, slug);
    return { cluster: model.clusters.get(slug), result, ranked: rankedIn(model, state) };
  });
  const row = (name, key, cell) =>
    make("tr", {}, name ? make("th", { scope: "row" }, name, key ? how(state, key) : null) : make("td", {}), items.map((item) => make("td", {}, item.result ? cell(item) : "–")));
  const colour = ({ cluster }) => model.data.style.landforms[cluster.landform].colour;
  return [
    make("button", { type: "button", class: "plain back", "data-key": "list", onclick: () => store.set({ view: "list" }) }, `← ${words.backToList}`),
    make("h2", {}, words.compare),
    make("div", { class: "tools" }, roleSwitch(store, state)),
    make(
      "div",
      { class: "wide", tabindex: 0, role: "region", "aria-label": words.compare },
      make(
        "table",
        { class: "side-by-side" },
        make(
          "thead",
          {},
          make(
            "tr",
            {},
            make("td", {}),
            items.map((item) =>
              make(
                "th",
                { scope: "col" },
                make(
                  "button",
                  { type: "button", class: "plain", "data-key": `open-${item.cluster.slug}`, "data-lights": item.cluster.slug, onclick: () => store.set({ selected: item.cluster.slug }) },
                  item.cluster[state.lang],
                ),
              ),
            ),
          ),
        ),
        make(
          "tbody",
          {},
          row(words.percentile, "percentile", ({ result }) => make("b", {}, fixed(result.percentile))),
          row(words.bounds, "bounds", (item) => [rangeBar(item.result, colour(item)), `${fixed(item.result.lower)}–${fixed(item.result.upper)}`]),
          row(words.rank, "rank", ({ result, ranked }) => (result.rank === null ? "–" : words.rankOf(result.rank, ranked))),
          row(words.members, "members", ({ result }) => words.cities(result.n)),
          row(words.composition, "composition", ({ result }) => stackBar(model, state, result)),
          model.symbols(state).map((symbol, i) => row(model.label(state, i + 1), null, ({ result }) => String(result.tiers[i] ?? 0))),
        ),
      ),
    ),
    make("h2", { class: "small" }, words.pairs),
    pairTable(model, state),
  ];
}

function rankedIn(model, state) {
  return model.league(state).filter(({ result }) => (result?.n ?? 0) >= 3).length;
}

function pairTable(model, state) {
  const words = WORDS[state.lang];
  const pairs = state.picked.flatMap((slug, i) =>
    model
      .against(state, slug)
      .filter(({ other }) => state.picked.indexOf(other.slug) > i)
      .map((line) => ({ ...line, name: `${model.clusters.get(slug)[state.lang]} − ${line.other[state.lang]}` })),
  );
  return pairs.length ? [comparisonTable(state, pairs), notesOnTests(state)] : make("p", { class: "note" }, words.noPairs);
}

// Tables of other editions that rank some of the cities of the one that is shown.
function sharingTables(model, state) {
  const here = model.rows(state);
  return model.data.editions
    .filter((edition) => edition.slug !== state.edition)
    .flatMap((edition) => edition.dimensions.map((dimension) => ({ edition, dimension, key: `${edition.slug}/${dimension.slug}` })))
    .map((item) => ({ ...item, shared: item.dimension.city.filter((city) => here.has(city)) }))
    .filter(({ shared }) => shared.length > 0);
}

function tableBefore(model, state) {
  if (state.view !== "changes" || !state.before) {
    return null;
  }
  const [edition, dimension] = state.before.split("/");
  const there = { ...state, edition, dimension };
  return model.edition(there) && edition !== state.edition ? there : null;
}

// Tier before, tier now, and 1, 0 or -1 as the place is higher, the same or lower; null where a
// table lacks the city.
function changeOf(model, state, city) {
  const there = tableBefore(model, state);
  const [was, is] = there ? [model.placing(there, city), model.placing(state, city)] : [null, null];
  return was && is ? { was: was.tier, is: is.tier, step: Math.sign(was.tier - is.tier) } : null;
}

function changeSymbol(model, state, city) {
  if (!tableBefore(model, state)) {
    return null;
  }
  const found = changeOf(model, state, city);
  const { ink, halo, unranked } = model.data.style;
  return found ? { ...CHANGES[found.step], stroke: ink, halo } : unranked;
}

function changeLine(model, state, city) {
  const found = changeOf(model, state, city);
  return found ? make("span", {}, changeText(WORDS[state.lang], found)) : null;
}

function changeText(words, { was, is, step }) {
  return `${was} → ${is} · ${[words.down, words.same, words.up][step + 1]}`;
}

function changesView(model, store, state) {
  const words = WORDS[state.lang];
  const tables = sharingTables(model, state);
  if (tables.length === 0) {
    return make("p", { class: "note" }, words.noShared);
  }
  const chosen = tables.find(({ key }) => key === state.before);
  const title = ({ edition, dimension }) => `${edition[state.lang]} · ${dimension[state.lang]}`;
  const pick = (event) => store.set({ before: event.target.value || null });
  const options = [["", words.chooseTable], ...tables.map((item) => [item.key, title(item)])];
  return [
    make(
      "label",
      { class: "choice" },
      make("span", {}, words.compareWith),
      make("select", { id: "before", "data-key": "before", onchange: pick }, options.map(([value, text]) => make("option", { value, selected: value === (chosen?.key ?? "") }, text))),
    ),
    chosen ? changeList(model, state, chosen, title(chosen)) : null,
  ];
}

function changeList(model, state, { dimension, shared }, there) {
  const words = WORDS[state.lang];
  const here = model.dimension(state);
  const found = shared.map((city) => ({ city, ...changeOf(model, state, city) })).sort((a, b) => b.was - b.is - (a.was - a.is) || a.is - b.is || a.city - b.city);
  const count = (step) => found.filter((item) => item.step === step).length;
  const { ink } = model.data.style;
  const tiers = [here.labels.length, dimension.labels.length];
  return [
    make("p", { class: "counts" }, [1, 0, -1].map((step) => symbolIcon({ ...CHANGES[step], stroke: ink })), words.changes(count(1), count(0), count(-1)), how(state, "change")),
    make("p", { class: "quiet" }, words.changeMeaning(there, dimension.city.length, `${model.edition(state)[state.lang]} · ${here[state.lang]}`, here.city.length, shared.length)),
    tiers[0] === tiers[1] ? null : make("p", { class: "quiet" }, words.tierSets(...tiers)),
    make(
      "ul",
      { class: "changed" },
      found
        .filter(({ step }) => step !== 0)
        .map((item) =>
          make(
            "li",
            {},
            make(
              "button",
              { type: "button", "data-city": item.city, "data-key": `changed-${item.city}` },
              symbolIcon({ ...CHANGES[item.step], stroke: ink }),
              make("span", { class: "name" }, model.data.cities[state.lang][item.city]),
              make("span", { class: "quiet" }, changeText(words, item)),
            ),
          ),
        ),
    ),
  ];
}
