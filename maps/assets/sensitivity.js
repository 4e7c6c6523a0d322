// A cluster with one of its thresholds moved. Members at every stop come with the data; the
// figures are computed here from the tiers of the table shown, by the formulas of scoring.
function summaryOf(model, state, cities) {
  const placed = cities.map((city) => model.placing(state, city)).filter((placing) => placing !== null);
  if (placed.length === 0) {
    return null;
  }
  const tiers = new Map();
  for (const { tier, best, worst, count } of placed) {
    const same = tiers.get(tier) ?? { best, worst, count, n: 0 };
    tiers.set(tier, { ...same, n: same.n + 1 });
  }
  const all = [...tiers.values()];
  // Members take the best ranks of their tier, its worst, or its middle one.
  const mean = (rank) => all.reduce((sum, tier) => sum + tier.n * rank(tier), 0) / placed.length;
  const percentile = (rank) => 100 * (1 - (rank - 0.5) / placed[0].count);
  return {
    n: placed.length,
    percentile: percentile(mean(({ best, worst }) => (best + worst) / 2)),
    upper: percentile(mean(({ best, n }) => best + (n - 1) / 2)),
    lower: percentile(mean(({ worst, n }) => worst - (n - 1) / 2)),
  };
}

// The rank that a percentile would have among the other clusters of three cities and more.
function rankAmong(model, state, slug, { n, percentile }) {
  const others = model.data.clusters.filter((cluster) => cluster.slug !== slug).map((cluster) => model.result(state, cluster.slug));
  const ranked = others.filter((result) => result && result.n >= 3);
  const rounded = Number(percentile.toFixed(2));
  return n < 3 ? null : { rank: 1 + ranked.filter((result) => result.percentile > rounded).length, of: ranked.length + 1 };
}

function rolesAfter(cluster, changes) {
  const roles = new Map(cluster.members.map(([city, core]) => [city, core ? 2 : 1]));
  for (let i = 0; i < changes.length; i += 2) {
    roles.set(changes[i], changes[i + 1]);
  }
  return roles;
}

function sensitivitySection(model, state, cluster) {
  const sweeps = model.data.sweeps?.[cluster.slug] ?? [];
  if (sweeps.length === 0) {
    return null;
  }
  const words = WORDS[state.lang];
  const body = make("div", { class: "trial" });
  const choose = make(
    "select",
    { id: "sweep", onchange: () => showSweep(sweeps[choose.value]) },
    sweeps.map((sweep, i) => make("option", { value: i }, sweepName(words, state, sweep))),
  );

  function showSweep(sweep) {
    const published = sweep.steps.findIndex(([value]) => value === sweep.published);
    const result = make("div", { class: "outcome", role: "status" });
    const show = (at) => result.replaceChildren(...outcome(model, state, cluster, sweep.steps[at]));
    const tell = (at) => {
      show(at);
      const trial = at < 0 ? null : trialOf(cluster, sweep.steps[at][3]);
      body.dispatchEvent(new CustomEvent("trial", { bubbles: true, detail: trial }));
    };
    const control = sweep.published === null ? leavingOut(state, sweep, tell) : slider(state, sweep, published, tell);
    body.replaceChildren(control, result);
    tell(sweep.published === null ? -1 : Math.max(0, published));
  }

  const section = make(
    "details",
    { class: "sensitivity", id: "sensitivity" },
    make("summary", {}, words.sensitive),
    make("label", { class: "choice" }, make("span", {}, words.moveTest), choose, how(state, "sensitivity")),
    body,
  );
  showSweep(sweeps[0]);
  return section;
}

function sweepName(words, state, sweep) {
  const text = sweep[state.lang] || sweep.en;
  const named = `${words.parts[sweep.part]}: ${sweep.quantity === "without" ? `${words.without} – ` : ""}${text}`;
  return [...named].length > 90 ? `${[...named].slice(0, 89).join("")}…` : named;
}

function slider(state, sweep, published, tell) {
  const words = WORDS[state.lang];
  const text = (at) => {
    const mark = at === published ? ` (${words.publishedValue})` : "";
    return `${fixed(sweep.steps[at][0], 0)} ${words.units[sweep.unit] ?? sweep.unit}${mark}`;
  };
  const start = Math.max(0, published);
  const output = make("output", {}, text(start));
  const move = (event) => {
    const at = Number(event.target.value);
    output.textContent = text(at);
    event.target.setAttribute("aria-valuetext", text(at));
    tell(at);
  };
  const input = make("input", { type: "range", id: "threshold", min: 0, max: sweep.steps.length - 1, step: 1, value: start, "aria-label": words.threshold, "aria-valuetext": text(start), oninput: move });
  return make("div", { class: "slider" }, input, output);
}

function leavingOut(state, sweep, tell) {
  const words = WORDS[state.lang];
  const name = ([, en, zh]) => (state.lang === "zh" ? zh : en) || words.wholeTest;
  return make(
    "label",
    { class: "choice" },
    make("span", {}, words.without),
    make(
      "select",
      { id: "left-out", onchange: (event) => tell(Number(event.target.value)) },
      make("option", { value: -1 }, "–"),
      sweep.steps.map((step, i) => make("option", { value: i }, name(step))),
    ),
  );
}

// City to 1 where the members gain it or its role grows, to -1 where they lose it or it shrinks.
function trialOf(cluster, changes) {
  const before = rolesAfter(cluster, []);
  const trial = new Map();
  for (let i = 0; i < changes.length; i += 2) {
    trial.set(changes[i], Math.sign(changes[i + 1] - (before.get(changes[i]) ?? 0)));
  }
  return trial;
}

function outcome(model, state, cluster, step) {
  const words = WORDS[state.lang];
  const changes = step?.[3] ?? [];
  const roles = rolesAfter(cluster, changes);
  const least = state.role === "core" ? 2 : 1;
  const found = summaryOf(model, state, [...roles].filter(([, role]) => role >= least).map(([city]) => city));
  const ranked = found ? rankAmong(model, state, cluster.slug, found) : null;
  const trial = trialOf(cluster, changes);
  const listed = (sign, name) => {
    const cities = [...trial].filter(([, change]) => change === sign);
    const told = ([city]) =>
      make("li", { "data-city": city }, `${model.data.cities[state.lang][city]} (${words.becomes[roles.get(city)]})`);
    return cities.length ? [make("h4", {}, name), make("ul", { class: "changed" }, cities.map(told))] : [];
  };
  const figure = found
    ? make(
        "p",
        {},
        make("b", { class: "trial-percentile" }, fixed(found.percentile)),
        ` ${fixed(found.lower)}–${fixed(found.upper)} · ${words.cities(found.n)}`,
        ranked ? ` · ${words.rank} ${words.rankOf(ranked.rank, ranked.of)}` : "",
      )
    : make("p", { class: "note" }, words.nobodyLeft);
  const bar = found ? rangeBar(found, model.data.style.landforms[cluster.landform].colour) : null;
  const same = trial.size === 0 ? [make("p", { class: "quiet" }, words.noChange)] : [];
  return [figure, ...(bar ? [bar] : []), ...same, ...listed(1, words.gained), ...listed(-1, words.lost)];
}
