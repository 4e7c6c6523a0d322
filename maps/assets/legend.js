// Tiers as printed with their counts, the class of cities that are not ranked, and landforms.
function drawLegend(model, state) {
  const words = WORDS[state.lang];
  const shown = model.dimension(state);
  const counts = new Map();
  shown.tier.forEach((tier) => counts.set(tier, (counts.get(tier) ?? 0) + 1));
  const rows = shown.labels.map((printed, i) =>
    legendRow(symbolIcon(model.symbols(state)[i]), model.label(state, i + 1), counts.get(i + 1) ?? 0, printed),
  );
  const unranked = model.data.cities.zh.length - shown.city.length;
  const { style } = model.data;
  rows.push(legendRow(symbolIcon(style.unranked), words.unranked, unranked));
  const landforms = Object.entries(style.landforms).map(([name, { colour, glyph }]) =>
    make("span", { class: "landform", style: { "--colour": colour } }, make("i", {}, glyph), words[name]),
  );
  byId("legend").lastElementChild.replaceChildren(
    make("ul", {}, rows),
    make("p", { class: "landforms" }, landforms),
    make("p", { class: "lines" }, lineIcon(false), words.coreLine, lineIcon(true), words.allLine),
  );
}

function legendRow(icon, text, count, printed = null) {
  return make("li", { title: printed }, icon, make("span", {}, text), make("b", {}, String(count)));
}

function lineIcon(dashed) {
  const line = { x1: 0, y1: 5, x2: 24, y2: 5, stroke: "currentColor", "stroke-width": dashed ? 1.4 : 2.2 };
  return make("svg", { viewBox: "0 0 24 10", width: 24, height: 10, "aria-hidden": "true" }, make("line", { ...line, "stroke-dasharray": dashed ? "4 3" : null }));
}
