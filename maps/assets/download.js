// The view as a picture, the table as CSV, the selection as GeoJSON: made here, saved by the browser.
const HEAD_PX = 58;
const FOOT_PX = 30;
const PNG_RATIO = 2;

function save(name, parts, type) {
  const link = make("a", { download: name, href: URL.createObjectURL(new Blob(parts, { type })) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const fileName = (state, ending) => `tierscape-${state.edition}-${state.dimension}.${ending}`.replace(/[^\w.-]+/g, "-");

// The map between its title and its source, drawn by the painters of the page on any context.
function drawPicture(context, app, ratio) {
  const { map, model, store, paint } = app;
  const state = store.get();
  const { x: width, y } = map.getSize();
  const height = HEAD_PX + y + FOOT_PX;
  const min = map.containerPointToLayerPoint([0, -HEAD_PX]);
  const view = viewFrom(map, min, L.point(width, height), ratio);
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  paint.land(context, view);
  paint.cities(context, view);
  drawFrame(context, model, state, { width, height });
  drawKey(context, model, state, height - FOOT_PX);
}

function drawFrame(context, model, state, { width, height }) {
  const { style } = model.data;
  const edition = model.edition(state);
  const family = FONTS[state.lang];
  context.fillStyle = style.halo;
  context.fillRect(0, 0, width, HEAD_PX);
  context.fillRect(0, height - FOOT_PX, width, FOOT_PX);
  Object.assign(context, { textAlign: "left", textBaseline: "middle", fillStyle: style.ink });
  context.font = `600 20px ${family}`;
  context.fillText(shortened(context, edition[state.lang], width - 32), 16, 20);
  context.font = `14px ${family}`;
  context.fillText(shortened(context, model.dimension(state)[state.lang], width - 32), 16, 43);
  context.font = `12px ${family}`;
  const words = WORDS[state.lang];
  const credit = [edition.credit, words.places, words.land, "tierscape"].filter(Boolean).join(" · ");
  context.fillText(shortened(context, credit, width - 32), 16, height - FOOT_PX / 2);
}

function shortened(context, text, width) {
  const chars = [...text];
  if (context.measureText(text).width <= width) {
    return text;
  }
  while (chars.length > 1 && context.measureText(`${chars.join("")}…`).width > width) {
    chars.pop();
  }
  return `${chars.join("")}…`;
}

function drawKey(context, model, state, bottom) {
  const { style } = model.data;
  const words = WORDS[state.lang];
  const labels = model.dimension(state).labels;
  const rows = labels.map((_, i) => ({ symbol: model.symbols(state)[i], text: model.label(state, i + 1) }));
  rows.push({ symbol: style.unranked, text: words.unranked });
  const lines = Object.entries(style.landforms).map(([name, { colour, glyph }]) => ({ colour, text: `${glyph} ${words[name]}` }));
  context.font = `13px ${FONTS[state.lang]}`;
  const width = 52 + Math.max(...[...rows, ...lines].map(({ text }) => context.measureText(text).width));
  const height = 20 * (rows.length + lines.length) + 14;
  const top = bottom - height - 12;
  context.fillStyle = style.halo;
  context.globalAlpha = 0.92;
  context.fillRect(12, top, width, height);
  context.globalAlpha = 1;
  rows.forEach(({ symbol }, i) => drawSymbol(context, symbol, 28, top + 17 + 20 * i));
  context.textAlign = "left";
  context.textBaseline = "middle";
  [...rows, ...lines].forEach(({ text, colour }, i) => {
    context.fillStyle = colour ?? style.ink;
    context.fillText(text, colour ? 22 : 44, top + 17 + 20 * i);
  });
}

function savePng(app) {
  const { x, y } = app.map.getSize();
  const canvas = make("canvas", { width: x * PNG_RATIO, height: (y + HEAD_PX + FOOT_PX) * PNG_RATIO });
  drawPicture(canvas.getContext("2d"), app, PNG_RATIO);
  app.layer.redraw();
  canvas.toBlob((blob) => save(fileName(app.store.get(), "png"), [blob], "image/png"), "image/png");
}

function saveSvg(app) {
  const { x, y } = app.map.getSize();
  const context = new SvgContext(x, y + HEAD_PX + FOOT_PX);
  drawPicture(context, app, 1);
  app.layer.redraw();
  const state = app.store.get();
  const title = `${app.model.edition(state)[state.lang]} · ${app.model.dimension(state)[state.lang]}`;
  save(fileName(state, "svg"), [context.toString(title)], "image/svg+xml");
}

// A spreadsheet would run a text that begins like a formula; an apostrophe makes it text again.
function csvCell(value) {
  if (typeof value !== "string") {
    return value === null || value === undefined ? "" : String(value);
  }
  const safe = /^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// What the files say of a city in the table that is shown.
function cityRecord(model, state, city) {
  const { cities, lookup } = model.data;
  const placing = model.placing(state, city);
  return {
    city_id: String(lookup.ids[city]),
    name_zh: cities.zh[city],
    name_en: cities.en[city],
    country: cities.country[city],
    lon: cities.lon[city],
    lat: cities.lat[city],
    landform: cities.landform[city],
    edition: state.edition,
    dimension: state.dimension,
    tier: placing?.tier ?? null,
    rank_best: placing?.best ?? null,
    rank_worst: placing?.worst ?? null,
    clusters: model.memberships[city].map(({ cluster }) => cluster.slug).join(" "),
  };
}

function saveCsv(app) {
  const state = app.store.get();
  const records = app.rows(state).map((city) => cityRecord(app.model, state, city));
  const names = Object.keys(cityRecord(app.model, state, 0));
  const lines = [names, ...records.map((record) => names.map((name) => record[name]))];
  // The mark at the start tells spreadsheets that this is UTF-8.
  const text = `\ufeff${lines.map((line) => line.map(csvCell).join(",")).join("\r\n")}\r\n`;
  save(fileName(state, "csv"), [text], "text/csv");
}

// The city that was chosen, or else the cities of the table: those of the chosen clusters, filtered.
function saveGeojson(app) {
  const state = app.store.get();
  const cities = state.pinned === null ? app.rows(state) : [state.pinned];
  const features = cities.map((city) => {
    const { city_id: id, lon, lat, ...properties } = cityRecord(app.model, state, city);
    return { type: "Feature", id, geometry: { type: "Point", coordinates: [lon, lat] }, properties };
  });
  save(fileName(state, "geojson"), [JSON.stringify({ type: "FeatureCollection", features })], "application/geo+json");
}

async function copyLink({ store }, said) {
  const words = WORDS[store.get().lang];
  try {
    await navigator.clipboard.writeText(location.href);
    said.textContent = words.copied;
  } catch {
    said.textContent = words.notCopied;
  }
}

addPart({
  start(app) {
    const menu = byId("download");
    const said = make("p", { class: "quiet", role: "status" });
    const item = (key, act) => make("li", {}, make("button", { type: "button", "data-t": key, id: key, onclick: () => act(app) }));
    const saver = (act) => (target) => {
      menu.open = false;
      act(target);
    };
    menu.append(
      make(
        "div",
        {},
        make("ul", {}, item("asPng", saver(savePng)), item("asSvg", saver(saveSvg)), item("asCsv", saver(saveCsv)), item("asGeojson", saver(saveGeojson)), item("copyLink", () => copyLink(app, said))),
        said,
      ),
    );
    document.addEventListener("pointerdown", (event) => {
      menu.open &&= menu.contains(event.target);
    });
    menu.addEventListener("toggle", () => (said.textContent = ""));
  },
});
