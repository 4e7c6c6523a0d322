"""Escaping of data for the places in a page where it lands: one function per target."""

import json

_IN_SCRIPT = {char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}


def script_json(value: object) -> str:
    r"""Return `value` as JSON that can stand inside a script element.

    Neither `</script>` nor `<!--` can occur in it, and no line separator that older JavaScript
    takes for the end of a line.

    Raises
    ------
    ValueError
        If a number is not finite.

    Examples
    --------
    >>> print(script_json({"name": "</script>"}))
    {"name":"\u003c/script\u003e"}
    """
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for char, escape in _IN_SCRIPT.items():
        text = text.replace(char, escape)
    return text
