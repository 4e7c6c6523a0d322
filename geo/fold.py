"""Folding names: what two spellings of one place have in common.

Folding removes what writers leave out or vary: case, accents, width, punctuation, and whether
Chinese is written in traditional or simplified characters. It never removes a letter that tells
two places apart in the same script.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

HAN_FILE = Path(__file__).parent.parent / "data" / "gazetteer" / "han.csv"

#: Administrative suffixes of Chinese, Japanese and Korean names, longest first.
HAN_SUFFIXES = (
    "特别行政区",
    "特别自治市",
    "特别市",
    "广域市",
    "直辖市",
    "自治市",
    "自治区",
    "自治州",
    "自治县",
    "都会区",
    "地区",
    "市",
    "区",
    "县",
    "州",
    "府",
    "郡",
    "省",
    "都",
)

#: Letters that no decomposition takes apart.
LETTERS = {
    "ø": "o",
    "đ": "d",
    "ð": "d",
    "ł": "l",
    "ı": "i",
    "æ": "ae",
    "œ": "oe",
    "þ": "th",
    "ħ": "h",
}

# Accents of Latin, Greek and Cyrillic, vowel signs of Arabic; not the voicing marks of kana.
_MARKS = re.compile("[\u0300-\u036f\u064b-\u065f\u0670]")
# Blanks, punctuation, invisible and modifier letters; vowel signs of Indic scripts stay.
_DROPPED = re.compile("[^\\w\u0900-\u1cff]|[_\u02b0-\u02ff]")
_ARTICLE = re.compile(r"^(?:al|el|ar|as|ash|at|ad|an|az|es|ed|er)[\s\-‐-―’']+", re.IGNORECASE)
_PLAIN_HAN = re.compile("^[\u3400-\u9fff]+\\Z")
_HAN = re.compile("^[\u3400-\u9fff\uf900-\ufaff]+$")


def fold(name: str) -> str:
    """Return the folded form of a name.

    Examples
    --------
    >>> fold("São  Paulo"), fold("ＴＯＫＹＯ"), fold("臺北"), fold("Xi'an")
    ('saopaulo', 'tokyo', '台北', 'xian')
    """
    if name.isascii():  # two short ways for most names; the long one gives the same
        text = name.lower()
        return text if text.isalnum() else _DROPPED.sub("", text)
    if _PLAIN_HAN.match(name):
        return name.translate(_table())
    text = unicodedata.normalize("NFKC", name).casefold()
    if not text.isascii():
        parts = unicodedata.normalize("NFD", text)
        if parts != text:
            text = unicodedata.normalize("NFC", _MARKS.sub("", parts))
        text = text.translate(_table())
    return text if text.isascii() and text.isalnum() else _DROPPED.sub("", text)


def without_suffix(key: str) -> str:
    """Return a folded Han name without its administrative suffix; empty if it has none.

    At least two characters must remain: 泰州 and 台州 keep theirs.

    Examples
    --------
    >>> without_suffix("大田广域市"), without_suffix("泰州"), without_suffix("seoul")
    ('大田', '', '')
    """
    if key.endswith(HAN_SUFFIXES) and _HAN.match(key):
        for suffix in HAN_SUFFIXES:
            if key.endswith(suffix) and len(key) - len(suffix) >= 2:
                return key.removesuffix(suffix)
    return ""


def without_article(name: str) -> str:
    """Return the folded name without an Arabic article; empty if it has none.

    Examples
    --------
    >>> without_article("Al-Hufūf"), without_article("Almaty")
    ('hufuf', '')
    """
    shorter = _ARTICLE.sub("", name.strip())
    return fold(shorter) if len(shorter) < len(name.strip()) else ""


def is_han(key: str) -> bool:
    """Tell whether a folded name is written in Chinese characters only."""
    return bool(_HAN.match(key))


@lru_cache(maxsize=1)
def _table() -> Mapping[int, str]:
    with HAN_FILE.open(encoding="utf-8", newline="") as lines:
        han = {row["traditional"]: row["simplified"] for row in csv.DictReader(lines)}
    return str.maketrans({**LETTERS, **han})
