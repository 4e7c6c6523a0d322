// Hot and cold spots: where high tiers, or low ones, gather beyond chance.
const SPOT_STYLES = {
  h: { colour: "#c2185b", dash: [] },
  c: { colour: "#1565c0", dash: [] },
  H: { colour: "#c2185b", dash: [3, 3] },
  C: { colour: "#1565c0", dash: [3, 3] },
};

function spotTable(model, state) {
  return model.data.spots?.[`${state.edition}/${state.dimension}`] ?? null;
}

// The letter and p-values of a city in the table shown; null where it has none.
function spotOf(model, state, city) {
  const table = spotTable(model, state);
  const row = model.rows(state).get(city);
  if (!table?.label || row === undefined) {
    return null;
  }
  return { letter: table.label[row], p: table.p_value[row], adjusted: table.p_adjusted[row] };
}

function ringSpots(context, spots, { model, state }) {
  if (!state.layers.includes("spots")) {
    return;
  }
  const halo = model.data.style.halo;
  for (const { city, x, y, symbol } of spots) {
    const style = SPOT_STYLES[spotOf(model, state, city)?.letter];
    if (style) {
      const radius = symbol.radius_px + 5;
      ring(context, x, y, { radius, width: 5.5, colour: halo });
      ring(context, x, y, { radius, width: 3, colour: style.colour, dash: style.dash });
    }
  }
}

function ring(context, x, y, { radius, width, colour, dash = [] }) {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.lineWidth = width;
  context.strokeStyle = colour;
  context.setLineDash(dash);
  context.stroke();
  context.setLineDash([]);
}

function spotLegend(model, state) {
  const words = WORDS[state.lang];
  const table = spotTable(model, state);
  if (!table?.label) {
    return make("p", { class: "quiet", lang: table?.note ? "en" : null }, table?.note ? words.spotNote(table.note) : words.noSpots);
  }
  const letters = Object.keys(SPOT_STYLES).filter((letter) => table.label.includes(letter));
  const item = (letter) => {
    const { colour, dash } = SPOT_STYLES[letter];
    const mark = make("circle", { cx: 8, cy: 8, r: 5.5, fill: "none", stroke: colour, "stroke-width": 3, "stroke-dasharray": dash.join(" ") || null });
    const count = table.label.split(letter).length - 1;
    return make(
      "li",
      {},
      make("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, mark),
      make("span", {}, words.spotNames[letter]),
      make("b", {}, String(count)),
    );
  };
  return letters.length ? make("ul", { class: "spots" }, letters.map(item)) : make("p", { class: "quiet" }, words.noSpots);
}

function spotLine(model, state, city) {
  const found = state.layers.includes("spots") ? spotOf(model, state, city) : null;
  if (!found || !(found.letter in SPOT_STYLES)) {
    return null;
  }
  const words = WORDS[state.lang];
  return make("span", {}, `${words.spotNames[found.letter]} · ${words.pAdjusted(pText(found.adjusted))}`);
}
