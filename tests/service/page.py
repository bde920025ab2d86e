"""Read a page with the standard parser: links, tags, tables, numbers and status letters."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"meta", "link", "img", "br", "hr", "input"}


@dataclass
class Cell:
    """A table cell: what it says, and the numbers behind what it says."""

    css: str = ""
    text: str = ""
    values: list[float] = field(default_factory=list)


@dataclass
class Page(HTMLParser):
    """A page that was read. Unbalanced tags are an error."""

    text: str
    tags: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    values: list[tuple[float, str]] = field(default_factory=list)
    badges: list[tuple[str, str]] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    buttons: list[str] = field(default_factory=list)
    items: list[str] = field(default_factory=list)
    tables: list[list[list[Cell]]] = field(default_factory=list)
    _open: list[tuple[str, str, int]] = field(default_factory=list)
    words: str = ""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.feed(self.text)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    @property
    def body_rows(self) -> list[list[Cell]]:
        """The rows of the only table, without its header."""
        (table,) = self.tables
        return table[1:]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        assert not any(name.startswith("on") for name in given), given
        self.tags.add(tag)
        if tag == "button" and "aria-label" in given:
            self.buttons.append(given["aria-label"])
        if tag in {"h1", "h2", "h3"}:
            self.order.append(tag)
        if tag == "a":
            self.links.append(given["href"])
        elif "src" in given or "href" in given:
            self.sources.append(given.get("src") or given["href"])
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in {"td", "th"}:
            self.tables[-1][-1].append(Cell(given.get("class", "")))
        if tag not in VOID:
            said = given.get("value", "") if tag == "data" else given.get("class", "")
            self._open.append((tag, said, len(self.words)))

    def handle_endtag(self, tag: str) -> None:
        opened, said, start = self._open.pop()
        assert opened == tag, f"<{opened}> closed by </{tag}>"
        words = " ".join(self.words[start:].split())
        if tag == "data":
            self.values.append((float(said), words))
            if any(name in {"td", "th"} for name, _, _ in self._open):
                self.tables[-1][-1][-1].values.append(float(said))
        elif tag in {"td", "th"}:
            self.tables[-1][-1][-1].text = words
        elif tag == "span" and said.startswith("badge "):
            self.badges.append((said.removeprefix("badge "), words))
        elif tag in {"h1", "h2", "h3"}:
            self.headings.append(words)
        elif tag == "li":
            self.items.append(words)

    def handle_data(self, data: str) -> None:
        self.words += data
