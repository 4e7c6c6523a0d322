// Every city as a row. Only the rows in sight are in the page; the keyboard reaches all.
const ROW_PX = 34;
const ROWS_BEYOND = 6;

// The parts of the view that stay; texts and rows are filled in later.
function tableFrame(store) {
  const field = make("input", { type: "search", id: "filter", autocomplete: "off", spellcheck: "false" });
  field.addEventListener("input", () => store.set({ filter: field.value }));
  const heads = COLUMNS.map((column) =>
    make("th", { scope: "col", role: "columnheader" }, make("button", { type: "button", onclick: () => sortBy(store, column) })),
  );
  const [before, body, after] = ["presentation", "rowgroup", "presentation"].map((role) => make("tbody", { role }));
  const head = make("thead", { role: "rowgroup" }, make("tr", { role: "row", "aria-rowindex": 1 }, heads));
  const table = make("table", { class: "cities", role: "grid", id: "city-table" }, head, before, body, after);
  const frame = {
    field,
    heads,
    before,
    body,
    after,
    table,
    label: make("label", { class: "field", for: "filter" }),
    count: make("p", { class: "quiet", id: "count", role: "status" }),
    chip: make("p", { class: "chip" }),
    empty: make("p", { class: "note" }),
    scroller: make("div", { class: "rows" }, table),
  };
  byId("cities").append(make("div", { class: "tools" }, frame.label, field, frame.count), frame.chip, frame.empty, frame.scroller);
  return frame;
}

function createTable(app) {
  const { store } = app;
  const view = byId("cities");
  const frame = tableFrame(store);
  const { body, scroller, table } = frame;
  let active = 0;
  let drawn = null;

  const cities = () => app.rows(store.get());
  const height = () => Math.max(0, scroller.clientHeight - table.tHead.offsetHeight);

  function fill() {
    const state = store.get();
    const list = cities();
    active = Math.max(0, Math.min(active, list.length - 1));
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW_PX) - ROWS_BEYOND);
    const last = Math.min(list.length, first + Math.ceil((height() || 400) / ROW_PX) + 2 * ROWS_BEYOND);
    const held = body.contains(document.activeElement);
    const rows = list.slice(first, last).map((city, i) => cityRow(app, state, city, { place: first + i, active }));
    spacer(frame.before, first);
    spacer(frame.after, list.length - last);
    body.replaceChildren(...rows);
    if (held) {
      body.querySelector("[tabindex='0']")?.focus({ preventScroll: true });
    }
    // The keyboard always finds one row, wherever the rows are scrolled to.
    if (!body.querySelector("[tabindex='0']")) {
      body.firstElementChild?.setAttribute("tabindex", "0");
    }
  }

  function bringIntoSight(place) {
    const top = place * ROW_PX;
    if (top < scroller.scrollTop) {
      scroller.scrollTop = top;
    } else if (top + ROW_PX > scroller.scrollTop + height()) {
      scroller.scrollTop = top + ROW_PX - height();
    }
  }

  function moveTo(place) {
    active = Math.max(0, Math.min(place, cities().length - 1));
    bringIntoSight(active);
    fill();
    body.querySelector(`[data-place="${active}"]`)?.focus({ preventScroll: true });
  }

  scroller.addEventListener("scroll", fill);
  body.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr");
    const place = Number(row?.dataset.place);
    const page = Math.max(1, Math.floor(height() / ROW_PX) - 1);
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -Infinity, End: Infinity };
    if (event.key in steps) {
      event.preventDefault();
      moveTo(place + steps[event.key]);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      choose(place);
    }
  });

  function choose(place) {
    active = place;
    app.actions.pin(cities()[place]);
  }

  const placeOf = (event) => Number(event.target.closest("tr[data-place]")?.dataset.place ?? NaN);
  body.addEventListener("click", (event) => Number.isNaN(placeOf(event)) || choose(placeOf(event)));
  body.addEventListener("pointerover", (event) => Number.isNaN(placeOf(event)) || app.actions.light(cities()[placeOf(event)]));
  body.addEventListener("pointerleave", () => app.actions.light(null));
  body.addEventListener("focusin", (event) => Number.isNaN(placeOf(event)) || app.actions.light(cities()[placeOf(event)]));
  body.addEventListener("focusout", () => app.actions.light(null));

  // The city under the pointer is lit in the table too, and brought into sight if the map has it.
  function point(state) {
    for (const row of body.children) {
      row.classList.toggle("lit", Number(row.dataset.city) === state.city);
    }
    if (state.city !== null && !view.matches(":hover") && !body.contains(document.activeElement)) {
      const place = cities().indexOf(state.city);
      if (place >= 0) {
        bringIntoSight(place);
      }
    }
  }

  function draw(state) {
    const list = cities();
    drawFrameTexts(frame, app, state, list.length);
    if (list !== drawn) {
      drawn = list;
      active = 0;
      scroller.scrollTop = 0;
    }
    fill();
  }

  return { draw, point };
}

function drawFrameTexts(frame, app, state, length) {
  const words = WORDS[state.lang];
  frame.label.textContent = words.filter;
  frame.field.placeholder = words.filterHint;
  if (frame.field.value !== state.filter) {
    frame.field.value = state.filter;
  }
  frame.count.textContent = words.rows(length, app.model.data.cities.zh.length);
  drawChip(frame.chip, app, state);
  frame.empty.textContent = words.noRows;
  frame.empty.hidden = length > 0;
  frame.table.hidden = length === 0;
  frame.table.setAttribute("aria-rowcount", String(length + 1));
  frame.table.setAttribute("aria-label", `${words.cityTab}. ${words.tableHelp}`);
  frame.heads.forEach((head, i) => drawHead(head, COLUMNS[i], state));
}

function spacer(body, rows) {
  const cell = make("td", { colspan: COLUMNS.length, style: { height: `${rows * ROW_PX}px` } });
  body.replaceChildren(...(rows > 0 ? [make("tr", { "aria-hidden": "true" }, cell)] : []));
}

function sortBy(store, column) {
  const { sort } = store.get();
  store.set({ sort: { column, down: sort.column === column && !sort.down } });
}

function drawHead(head, column, { lang, sort }) {
  const own = sort.column === column;
  head.setAttribute("aria-sort", own ? (sort.down ? "descending" : "ascending") : "none");
  head.firstElementChild.textContent = `${WORDS[lang][column]}${own ? (sort.down ? " ▼" : " ▲") : ""}`;
}

function drawChip(chip, { model, store }, state) {
  const clusters = tableClusters(model, state);
  chip.hidden = clusters.length === 0;
  const words = WORDS[state.lang];
  const names = clusters.map((cluster) => cluster[state.lang]).join(state.lang === "zh" ? "、" : ", ");
  chip.replaceChildren(
    make("span", {}, words.onlyIn(names)),
    make("button", { type: "button", class: "plain", onclick: () => store.set({ selected: null, picked: [] }) }, words.everyCity),
  );
}

function cityRow({ model }, state, city, { place, active }) {
  const { cities } = model.data;
  const words = WORDS[state.lang];
  const placing = model.placing(state, city);
  const near = placeName(model, state, city);
  const cell = (...content) => make("td", { role: "gridcell" }, ...content);
  const within = model.memberships[city].map(({ cluster }) => cluster[state.lang]).join(" · ");
  return make(
    "tr",
    {
      role: "row",
      tabindex: place === active ? 0 : -1,
      class: city === state.city ? "lit" : "",
      "aria-rowindex": place + 2,
      "aria-selected": city === state.pinned,
      "data-place": place,
      "data-city": city,
    },
    make("td", { role: "gridcell", class: "name" }, make("b", {}, cities[state.lang][city]), make("span", {}, ` ${cities[otherLanguage(state.lang)][city]}`)),
    cell(countryName(model, state, city)),
    cell(symbolIcon(model.symbol(state, city)), placing ? model.label(state, placing.tier) : words.notRanked),
    cell(words[cities.landform[city]] ?? ""),
    make("td", { role: "gridcell", title: near || null }, near),
    make("td", { role: "gridcell", title: within || null }, within),
  );
}

addPart({
  first: () => ({ filter: "", sort: { column: "tier", down: false } }),
  hash: {
    filter: { write: (state) => state.filter, read: (text) => ({ filter: text.slice(0, 200) }) },
    sort: {
      write: ({ sort }) => `${sort.down ? "-" : ""}${sort.column}`,
      read(text) {
        const column = text.replace(/^-/, "");
        return COLUMNS.includes(column) ? { sort: { column, down: text.startsWith("-") } } : null;
      },
    },
  },
  start(app) {
    app.rows = createRows(app.model);
    app.table = createTable(app);
  },
  draw({ table }, state) {
    if (state.tab === "cities") {
      table.draw(state);
    }
  },
  point({ table }, state) {
    if (state.tab === "cities") {
      table.point(state);
    }
  },
});
