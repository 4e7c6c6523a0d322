// The card of the city that was chosen, and a ring round it on the map.
function drawCard({ model, store }, state) {
  const card = byId("card");
  card.hidden = state.pinned === null;
  if (card.hidden) {
    return;
  }
  const words = WORDS[state.lang];
  const near = placeName(model, state, state.pinned);
  const { landform } = model.data.cities;
  const lines = cityLines(model, state, state.pinned);
  lines.splice(
    2,
    0,
    make("span", { class: "quiet" }, [countryName(model, state, state.pinned), words[landform[state.pinned]], near].filter(Boolean).join(" · ")),
  );
  refill(
    card,
    make(
      "button",
      { type: "button", class: "close", "data-key": "close", "aria-label": words.close, title: words.close, onclick: () => store.set({ pinned: null }) },
      "×",
    ),
    lines,
  );
}

// The sea or lake of a coastal city, the range of a mountain one.
function placeName(model, state, city) {
  const { near, places } = model.data.lookup;
  return places[near[city]]?.[state.lang === "zh" ? 0 : 1] ?? "";
}

function drawPin(context, exact, model, { pinned }) {
  if (pinned === null) {
    return;
  }
  const { cities, style } = model.data;
  for (const { x, y } of pixels(withNeighbours(exact), cities.lon[pinned], cities.lat[pinned])) {
    for (const [width, colour] of [[5, style.halo], [2.4, style.ink]]) {
      context.beginPath();
      context.arc(x, y, 13, 0, 2 * Math.PI);
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
  }
}

addPart({
  hash: {
    city: {
      write: (state, data) => (state.pinned === null ? "" : String(data.lookup.ids[state.pinned])),
      read(text, data) {
        const city = data.lookup.ids.findIndex((id) => String(id) === text);
        return city < 0 ? null : { pinned: city };
      },
    },
  },
  draw: drawCard,
});
