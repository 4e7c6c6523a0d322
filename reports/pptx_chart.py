"""Charts of slides: native ones that hold their numbers and can be edited."""

from typing import Any

from .blocks import Chart
from .extras import required
from .office_zip import office_text
from .pptx_deck import CAPTION, HEIGHT, INCH, MARGIN, TOP, WIDTH, Deck, name_fonts

_TYPES = {"bounds": "LINE_MARKERS", "stacked": "BAR_STACKED_100", "bars": "BAR_CLUSTERED"}
_FORMATS = {"bounds": "0.0", "stacked": '0.0"%"', "bars": "0.0"}
_DARK, _GREY = "333333", "9AA5B1"


def add_chart(deck: Deck, title: str, chart: Chart) -> None:
    """Add a slide with a chart.

    Bounds are lines from the least to the greatest value with a mark at the value between; shares
    are bars that are filled. The numbers stand in the sheet that the chart holds.
    """
    data = required("pptx.chart.data", "PPTX").CategoryChartData(number_format="0.0")
    data.categories = [office_text(name) for name in chart.categories]
    for series in chart.series:
        data.add_series(office_text(series.name), series.values)
    kind = getattr(required("pptx.enum.chart", "PPTX").XL_CHART_TYPE, _TYPES[chart.kind])
    slide = deck.add_slide(title)
    room = (WIDTH - 2 * MARGIN, HEIGHT - TOP - CAPTION - INCH // 5)
    frame = slide.shapes.add_chart(kind, MARGIN, TOP, *room, data)
    deck.set_alt(frame, chart.alt)
    deck.add_caption(slide, chart.caption or chart.title)
    _style(deck, frame.chart, chart)


def _style(deck: Deck, native: Any, chart: Chart) -> None:  # noqa: ANN401 - a class without types
    """Set fonts, legend, axes and colours."""
    many = len(chart.categories) > 16
    native.font.size = (9 if many else 12) * 12_700
    name_fonts(native.font._rPr, deck.lang)  # noqa: SLF001 - it has no name for East Asia
    native.has_title = False
    native.has_legend = len(chart.series) > 1
    if native.has_legend:
        native.legend.include_in_layout = False
        native.legend.position = -4107  # Below the chart.
    native.value_axis.major_gridlines.format.line.color.rgb = _colour("DDDDDD")
    native.value_axis.has_major_gridlines = True
    if chart.kind == "bounds":
        _style_bounds(native, chart)
    else:
        native.category_axis.reverse_order = True
        _style_bars(native, chart)


def _style_bounds(native: Any, chart: Chart) -> None:  # noqa: ANN401
    """Show only the marks of the value, and lines between its bounds."""
    native.value_axis.minimum_scale, native.value_axis.maximum_scale = 0, 100
    for place, (series, drawn) in enumerate(zip(native.plots[0].series, chart.series, strict=True)):
        series.smooth = False
        series.format.line.fill.background()
        marker = series.marker
        marker.style, marker.size = (2, 8) if place == 0 else (-4115, 9)
        marker.format.fill.solid()
        marker.format.fill.fore_color.rgb = _colour(_DARK if place == 0 else drawn.colour or _GREY)
        marker.format.line.fill.background()
    _add_high_low(native)


def _add_high_low(native: Any) -> None:  # noqa: ANN401
    """Add the lines from the greatest to the least value of each category."""
    line_chart = native._chartSpace.xpath(".//c:lineChart")[0]  # noqa: SLF001 - it has no name
    before = line_chart.xpath("c:marker|c:axId")[0]
    space = "http://schemas.openxmlformats.org/drawingml/2006/"
    lines = line_chart.makeelement(f"{{{space}chart}}hiLowLines", {})
    look = lines
    for name, values in (
        (f"{{{space}chart}}spPr", {}),
        (f"{{{space}main}}ln", {"w": "50800", "cap": "rnd"}),
        (f"{{{space}main}}solidFill", {}),
        (f"{{{space}main}}srgbClr", {"val": _GREY}),
    ):
        child = look.makeelement(name, values)
        look.append(child)
        look = child
    before.addprevious(lines)


def _style_bars(native: Any, chart: Chart) -> None:  # noqa: ANN401
    """Fill the bars with the colours of the series."""
    plot = native.plots[0]
    plot.gap_width = 40
    if chart.kind == "stacked":
        plot.overlap = 100
    for series, drawn in zip(plot.series, chart.series, strict=True):
        if drawn.colour:
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = _colour(drawn.colour)


def _colour(text: str) -> Any:  # noqa: ANN401
    """Return a colour of python-pptx from `#rrggbb`."""
    return required("pptx.dml.color", "PPTX").RGBColor.from_string(text.lstrip("#").upper())
