"""Labels that overlap neither each other nor the symbols: each takes the first free position."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

from .drawing import Text
from .metrics import ASCENT, DESCENT, text_width
from .views import Frame

#: Where a label may stand, best first: to the right and left, how its width and height shift it.
_AROUND = (
    (1.0, 0.0), (0.7, -0.7), (0.7, 0.7), (-1.0, 0.0),
    (-0.7, -0.7), (-0.7, 0.7), (0.0, -1.0), (0.0, 1.0),
)  # fmt: skip
#: How far from the symbol, in text sizes, the positions of each round are.
_ROUNDS = (0.12, 0.5, 1.0)

Boxes = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Label:
    """A name to be placed beside a point of some radius; `text` gives its look.

    `also` are further points beside which it may stand if there is no room at the first.
    """

    text: Text
    x: float
    y: float
    radius: float
    also: tuple[tuple[float, float], ...] = ()


def place_labels(labels: Sequence[Label], symbols: Boxes, frame: Frame) -> list[Text | None]:
    """Return each label in its place, or None where it found none.

    Parameters
    ----------
    labels
        The most important first: an earlier one never gives way to a later one.
    symbols
        Boxes to keep free, shape (n, 4): left, top, right, bottom, in units.
    frame
        What no label may leave.

    Returns
    -------
    list of (Text or None)
        In the order of the labels. No two texts overlap, and none covers a symbol.

    References
    ----------
    Imhof (1975), "Positioning names on maps", for the order of the positions. Christensen, Marks
    and Shieber (1995), "An empirical study of algorithms for point-feature label placement", for
    the greedy method.

    Examples
    --------
    >>> one = Label(Text(0, 0, "A", 10), 50, 50, 4)
    >>> first, second = place_labels([one, one], np.empty((0, 4)), Frame(40, 40, 30, 20))
    >>> first.x > 54, second is None
    (True, True)
    """
    limits = np.array([frame.x, frame.y, frame.x + frame.width, frame.y + frame.height])
    taken = np.vstack([symbols, np.full((len(labels), 4), np.nan)])
    count = len(symbols)
    placed: list[Text | None] = []
    for label in labels:
        boxes, starts = _candidates(label)
        free = ~_overlapping(boxes, taken[:count]) & _within(boxes, limits)
        if not free.any():
            placed.append(None)
            continue
        chosen = int(free.argmax())
        taken[count] = boxes[chosen]
        count += 1
        placed.append(_at(label.text, starts[chosen]))
    return placed


def _candidates(label: Label) -> tuple[Boxes, Boxes]:
    """Return the boxes that a label may fill, best first, and where its baseline begins."""
    size = label.text.size
    width = text_width(label.text.text, size, bold=label.text.bold)
    high, low = ASCENT * size, DESCENT * size
    middles = []
    points = [(label.x, label.y), *label.also]
    for gap, (x, y), (across, down) in product(_ROUNDS, points, _AROUND):
        reach = label.radius + gap * size
        side = np.sign(across) * width / 2
        over = np.sign(down) * (high + low) / 2 if abs(across) < 0.5 else down * high / 2
        middles.append((x + across * reach + side, y + down * reach + over))
    centres = np.array(middles)
    half = np.array([width / 2 + 1, (high + low) / 2])
    boxes = np.column_stack([centres - half, centres + half])
    starts = np.column_stack([centres[:, 0] - width / 2, centres[:, 1] + (high - low) / 2])
    return boxes, starts


def text_box(text: Text) -> Boxes:
    """Return the box of a placed text that begins at its x, shape (1, 4)."""
    width = text_width(text.text, text.size, bold=text.bold)
    top, bottom = text.y - ASCENT * text.size, text.y + DESCENT * text.size
    return np.array([[text.x - 1, top, text.x + width + 1, bottom]])


def _overlapping(boxes: Boxes, taken: Boxes) -> NDArray[np.bool_]:
    """Tell which boxes meet one that is taken."""
    if not len(taken):
        return np.zeros(len(boxes), dtype=bool)
    a, b = boxes[:, None, :], taken[None, :, :]
    apart = (
        (a[..., 2] <= b[..., 0])
        | (a[..., 0] >= b[..., 2])
        | (a[..., 3] <= b[..., 1])
        | (a[..., 1] >= b[..., 3])
    )
    return np.asarray((~apart).any(axis=1))


def _within(boxes: Boxes, limits: Boxes) -> NDArray[np.bool_]:
    """Tell which boxes lie inside the limits."""
    return np.asarray((boxes[:, :2] >= limits[:2]).all(1) & (boxes[:, 2:] <= limits[2:]).all(1))


def _at(text: Text, start: NDArray[np.float64]) -> Text:
    """Return a text with its baseline beginning at a point."""
    return Text(
        float(start[0]), float(start[1]), text.text, text.size,
        fill=text.fill, bold=text.bold, halo=text.halo,
    )  # fmt: skip
