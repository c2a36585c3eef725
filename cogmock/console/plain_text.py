"""The text of a mail in HTML, for people: without tags, with the addresses of its links."""

from __future__ import annotations

import re
from html.parser import HTMLParser

LONGEST = 32_000
"""Characters that are read. Python's parser takes a second for as many that are made to be slow; AWS allows 20,000."""
UNSEEN = frozenset({"head", "script", "style", "template", "title"})
"""Elements whose content no reader sees."""
BLOCKS = frozenset(
    {"address", "article", "aside", "center", "div", "dd", "dl", "dt", "fieldset", "figure", "footer", "form"}
    | {"header", "li", "main", "nav", "section", "tr"}
)
"""Elements on lines of their own."""
APART = frozenset(("blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre", "table", "ul"))
"""Elements with an empty line before and after."""


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._unseen = 0
        self._breaks = 0
        """Line breaks that are due before the next text."""
        self._links: list[tuple[str, int]] = []
        """Of the links that are open: the address, and where the link's text begins."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in UNSEEN:
            self._unseen += 1
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self.pieces)))
        elif tag == "img":
            self.handle_data(given.get("alt") or "")
        elif tag == "br":
            self._breaks += 1
        else:
            self._break(tag)
            if tag in {"li", "td", "th"}:
                self.handle_data("- " if tag == "li" else " ")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in UNSEEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen = max(0, self._unseen - 1)
        elif tag == "a" and self._links:
            address, start = self._links.pop()
            if address and address.removeprefix("mailto:") not in "".join(self.pieces[start:]):
                self.handle_data(f" ({address})")
        else:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        text = re.sub(r"\s+", " ", data)
        if self._unseen or not text:
            return
        if text != " ":
            self.pieces.append("\n" * min(self._breaks, 2))
            self._breaks = 0
        self.pieces.append(text)

    def _break(self, tag: str) -> None:
        self._breaks = max(self._breaks, 2 if tag in APART else 1 if tag in BLOCKS else 0)


def of(html: str) -> str:
    """The text of the first LONGEST characters, in lines. White space counts as in browsers."""
    reader = _Reader()
    reader.feed(html[:LONGEST])
    reader.close()
    return "\n".join(" ".join(line.split()) for line in "".join(reader.pieces).splitlines()).strip()
