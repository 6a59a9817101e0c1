"""Reads man/p2p-protocol.7.scd as what it is, the definition of the wire: its table of messages,
their fields, the structures and the numbers with a meaning."""

import re
from dataclasses import dataclass
from pathlib import Path

PATH = Path(__file__).resolve().parent.parent.parent / "man" / "p2p-protocol.7.scd"


@dataclass
class Row:
    """A row of the table under MESSAGES."""

    type: int
    title: str
    fields: int
    sender: str
    answers: list


@dataclass
class Page:
    text: str
    table: list  # of Row
    messages: dict  # title -> (type, [(field, kind), ...])
    structures: dict  # name -> [(field, kind), ...]
    numbers: dict  # name -> [word, ...], by number


def _block(section):
    """The lines of a section's first literal block."""
    return section.split("```\n")[1].splitlines()


def _fields(section):
    # A kind ends at a blank outside of parentheses; what follows is a remark.
    lines = (re.fullmatch(r"(\S+) +([^( ]+(?:\(.*?\)+)?)(?:  .*)?", line) for line in _block(section))
    return [(line[1], line[2]) for line in lines]


def _table(section):
    rows = []
    for row in re.split(r"^\|. ", section, flags=re.M)[2:]:  # what stands before it, and its head
        cells = [cell.strip() for cell in re.split(r"^:. ", row.split("\n\n")[0], flags=re.M)]
        number, title, fields, sender, answers = cells
        answers = [] if answers == "-" else answers.split(", ")
        rows.append(Row(int(number), title, int(fields), sender, answers))
    return rows


def read():
    text = PATH.read_text()
    page = Page(text, [], {}, {}, {})
    for section in re.split(r"^##? ", text, flags=re.M)[1:]:
        head = section.splitlines()[0]
        if head == "MESSAGES":
            page.table = _table(section)
        elif match := re.fullmatch(r"(\d+) ([a-z-]+)", head):
            page.messages[match[2]] = int(match[1]), _fields(section)
        elif match := re.fullmatch(r"([a-z-]+), a structure", head):
            page.structures[match[1]] = _fields(section)
        elif match := re.fullmatch(r"([a-z-]+), a number", head):
            lines = [line.split() for line in _block(section)]
            assert [int(line[0]) for line in lines] == list(range(len(lines))), head
            page.numbers[match[1]] = [line[1] for line in lines]
    return page


def parts(kind):
    """list(text(270), 16) -> ("list", "text(270)", 16); text(64) -> ("text", 64); u8 -> ("u8",)"""
    if match := re.fullmatch(r"list\((.*), (\d+)\)", kind):
        return "list", match[1], int(match[2])
    if match := re.fullmatch(r"(text|raw)\((\d+)\)", kind):
        return match[1], int(match[2])
    return (kind,)
