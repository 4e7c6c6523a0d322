// The one way in which elements are made: text enters the page only as text.
function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "path", "line", "rect", "circle"].includes(tag);
  const element = svg ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) {
      element.addEventListener(name.slice(2), value);
    } else if (name === "style") {
      for (const [property, setting] of Object.entries(value)) {
        element.style.setProperty(property, setting);
      }
    } else if (name.startsWith("aria-")) {
      element.setAttribute(name, String(value));
    } else if (value === true) {
      element.setAttribute(name, "");
    } else if (value !== false && value !== null && value !== undefined) {
      element.setAttribute(name, String(value));
    }
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined) {
      element.append(child);
    }
  }
  return element;
}

function byId(id) {
  return document.getElementById(id);
}

function fixed(value, digits = 1) {
  return value === null || value === undefined ? "–" : value.toFixed(digits).replace("-", "−");
}

function signed(value, digits = 1) {
  return (value > 0 ? "+" : "") + fixed(value, digits);
}

// Redraws a view without losing the place of the keyboard.
function refill(container, ...children) {
  const key = container.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  container.replaceChildren(...children.flat().filter((child) => child !== null));
  if (key !== undefined) {
    const again = [...container.querySelectorAll("[data-key]")].find((item) => item.dataset.key === key);
    again?.focus({ preventScroll: true });
  }
}
