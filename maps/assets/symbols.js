// Shapes of equal weight round the origin, as closed rings of [x, y]; a circle has none.
function regular(corners, turn, size) {
  return Array.from({ length: corners }, (_, i) => {
    const angle = turn + (2 * Math.PI * i) / corners;
    return [size * Math.cos(angle), size * Math.sin(angle)];
  });
}

function cross(turn) {
  const arm = 0.36;
  const ring = [
    [-arm, -1], [arm, -1], [arm, -arm], [1, -arm], [1, arm], [arm, arm],
    [arm, 1], [-arm, 1], [-arm, arm], [-1, arm], [-1, -arm], [-arm, -arm],
  ];
  return ring.map(([x, y]) => [x * Math.cos(turn) - y * Math.sin(turn), x * Math.sin(turn) + y * Math.cos(turn)]);
}

const SHAPES = {
  square: regular(4, Math.PI / 4, 1.25),
  triangle: regular(3, -Math.PI / 2, 1.35),
  diamond: regular(4, 0, 1.25),
  "inverted-triangle": regular(3, Math.PI / 2, 1.35),
  pentagon: regular(5, -Math.PI / 2, 1.15),
  hexagon: regular(6, 0, 1.1),
  plus: cross(0),
  cross: cross(Math.PI / 4),
};

function traceSymbol(context, symbol, x, y, grow) {
  const radius = symbol.radius_px * grow;
  context.beginPath();
  if (symbol.shape === "circle") {
    context.arc(x, y, radius, 0, 2 * Math.PI);
    return;
  }
  for (const [dx, dy] of SHAPES[symbol.shape]) {
    context.lineTo(x + dx * radius, y + dy * radius);
  }
  context.closePath();
}

function drawSymbol(context, symbol, x, y, grow = 1) {
  traceSymbol(context, symbol, x, y, grow);
  context.lineWidth = 3;
  context.strokeStyle = symbol.halo ?? "#ffffff";
  context.globalAlpha = 0.75;
  context.stroke();
  context.globalAlpha = 1;
  context.fillStyle = symbol.fill;
  context.fill();
  context.lineWidth = 1;
  context.strokeStyle = symbol.stroke;
  context.stroke();
}

// The same symbol as a small image for legends and lists.
function symbolIcon(symbol) {
  const style = { fill: symbol.fill, stroke: symbol.stroke, "stroke-width": 1 };
  const r = symbol.radius_px;
  const shape =
    symbol.shape === "circle"
      ? make("circle", { r, ...style })
      : make("path", {
          d: `M${SHAPES[symbol.shape].map(([x, y]) => `${(x * r).toFixed(2)} ${(y * r).toFixed(2)}`).join("L")}Z`,
          ...style,
        });
  return make("svg", { class: "symbol", viewBox: "-11 -11 22 22", width: 22, height: 22, "aria-hidden": "true" }, shape);
}
