"""Labels never overlap, never cover a symbol, never leave the frame; the first ones win."""

from itertools import combinations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tierscape.maps.figures.drawing import Text
from tierscape.maps.figures.labels import Label, place_labels, text_box
from tierscape.maps.figures.views import Frame

FRAME = Frame(0, 0, 400, 300)
POINTS = st.lists(st.tuples(st.floats(5, 395), st.floats(5, 295)), min_size=1, max_size=25)
NAMES = ("Zürich", "呼和浩特", "São Paulo", "A", "Guangdong–Hong Kong–Macao")


def overlap(a: np.ndarray, b: np.ndarray) -> bool:
    return bool(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3])


@settings(max_examples=50, deadline=None)
@given(POINTS)
def test_nothing_overlaps(points: list[tuple[float, float]]) -> None:
    labels = [
        Label(Text(0, 0, NAMES[i % len(NAMES)], 14), x, y, 5) for i, (x, y) in enumerate(points)
    ]
    symbols = np.array([(x - 5, y - 5, x + 5, y + 5) for x, y in points])
    texts = [text for text in place_labels(labels, symbols, FRAME) if text]
    # The boxes are a unit wider than the texts at both sides.
    boxes = [text_box(text)[0] + (0.001, 0.001, -0.001, -0.001) for text in texts]
    assert not any(overlap(a, b) for a, b in combinations(boxes, 2))
    assert not any(overlap(box, symbol) for box in boxes for symbol in symbols)
    for left, top, right, bottom in boxes:
        assert left >= -1
        assert top >= -1
        assert right <= 401
        assert bottom <= 301


def test_the_first_label_wins_the_only_room() -> None:
    first, second = (Label(Text(0, 0, name, 20), 60, 20, 4) for name in ("One", "Two"))
    placed = place_labels([first, second], np.empty((0, 4)), Frame(60, 5, 60, 30))
    assert placed[0] is not None
    assert placed[0].text == "One"
    assert placed[1] is None


def test_a_further_point_is_tried_where_the_first_has_no_room() -> None:
    label = Label(Text(0, 0, "Alps", 20), 5, 5, 4, also=((200, 150),))
    blocked = np.array([[0.0, 0.0, 120.0, 80.0]])
    (placed,) = place_labels([label], blocked, FRAME)
    assert placed is not None
    assert placed.x > 120
