"""The fixed words and sentences of reports, Chinese and English."""

from collections.abc import Mapping

from .words_en import EN
from .words_zh import ZH

_WORDS: Mapping[str, Mapping[str, str]] = {"zh": ZH, "en": EN}


def say(lang: str, key: str, **values: object) -> str:
    """Return a word or sentence; the values are texts that are ready to be read.

    Examples
    --------
    >>> say("en", "tier", number=2), say("zh", "tier", number=2)
    ('Tier 2', '第 2 档')
    """
    return _WORDS[lang][key].format(**values)


def counted(lang: str, key: str, count: int, **values: object) -> str:
    """Return a phrase with a number; English has a form of its own for one.

    Examples
    --------
    >>> counted("en", "cities", 1), counted("en", "cities", 3), counted("zh", "cities", 1)
    ('1 city', '3 cities', '1 城')
    """
    form = f"{key}_1" if lang == "en" and count == 1 else key
    return say(lang, form, count=count, **values)
