// The clusters from the highest percentile to the lowest, each with a switch for its outline.
const VIEWS = { list: "viewList", chart: "viewChart", tiers: "viewTiers", changes: "viewChanges" };

function drawLeague(model, store, state) {
  if (state.view === "compare" && state.picked.length > 1) {
    refill(byId("clusters"), drawCompare(model, store, state).flat(Infinity));
    return;
  }
  const shown = state.view in VIEWS ? state.view : "list";
  const views = {
    list: () => leagueList(model, store, state),
    chart: () => [leagueChart(model, store, state), make("p", { class: "axis" }, `${WORDS[state.lang].axis} · ${WORDS[state.lang].hollow} `, how(state, "bounds"))],
    tiers: () => tierChart(model, store, state),
    changes: () => changesView(model, store, state),
  };
  refill(
    byId("clusters"),
    viewSwitch(store, state, shown),
    shown === "changes" ? null : make("div", { class: "tools" }, roleSwitch(store, state), shown === "list" ? outlineSwitch(model, store, state) : null),
    pickedBar(store, state),
    [views[shown]()].flat(Infinity),
  );
}

function viewSwitch(store, state, shown) {
  const words = WORDS[state.lang];
  const button = ([view, word]) =>
    make("button", { type: "button", "aria-pressed": shown === view, "data-key": `view-${view}`, onclick: () => store.set({ view }) }, words[word]);
  return make("div", { class: "switch views", role: "group", "aria-label": words.viewName }, Object.entries(VIEWS).map(button));
}

function outlineSwitch(model, store, state) {
  const words = WORDS[state.lang];
  const all = model.data.clusters.map((cluster) => cluster.slug);
  const everything = state.shown.size === all.length;
  return make(
    "button",
    { type: "button", class: "plain", "data-key": "all", onclick: () => store.set({ shown: new Set(everything ? [] : all) }) },
    everything ? words.hideAll : words.showAll,
  );
}

function leagueList(model, store, state) {
  return [
    make("p", { class: "axis" }, WORDS[state.lang].axis, " ", how(state, "percentile")),
    make("ol", { class: "league" }, model.league(state).map((item) => leagueRow(model, store, state, item))),
  ];
}

function roleSwitch(store, state) {
  const words = WORDS[state.lang];
  const button = (role) =>
    make(
      "button",
      { type: "button", "aria-pressed": state.role === role, "data-key": `role-${role}`, onclick: () => store.set({ role }) },
      words[role],
    );
  return make("div", { class: "switch", role: "group", "aria-label": words.members }, button("core"), button("all"));
}

function leagueRow(model, store, state, { cluster, result }) {
  const words = WORDS[state.lang];
  const name = cluster[state.lang];
  const { colour, glyph } = model.data.style.landforms[cluster.landform];
  const toggle = () => {
    const shown = new Set(store.get().shown);
    shown[shown.has(cluster.slug) ? "delete" : "add"](cluster.slug);
    store.set({ shown });
  };
  return make(
    "li",
    { class: result ? "" : "empty", style: { "--colour": colour } },
    make("input", {
      type: "checkbox",
      checked: state.shown.has(cluster.slug),
      "aria-label": words.show(name),
      "data-key": `show-${cluster.slug}`,
      "data-cluster": cluster.slug,
      onchange: toggle,
    }),
    make(
      "button",
      {
        type: "button",
        class: "row",
        "data-key": `open-${cluster.slug}`,
        "data-lights": cluster.slug,
        onclick: (event) => openOrPick(store, cluster.slug, event),
      },
      make("span", { class: "name" }, make("i", { "aria-hidden": "true" }, glyph), make("span", {}, name)),
      make("span", { class: "count" }, countText(words, result)),
      result ? rangeBar(result, colour) : null,
      result ? make("span", { class: "value" }, make("b", {}, fixed(result.percentile)), ` ${fixed(result.lower)}–${fixed(result.upper)}`) : null,
    ),
    pickButton(store, state, cluster),
  );
}

function countText(words, result) {
  if (!result) {
    return words.noMembers;
  }
  return result.n < 3 ? `${words.cities(result.n)} · ${words.few}` : words.cities(result.n);
}

// Bounds as a bar and the expected percentile as a dot, on a scale from 0 to 100.
function rangeBar({ percentile, lower, upper }, colour) {
  return make(
    "svg",
    { class: "range", viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    make("line", { x1: 0, x2: 100, y1: 5, y2: 5, class: "scale" }),
    make("line", { x1: 50, x2: 50, y1: 1, y2: 9, class: "scale" }),
    make("line", { x1: lower, x2: upper, y1: 5, y2: 5, stroke: colour, class: "bounds" }),
    make("line", { x1: percentile, x2: percentile, y1: 0, y2: 10, stroke: colour, class: "expected" }),
  );
}
