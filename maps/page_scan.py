"""What a page would load from outside itself, and the scripts that it holds."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser

_LOADING = {"src", "srcset", "data", "poster", "background", "xlink:href"}
_HREF_LOADS = {"link", "use", "image"}
_EMBEDDED = re.compile(r"(?i)^\s*(data:|blob:|about:|#|$)")
_IN_CSS = re.compile(r"""(?i)url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)""")
_IN_SCRIPT = re.compile(r"""(?<!href=)(?<!href=\\)["'`]((?:https?:)?//[\w-]+\.[^\s"'`\\<]+)""")
_NAMESPACES = ("http://www.w3.org/",)


@dataclass(frozen=True, slots=True)
class PageContent:
    """What a page would load from outside itself, and the text of the scripts in it."""

    urls: tuple[str, ...]
    scripts: tuple[str, ...]


def scan_page(html: str, allow: Iterable[str] = ()) -> PageContent:
    """Return what a page would load from outside itself, and the scripts that stand in it.

    Looks at the attributes that load, at styles, and at URLs in the strings of scripts, except
    those in links that a reader may follow. Data in `application/json` is never loaded, and is
    no script.

    Parameters
    ----------
    html
        The page.
    allow
        Beginnings of URLs that are only text.

    Examples
    --------
    >>> scan_page('<img src="a.png"><a href="https://example.org/">x</a>').urls
    ('a.png',)
    >>> scan_page('<script>let a = 1;</script><script type="application/json">[]</script>').scripts
    ('let a = 1;',)
    """
    scan = _Scan()
    scan.feed(html)
    allowed = (*_NAMESPACES, *allow)
    urls = (url for url in scan.urls if not url.startswith(allowed))
    return PageContent(tuple(urls), tuple(scan.scripts))


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
