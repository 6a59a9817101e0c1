"""Page, code and bytes agree: the golden files are decoded by another msgpack than the daemon's and
held against what p2p-protocol(7) says, and so are the kinds and bounds that the code has."""

import re
from hashlib import blake2b
from pathlib import Path

import msgpack
import page as protocol_page
import pytest

HERE = Path(__file__).parent
TOP = HERE.parent.parent
PAGE = protocol_page.read()
MESSAGES = sorted((HERE / "messages").glob("*.hex"))


def load(path):
    return bytes.fromhex("".join(line.split("#")[0] for line in path.read_text().splitlines()))


def unpack(data):
    return msgpack.unpackb(data, raw=False, strict_map_key=True)


def unframe(data):
    assert int.from_bytes(data[:4], "big") == len(data) - 4
    return unpack(data[4:])


def hashed(personal, data):
    return blake2b(data, digest_size=32, person=personal)


def conforms(value, kind):
    """Whether a decoded value is what the page calls by this kind."""
    match protocol_page.parts(kind):
        case ("u8" | "u16" | "u32" | "u64",):
            return type(value) is int and 0 <= value < 2 ** int(kind[1:])
        case ("bool",):
            return type(value) is bool
        case ("id",):
            return type(value) is bytes and len(value) == 32
        case ("name",):
            return type(value) is bytes and 1 <= len(value) <= 255 and b"/" not in value
        case ("bitmap",):
            return type(value) is bytes and len(value) <= 131_072
        case ("text", most):
            return type(value) is str and len(value.encode()) <= most
        case ("raw", most):
            return type(value) is bytes and len(value) <= most
        case ("list", element, most):
            return len(value) <= most and all(conforms(one, element) for one in value)
        case (number,) if number in PAGE.numbers:
            return type(value) is int and 0 <= value < len(PAGE.numbers[number])
        case (structure,):
            return conform(value, PAGE.structures[structure])


def conform(values, fields):
    return len(values) == len(fields) and all(
        conforms(value, kind) for value, (_, kind) in zip(values, fields)
    )


def in_code(kind):
    """A kind of the page in the words of schema.txt, where structures have no names."""
    match protocol_page.parts(kind):
        case ("list", element, most):
            return f"list({in_code(element)}, {most})"
        case (number,) if number in PAGE.numbers:
            return f"enum({len(PAGE.numbers[number]) - 1})"
        case (structure,) if structure in PAGE.structures:
            return schema(PAGE.structures[structure])
    return kind


def schema(fields):
    return "[" + " ".join(in_code(kind) for _, kind in fields) + "]"


def test_the_page_has_the_messages_of_the_code_with_their_fields():
    lines = [f"{type} {title} {schema(fields)}" for title, (type, fields) in PAGE.messages.items()]
    assert lines == (HERE / "schema.txt").read_text().splitlines()[1:]


def test_the_table_of_messages_is_that_of_the_sections():
    in_table = [(row.title, row.type, row.fields) for row in PAGE.table]
    assert in_table == [(title, type, len(fields)) for title, (type, fields) in PAGE.messages.items()]


def test_the_table_says_who_speaks_and_who_answers():
    titles = {row.title for row in PAGE.table}
    for row in PAGE.table:
        assert set(row.answers) <= titles, row
        if row.type >= 64:
            assert row.sender == "peer", row
        elif row.type >= 16:
            assert row.sender in ("peer", "tracker"), row
        else:
            assert row.sender in ("any", "each side"), row


def test_every_structure_and_number_is_used():
    kinds = " ".join(kind for _, fields in PAGE.messages.values() for _, kind in fields)
    kinds += " ".join(kind for fields in PAGE.structures.values() for _, kind in fields)
    for name in [*PAGE.structures, *PAGE.numbers]:
        assert re.search(rf"(?<![\w-]){name}(?![\w-])", kinds), name


def words_of_enum(path, name):
    """The enumerators of the code, in their order, as the page spells them."""
    text = re.sub(r"//.*", "", (TOP / path).read_text())
    body = re.search(rf"enum class {name}\b[^{{]*{{(.*?)}}", text, flags=re.S)[1]
    return [word.replace("_", "-") for word in re.findall(r"\w+(?=,)", body)]


def reasons_explained(title):
    """Those in the table of a message's section."""
    section = PAGE.text.split(f" {title}\n", 1)[1].split("\n## ")[0]
    return set(re.findall(r"^\|  ([a-z-]+)$", section, flags=re.M))


def reasons_used(pattern):
    sources = "".join(path.read_text() for path in (TOP / "daemon").rglob("*.cpp"))
    return {word.replace("_", "-") for word in re.findall(pattern, sources)}


def test_the_reasons_are_those_of_the_code():
    assert PAGE.numbers["reason"] == words_of_enum("proto/link_messages.hpp", "Reason")


def test_each_reason_that_ends_a_link_or_fails_a_request_is_explained():
    ends, fails = reasons_explained("4 goodbye"), reasons_explained("6 failed")
    assert ends == reasons_used(r"close\(proto::Reason::(\w+)")
    assert fails >= reasons_used(r"Failed{[^;]*proto::Reason::(\w+)")
    assert ends | fails == set(PAGE.numbers["reason"])


def test_each_refusal_that_is_counted_is_explained():
    page = (TOP / "man" / "p2pctl-json.5.scd").read_text()
    counted = words_of_enum("daemon/net/refusals.hpp", "Refusal")
    assert [word for word in counted if f"*refused.{word.replace('-', '_')}*" not in page] == []


def test_there_is_one_file_for_each_message():
    assert {path.stem for path in MESSAGES} == set(PAGE.messages)


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_message(path):
    number, *values = unframe(load(path))
    type, fields = PAGE.messages[path.stem]
    assert number == type
    for value, (name, kind) in zip(values, fields, strict=True):
        assert conforms(value, kind), f"{name} is no {kind}: {value!r}"


CONTROL = {
    "request": [7, "publish", {"path": "/srv/images/debian-12.iso", "chunk-size": 1_048_576}],
    "ok": [7, "ok", {"id": bytes(range(0xC0, 0xE0)).hex(), "name": b"caf\xe9"}],
    "error": [
        7,
        "error",
        {"code": 4, "message": 'publish: "x": no such file', "remedy": "check the path"},
    ],
    "event": [
        7,
        "event",
        {"done_bytes": 3, "rate": 0.5, "skew": -2, "peers": [], "last": True, "error": None},
    ],
}


def test_control_frames():
    assert {p.stem: unframe(load(p)) for p in (HERE / "control").glob("*.hex")} == CONTROL


CHUNK = hashed(b"p2pd.chunk", hashed(b"p2pd.leaf", b"hello world").digest())
MANIFESTS = {
    "single-file": [1, 11, 524_288, [], CHUNK.digest()],
    "tree": [
        1,
        40_000,
        32_768,
        [
            [2, b"a", 0, 1_700_000_000_000_000_000, b""],
            [0, b"a/b", 30_000, 1_700_000_000_123_456_789, b""],
            [1, b"a.b", 10_000, -1, b""],
            [0, b"caf\xe9", 0, 0, b""],
            [3, b"link", 0, 0, b"a/b"],
        ],
        bytes([*range(0x20, 0x40), *range(0x60, 0x80)]),
    ],
}


@pytest.mark.parametrize("name", MANIFESTS)
def test_manifest(name):
    path = HERE / "manifest" / f"{name}.hex"
    data = load(path)
    assert unpack(data) == MANIFESTS[name]
    assert msgpack.packb(MANIFESTS[name], use_bin_type=True) == data, "it is not canonical"
    content_id = hashed(b"p2pd.manifest", data).hexdigest()
    assert path.read_text().startswith(f"# content id {content_id}\n")


def test_the_examples_of_the_page():
    examples = PAGE.text[PAGE.text.index("# EXAMPLES") :].split("```\n")
    assert bytes.fromhex(examples[1]) == load(HERE / "messages" / "ping.hex")
    manifest = load(HERE / "manifest" / "single-file.hex")
    steps = [
        b"hello world",
        hashed(b"p2pd.leaf", b"hello world").digest(),
        CHUNK.digest(),
        manifest,
        hashed(b"p2pd.manifest", manifest).digest(),
    ]
    # Between them is a link; tests/unit/proto_noise_page.cpp knows how it is sealed.
    assert bytes.fromhex(examples[5]) == b"".join(steps)
