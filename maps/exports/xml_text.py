"""Text from data as XML may hold it; ElementTree escapes the rest."""

import re

#: Characters that XML 1.0 has no way to write.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    r"""Return a text with the replacement character for what XML 1.0 cannot hold.

    References
    ----------
    W3C (2008), Extensible Markup Language (XML) 1.0, fifth edition, production 2 (Char).

    Examples
    --------
    >>> xml_text("a\x00b<c>")
    'a\ufffdb<c>'
    """
    return _FORBIDDEN.sub("\ufffd", text)
