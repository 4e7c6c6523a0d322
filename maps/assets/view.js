// Where the map looks: it follows the page, and clusters and cities come into view.
// The canvases are redrawn while the map is dragged, so that no edge shows; once a frame.
function followMap(map, layers) {
  let waiting = false;
  map.on("move", () => {
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        layers.forEach((layer) => layer._update());
      });
    }
  });
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(map.getContainer());
}

// The copy of a longitude that is nearest to the middle of the view.
function nearLon(map, lon) {
  return lon + 360 * Math.round((map.getCenter().lng - lon) / 360);
}

function fitBox(map, { west, east, south, north }, { animate, left = 0 }) {
  const turn = nearLon(map, (west + east) / 2) - (west + east) / 2;
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  map.fitBounds([[south, west + turn], [north, east + turn]], {
    paddingTopLeft: [28 + left, 28],
    paddingBottomRight: [28, 28],
    maxZoom: 7,
    animate: animate && !still,
  });
}

// Wide maps keep a cluster out from under the legend; narrow ones have no room to.
function coveredByLegend(map) {
  const legend = byId("legend").getBoundingClientRect();
  const frame = map.getContainer().getBoundingClientRect();
  const width = Math.max(0, legend.right - frame.left);
  return width < frame.width / 3 ? width : 0;
}

function fitCluster(map, scene, slug) {
  const shape = scene.shapes.find(({ cluster }) => cluster.slug === slug);
  if (shape) {
    fitBox(map, shape.extent, { animate: true, left: coveredByLegend(map) });
  }
}

// The view leaves out the widest empty stretch of longitudes, wherever that lies.
function fitCities(map, data, chosen, animate = true) {
  const places = chosen.length ? chosen : data.cities.lon.map((_, city) => city);
  if (places.length === 0) {
    return;
  }
  const lons = places.map((city) => data.cities.lon[city]).sort((a, b) => a - b);
  const gaps = lons.map((lon, i) => (i + 1 < lons.length ? lons[i + 1] - lon : lons[0] + 360 - lon));
  const widest = gaps.indexOf(Math.max(...gaps));
  const west = widest + 1 < lons.length ? lons[widest + 1] - 360 : lons[0];
  const lats = places.map((city) => Math.max(-80, Math.min(80, data.cities.lat[city])));
  const margin = 2;
  const box = { west: west - margin, east: lons[widest] + margin, south: Math.min(...lats) - margin, north: Math.max(...lats) + margin };
  fitBox(map, box, { animate });
}

// A cluster that is opened, and the cities of another edition, come into view.
function moveMap({ map, model, scene }, state, before) {
  if (state.selected && state.selected !== before.selected) {
    fitCluster(map, scene, state.selected);
  }
  if (!state.selected && (before.selected || state.edition !== before.edition)) {
    fitCities(map, model.data, model.dimension(state).city);
  }
}
