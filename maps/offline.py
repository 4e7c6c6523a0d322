"""Any folium map as one self-contained file: nothing is loaded when it is opened."""

import base64
import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path

import folium
from branca.element import Element, Figure

from ..data.errors import TierscapeError
from .escape import script_json

ASSETS = Path(__file__).parent / "assets"

# Libraries that folium links in every page, and what betrays that a page uses them. Where nothing
# does, the link is left out; where something does, it stays, and is then refused by name.
_ONLY_IF_USED = {
    "jquery": r"\$\(|\$\.|jQuery",
    "bootstrap": r"data-bs-|bootstrap\.",
    "bootstrap_css": r"data-bs-",
    "glyphicons_css": r"glyphicon",
    "awesome_markers": r"AwesomeMarkers",
    "awesome_markers_css": r"AwesomeMarkers",
    "awesome_markers_font_css": r"AwesomeMarkers|\bfa-",
    "awesome_rotate_css": r"fa-rotate",
}
_LOADING = {"src", "srcset", "data", "poster", "background", "xlink:href"}
_HREF_LOADS = {"link", "use", "image"}
_EMBEDDED = re.compile(r"(?i)^\s*(data:|blob:|about:|#|$)")
_IN_CSS = re.compile(r"""(?i)url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)""")
_IN_SCRIPT = re.compile(r"""(?<!href=)(?<!href=\\)["'`]((?:https?:)?//[\w-]+\.[^\s"'`\\<]+)""")
_NAMESPACES = ("http://www.w3.org/",)
_POLICY = "default-src 'none'; script-src {scripts}; style-src 'unsafe-inline'; img-src data: blob:"


def save_offline(
    m: folium.Map, path: str | Path, *, allow: Iterable[str] = (), policy: bool = False
) -> None:
    """Write a folium map to one file that needs no network; see `render_offline`.

    The file is written beside and then renamed, so that a failure leaves no half of it.

    Raises
    ------
    TierscapeError
        If something outside the file remains, or the file cannot be written.
    """
    target = Path(path)
    text = render_offline(m, allow=allow, policy=policy)
    beside = target.with_name(f".{target.name}.part")
    try:
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise TierscapeError(f"{target}: {error.strerror}.") from None


def render_offline(m: folium.Map, *, allow: Iterable[str] = (), policy: bool = False) -> str:
    """Return the page of a folium map with Leaflet inside and nothing left to load.

    Leaflet's script, style and images come from this package. The other libraries that folium
    links by default (jQuery, Bootstrap, Awesome Markers and their fonts) are left out where the
    map does not use them. The map itself is not changed.

    Parameters
    ----------
    m
        Any folium map. Popups and icons from Awesome Markers need libraries that are not here.
    allow
        Beginnings of URLs in scripts that are only text and are never loaded.
    policy
        Whether to add a Content-Security-Policy by which the browser itself refuses every
        request and every script but those of the page. Event handlers in attributes stop working.

    Returns
    -------
    str
        HTML.

    Raises
    ------
    TierscapeError
        If something outside the file remains; the message names every URL.

    Examples
    --------
    >>> "cdn." in render_offline(folium.Map(tiles=None))
    False
    """
    figure = _page_of(m)
    for child in list(figure._children.values()):  # noqa: SLF001 - branca offers no other way
        child.render()
    # Links enter the header while the children render; the page is put together afterwards.
    linked = figure.header._children  # noqa: SLF001
    figure.header._children = _embedded(figure, linked)  # noqa: SLF001
    try:
        html = str(figure._template.render(this=figure, kwargs={}))  # noqa: SLF001
    finally:
        figure.header._children = linked  # noqa: SLF001
    remaining = sorted(set(external_urls(html, allow)))
    if remaining:
        raise TierscapeError("The map still loads from outside its file: " + ", ".join(remaining))
    return _with_policy(html) if policy else html


def external_urls(html: str, allow: Iterable[str] = ()) -> Iterator[str]:
    """Yield everything that a page would load from outside itself.

    Looks at the attributes that load, at styles, and at URLs in the strings of scripts, except
    those in links that a reader may follow. Data in `application/json` is never loaded.

    Examples
    --------
    >>> list(external_urls('<img src="a.png"><a href="https://example.org/">x</a>'))
    ['a.png']
    """
    scan = _Scan()
    scan.feed(html)
    allowed = (*_NAMESPACES, *allow)
    yield from (url for url in scan.urls if not url.startswith(allowed))


def leaflet_script() -> str:
    """Return Leaflet's script, with its marker images inside."""
    script = _asset("leaflet.js").partition("//# sourceMappingURL")[0]
    template = (Path(__file__).parent / "templates" / "marker-icons.js").read_text("utf-8")
    icons = {
        "iconUrl": _data_url("marker-icon.png"),
        "iconRetinaUrl": _data_url("marker-icon-2x.png"),
        "shadowUrl": _data_url("marker-shadow.png"),
    }
    return script + template.replace("MARKER_ICONS", script_json(icons))


def leaflet_style() -> str:
    """Return Leaflet's style sheet, with its images inside."""
    return re.sub(
        r"url\(images/([\w-]+\.png)\)",
        lambda found: f"url({_data_url(found[1])})",
        _asset("leaflet.css").replace("behavior: url(#default#VML);", ""),
    )


class Inline(Element):
    """Text that stands in a page as it is; branca would read it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


def _page_of(m: folium.Map) -> Figure:
    """Return the page that a map stands in."""
    root = m.get_root()
    if not isinstance(root, Figure):
        raise TierscapeError(f"{m.get_name()} stands in no page: add the map to a Figure.")
    return root


def _embedded(figure: Figure, linked: OrderedDict[str, Element]) -> OrderedDict[str, Element]:
    """Return the header's children with Leaflet inside and without what is not used."""
    content = figure.html.render() + figure.script.render()
    inside = {
        "leaflet": Inline(f"<script>{leaflet_script()}</script>"),
        "leaflet_css": Inline(f"<style>{leaflet_style()}</style>"),
    }
    return OrderedDict(
        (name, inside.get(name, child))
        for name, child in linked.items()
        if name not in _ONLY_IF_USED or re.search(_ONLY_IF_USED[name], content)
    )


def _with_policy(html: str) -> str:
    """Return the page with a policy that allows its own scripts, by their digests, and no more."""
    scan = _Scan()
    scan.feed(html)
    digests = (hashlib.sha256(script.encode()).digest() for script in scan.scripts)
    scripts = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    content = _POLICY.format(scripts=scripts or "'none'")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    return html.replace("<head>", f"<head>\n{meta}", 1)


class _Scan(HTMLParser):
    """Collects what a page would load, and the text of its scripts."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.urls: list[str] = []
        self.scripts: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the URLs of attributes, and what kind of text follows."""
        values = {name: value or "" for name, value in attrs}
        loading = _LOADING | ({"href"} if tag in _HREF_LOADS else set())
        self.urls += [v for k, v in values.items() if k in loading and not _EMBEDDED.match(v)]
        self.urls += _style_urls(values.get("style", ""))
        is_data = tag == "script" and "json" in values.get("type", "")
        self._inside = "" if is_data or "src" in values else tag

    def handle_endtag(self, tag: str) -> None:
        """Leave a script or style."""
        if tag == self._inside:
            self._inside = ""

    def handle_data(self, data: str) -> None:
        """Note the URLs of scripts and styles."""
        if self._inside == "script":
            self.scripts.append(data)
            self.urls += _IN_SCRIPT.findall(data)
        elif self._inside == "style":
            self.urls += _style_urls(data)


def _style_urls(css: str) -> list[str]:
    """Return what a style would load."""
    found = ("".join(pair) for pair in _IN_CSS.findall(css))
    return [url for url in found if not _EMBEDDED.match(url)]


@lru_cache(maxsize=16)
def _asset(name: str) -> str:
    """Return the text of a file of this package."""
    return (ASSETS / name).read_text(encoding="utf-8")


def _data_url(name: str) -> str:
    """Return an image of this package as a data URL."""
    content = base64.b64encode((ASSETS / name).read_bytes()).decode()
    return f"data:image/png;base64,{content}"
