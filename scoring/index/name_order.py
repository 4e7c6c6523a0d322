"""What names are ordered by: letters, in Chinese those of the pinyin."""

from collections.abc import Mapping
from itertools import product
from types import ModuleType

from ...geo.fold import fold, is_han

#: Readings of one name that are tried.
MOST_READINGS = 64


def letters(name: str, lang: str = "zh") -> str:
    """Return what a name is ordered by: its letters, or in Chinese the whole string of its pinyin.

    Words and syllables are not kept apart, tones and accents do not count; ü is v, after u.

    Examples
    --------
    >>> letters("重庆"), letters("厦门"), letters("Xi'an", "en")
    ('chongqing', 'xiamen', 'xian')
    """
    if lang != "zh":
        return fold(name)
    return fold("".join(_pinyin().lazy_pinyin(name)))


def _pinyin() -> ModuleType:
    import pypinyin  # noqa: PLC0415 - slow to import

    return pypinyin


def order_key(name: str, lang: str = "zh") -> tuple[str, str, str]:
    """Return the key that a new list is sorted by; tones and then characters part equal letters.

    Examples
    --------
    >>> sorted(["西安", "香港", "厦门", "新山"], key=order_key)
    ['厦门', '西安', '香港', '新山']
    """
    if lang != "zh":
        return (letters(name, lang), name, "")
    toned = "".join(_pinyin().lazy_pinyin(name, style=_pinyin().Style.TONE3))
    return (letters(name), toned, name)


def other_readings(name: str) -> list[str]:
    """Return what else a Chinese name may be read as, each character by any of its readings.

    Examples
    --------
    >>> "shamen" in other_readings("厦门")
    True
    """
    if not is_han(name):
        return []
    options: list[list[str]] = _pinyin().pinyin(name, style=_pinyin().Style.NORMAL, heteronym=True)
    by_character: Mapping[int, list[str]] = {
        at: sorted({*option, *_of_character(name[at])}) for at, option in enumerate(options)
    }
    usual = letters(name)
    choices = product(*by_character.values())
    found = ("".join(choice) for choice, _ in zip(choices, range(MOST_READINGS), strict=False))
    return [reading for reading in found if reading != usual]


def _of_character(character: str) -> list[str]:
    style = _pinyin().Style.NORMAL
    return [str(text) for text in _pinyin().pinyin(character, style=style, heteronym=True)[0]]
