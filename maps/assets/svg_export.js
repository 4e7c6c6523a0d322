// Writes down as SVG what the painters draw: it takes the place of a canvas's context. It knows
// what they use, and no more; every length comes out in pixels.
const TURN_OF_ANCHOR = { left: "start", start: "start", center: "middle", right: "end", end: "end" };
const DRAWING_STATE = ["matrix", "dash", "fillStyle", "strokeStyle", "lineWidth", "globalAlpha", "lineJoin", "lineCap", "font", "textAlign", "textBaseline"];

class SvgContext {
  constructor(width, height) {
    this.size = { width, height };
    this.lines = [];
    this.matrix = [1, 0, 0, 1, 0, 0];
    this.dash = [];
    this.saved = [];
    this.measure = document.createElement("canvas").getContext("2d");
    Object.assign(this, { fillStyle: "#000", strokeStyle: "#000", lineWidth: 1, globalAlpha: 1 });
    Object.assign(this, { lineJoin: "miter", lineCap: "butt", font: "12px sans-serif", textAlign: "left", textBaseline: "alphabetic" });
    this.beginPath();
  }

  setTransform(...matrix) {
    this.matrix = matrix;
  }

  save() {
    this.saved.push(DRAWING_STATE.map((name) => [name, this[name]]));
  }

  restore() {
    Object.assign(this, Object.fromEntries(this.saved.pop() ?? []));
  }

  setLineDash(dash) {
    this.dash = dash;
  }

  clearRect() {}

  measureText(text) {
    this.measure.font = this.font;
    return this.measure.measureText(text);
  }

  beginPath() {
    this.steps = [];
  }

  moveTo(x, y) {
    this.steps.push(["M", x, y]);
  }

  lineTo(x, y) {
    this.steps.push([this.steps.length > 0 ? "L" : "M", x, y]);
  }

  closePath() {
    this.steps.push(["Z"]);
  }

  rect(x, y, width, height) {
    this.steps.push(["M", x, y], ["L", x + width, y], ["L", x + width, y + height], ["L", x, y + height], ["Z"]);
  }

  // An arc as a chain of short lines would do for print; a whole circle is two arcs.
  arc(x, y, radius, from, to) {
    const whole = Math.abs(to - from) >= 2 * Math.PI - 1e-6;
    const steps = whole ? 48 : Math.max(6, Math.ceil(Math.abs(to - from) * 8));
    for (let i = 0; i <= steps; i += 1) {
      const angle = from + ((to - from) * i) / steps;
      this.lineTo(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
    }
    if (whole) {
      this.closePath();
    }
  }

  fillRect(x, y, width, height) {
    const kept = this.steps;
    this.beginPath();
    this.rect(x, y, width, height);
    this.fill();
    this.steps = kept;
  }

  fill(path, rule) {
    const fillRule = [path, rule].includes("evenodd") ? "evenodd" : null;
    this.write(path?.steps ?? this.steps, { fill: this.fillStyle, "fill-rule": fillRule, "fill-opacity": this.globalAlpha });
  }

  stroke(path) {
    const scale = this.scale();
    this.write(path?.steps ?? this.steps, {
      fill: "none",
      stroke: this.strokeStyle,
      "stroke-width": rounded(this.lineWidth * scale, 2),
      "stroke-opacity": this.globalAlpha,
      "stroke-linejoin": this.lineJoin,
      "stroke-linecap": this.lineCap === "butt" ? null : this.lineCap,
      "stroke-dasharray": this.dash.length > 0 ? this.dash.map((length) => rounded(length * scale)).join(" ") : null,
    });
  }

  fillText(text, x, y) {
    this.text(text, x, y, { fill: this.fillStyle });
  }

  strokeText(text, x, y) {
    this.text(text, x, y, { fill: "none", stroke: this.strokeStyle, "stroke-width": this.lineWidth, "stroke-linejoin": "round" });
  }

  scale() {
    return Math.hypot(this.matrix[0], this.matrix[1]);
  }

  place(x, y) {
    const [a, b, c, d, e, f] = this.matrix;
    return [a * x + c * y + e, b * x + d * y + f];
  }

  text(text, x, y, paint) {
    const [, weight, size, family] = /^(?:(\d+|bold) )?([\d.]+)px (.*)$/.exec(this.font);
    const [left, base] = this.place(x, y);
    // Middle baselines are not drawn alike everywhere; a shifted one is.
    const shift = this.textBaseline === "middle" ? 0.35 * size : this.textBaseline === "top" ? 0.85 * size : 0;
    const names = {
      x: rounded(left),
      y: rounded(base + shift),
      "font-family": family,
      "font-size": rounded(size * this.scale(), 2),
      "font-weight": weight ?? null,
      "text-anchor": TURN_OF_ANCHOR[this.textAlign],
      opacity: this.globalAlpha,
      ...paint,
    };
    this.lines.push(`<text${attributes(names)}>${xml(text)}</text>`);
  }

  write(steps, paint) {
    const d = this.outline(steps);
    if (d !== "") {
      this.lines.push(`<path d="${d}"${attributes(paint)}/>`);
    }
  }

  // Rings and lines that lie wholly outside the picture are left out, and so are points that fall
  // on the one before.
  outline(steps) {
    const parts = [];
    let points = [];
    let closed = false;
    const flush = () => {
      if (this.inSight(points)) {
        parts.push(`M${points.map(([x, y]) => `${x} ${y}`).join("L")}${closed ? "Z" : ""}`);
      }
      [points, closed] = [[], false];
    };
    for (const [kind, ...place] of steps) {
      if (kind === "M") {
        flush();
      }
      if (kind === "Z") {
        closed = true;
        continue;
      }
      const [x, y] = this.place(...place).map((value) => rounded(value));
      const before = points.at(-1);
      if (!before || before[0] !== x || before[1] !== y) {
        points.push([x, y]);
      }
    }
    flush();
    return parts.join("");
  }

  inSight(points) {
    const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
    const most = (values) => values.reduce((a, b) => Math.max(a, b), -Infinity);
    const least = (values) => values.reduce((a, b) => Math.min(a, b), Infinity);
    const { width, height } = this.size;
    return points.length > 1 && most(xs) > -20 && least(xs) < width + 20 && most(ys) > -20 && least(ys) < height + 20;
  }

  // The finished picture; its title is what a screen reader says.
  toString(title) {
    const { width, height } = this.size;
    const head = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`;
    return [`<?xml version="1.0" encoding="UTF-8"?>`, head, `<title>${xml(title)}</title>`, ...this.lines, "</svg>", ""].join("\n");
  }
}

function rounded(value, digits = 1) {
  return Number(value.toFixed(digits));
}

// Text for XML, which takes no control characters and no half of a pair.
function xml(text) {
  const marks = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return [...String(text)]
    .filter((char) => char >= " " && !/^[\ud800-\udfff\ufffe\uffff]$/.test(char))
    .map((char) => marks[char] ?? char)
    .join("");
}

function attributes(values) {
  return Object.entries(values)
    .filter(([name, value]) => value !== null && !(name.endsWith("opacity") && value === 1))
    .map(([name, value]) => ` ${name}="${xml(value)}"`)
    .join("");
}
