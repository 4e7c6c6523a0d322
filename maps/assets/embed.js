// Inside another page (#embed): the panel is folded, the wheel scrolls that page, and a line leads
// to the full atlas.
const HINT_MS = 1400;
const WHEEL_PX_PER_ZOOM = 240;

function startEmbed({ map }) {
  let hiding = 0;
  const hint = byId("wheel-hint");

  function wheel(event) {
    if (!isEmbedded()) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const point = map.mouseEventToContainerPoint(event);
      map.setZoomAround(point, map.getZoom() - event.deltaY / WHEEL_PX_PER_ZOOM, { animate: false });
      return;
    }
    hint.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => (hint.hidden = true), HINT_MS);
  }

  function apply() {
    const embedded = isEmbedded();
    byId("app").classList.toggle("embed", embedded);
    byId("panel").hidden = !embedded;
    byId("full").hidden = !embedded;
    map.scrollWheelZoom[embedded ? "disable" : "enable"]();
  }

  map.getContainer().addEventListener("wheel", wheel, { passive: false });
  window.addEventListener("hashchange", apply);
  apply();
}

addPart({
  first: () => ({ panel: false }),
  start(app) {
    startEmbed(app);
    byId("panel").onclick = () => app.store.set({ panel: !app.store.get().panel });
    byId("full").onclick = () => {
      byId("full").href = `#${location.hash.slice(1).replace(/\bembed\b=?&?/, "")}`;
    };
  },
  draw(_, state) {
    const words = WORDS[state.lang];
    byId("app").classList.toggle("opened", state.panel);
    byId("panel").setAttribute("aria-expanded", String(state.panel));
    byId("panel").textContent = state.panel ? words.closePanel : words.openPanel;
    byId("wheel-hint").textContent = words.wheelHint;
  },
});
