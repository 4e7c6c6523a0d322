// Charts of all clusters as SVG: the league with its bounds, and the tiers of the members.
const CHART = { width: 352, row: 22, names: 128, top: 22, pad: 14 };
const LONGEST_NAME = { zh: 9, en: 15 };

function drawn(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => value !== null && element.setAttribute(name, String(value)));
  element.append(...children.flat().filter((child) => child !== null));
  return element;
}

function shortName(text, lang) {
  const letters = [...text];
  return letters.length > LONGEST_NAME[lang] ? `${letters.slice(0, LONGEST_NAME[lang] - 1).join("")}…` : text;
}

function leagueChart(model, store, state) {
  const words = WORDS[state.lang];
  const items = model.league(state).filter(({ result }) => result);
  const x = (value) => CHART.names + ((CHART.width - CHART.names - CHART.pad) * value) / 100;
  const bars = ({ n, percentile, lower, upper }, colour, y) => [
    drawn("line", { x1: x(lower), x2: x(upper), y1: y, y2: y, stroke: colour, class: "bounds" }),
    drawn("circle", { cx: x(percentile), cy: y, r: 4.2, fill: n < 3 ? "none" : colour, stroke: colour, class: n < 3 ? "few" : "dot" }),
  ];
  const first = items[0];
  return chart(model, store, state, {
    items,
    title: words.chartTitle,
    text: first ? words.chartText(items.length, first.cluster[state.lang], fixed(first.result.percentile)) : words.noMembers,
    ticks: [0, 25, 50, 75, 100].map((value) => [x(value), String(value)]),
    row: ({ result }, colour, y) => bars(result, colour, y),
    value: ({ result }) => `${fixed(result.percentile)} (${fixed(result.lower)}–${fixed(result.upper)})`,
  });
}

function tierChart(model, store, state) {
  const words = WORDS[state.lang];
  const items = model.league(state).filter(({ result }) => result);
  const symbols = model.symbols(state);
  const wide = CHART.width - CHART.names - CHART.pad;
  const stack = ({ n, tiers }, _, y) => {
    let left = CHART.names;
    return symbols.map((symbol, i) => {
      const width = (wide * (tiers[i] ?? 0)) / n;
      const part = drawn("rect", { x: left, y: y - 7, width, height: 14, fill: symbol.fill, class: "part" });
      left += width;
      return width > 0 ? part : null;
    });
  };
  return chart(model, store, state, {
    items,
    title: words.tiersTitle,
    text: words.tiersText(items.length),
    ticks: [0, 50, 100].map((share) => [CHART.names + (wide * share) / 100, `${share}%`]),
    row: ({ result }, colour, y) => stack(result, colour, y),
    value: ({ result }) => symbols.map((_, i) => `${i + 1}: ${result.tiers[i] ?? 0}`).join(", "),
  });
}

// A frame with one row a cluster; a row lights its cluster on the map and opens it.
function chart(model, store, state, { items, title, text, ticks, row, value }) {
  const height = CHART.top + CHART.row * items.length + 6;
  const id = "chart-title chart-text";
  const rows = items.map((item, i) => {
    const { cluster } = item;
    const { colour, glyph } = model.data.style.landforms[cluster.landform];
    const y = CHART.top + CHART.row * (i + 0.5);
    const name = cluster[state.lang];
    const group = drawn(
      "g",
      { "data-lights": cluster.slug, class: "bar" },
      drawn("title", {}, `${name}: ${value(item)}`),
      drawn("rect", { x: 0, y: y - CHART.row / 2, width: CHART.width, height: CHART.row, class: "ground" }),
      drawn("text", { x: CHART.names - 8, y: y + 4, "text-anchor": "end" }, `${glyph} ${shortName(name, state.lang)}`),
      row(item, colour, y),
    );
    group.addEventListener("click", (event) => openOrPick(store, cluster.slug, event));
    return group;
  });
  const axis = ticks.map(([at, label]) => [
    drawn("line", { x1: at, x2: at, y1: CHART.top - 4, y2: height - 4, class: "grid" }),
    drawn("text", { x: at, y: CHART.top - 9, "text-anchor": "middle", class: "tick" }, label),
  ]);
  return drawn(
    "svg",
    { class: "chart", role: "img", "aria-labelledby": id, viewBox: `0 0 ${CHART.width} ${height}` },
    drawn("title", { id: "chart-title" }, title),
    drawn("desc", { id: "chart-text" }, text),
    axis.flat(),
    rows,
  );
}
