"""Steps of the README for people at several machines, as they would take them.

In a block of commands, what is typed stands behind a prompt: "anna$" on anna's machine, "$" on all
of them. A block of TOML goes into the file that the text before it names: "below `[section]`" into
that section of the file, else it is the whole file.
"""

import re
from dataclasses import dataclass

from processes import TOP

PLACE = re.compile(r"[Ii]n `(?P<file>/etc/[^`]+)`(, below `(?P<section>\[\w+\])`)?:$")
OWNER = re.compile(r"(\w+)'s machine")
PROMPT = re.compile(r"(?P<who>\w*)\$ (?P<line>.*)")


@dataclass(frozen=True)
class Block:
    language: str
    before: str  # the paragraph, in one line
    text: str


@dataclass(frozen=True)
class Command:
    who: str  # "" is all
    line: str
    remark: str  # what stands behind "#"


@dataclass(frozen=True)
class Edit:
    who: str
    file: str
    section: str | None
    text: str

    def apply(self, old):
        """The file's new text."""
        if self.section is None:
            return self.text
        head = f"{self.section}\n"
        assert head in old, f"{self.file} has no {self.section} to write below"
        return old.replace(head, head + self.text)


def blocks(title):
    """Those below this heading of the README."""
    readme = (TOP / "README.md").read_text()
    text = re.search(rf"^## {re.escape(title)}\n(.*?)^## ", readme, re.M | re.S)[1]
    for found in re.finditer(r"^```(\w*)\n(.*?)^```$", text, re.M | re.S):
        paragraph = text[: found.start()].rstrip().rpartition("\n\n")[2]
        yield Block(found[1], paragraph.replace("\n", " "), found[2])


def steps(title):
    for block in blocks(title):
        if block.language == "toml":
            place, owner = PLACE.search(block.before), OWNER.search(block.before)
            assert place, f"it is not said where this goes: {block.text}"
            yield Edit(owner[1] if owner else "", place["file"], place["section"], block.text)
            continue
        for typed in filter(None, map(PROMPT.fullmatch, block.text.splitlines())):
            line, _, remark = typed["line"].partition(" # ")
            yield Command(typed["who"], line.strip(), remark)
