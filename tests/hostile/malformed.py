"""Messages as p2p-protocol(7) has them, and as it does not, made from the page itself."""

import page as protocol_page

PAGE = protocol_page.read()
NUMBERS = {"u8": 8, "u16": 16, "u32": 32, "u64": 64}
CHUNK_SIZE = 16_384


def valid(kind):
    """The least value of a kind."""
    match protocol_page.parts(kind):
        case ("id",):
            return bytes(32)
        case ("bool",):
            return True
        case ("name",):
            return b"name"
        case ("bitmap",) | ("raw", _):
            return b""
        case ("text", _):
            return ""
        case ("list", _, _):
            return []
        case (name,) if name in PAGE.structures:
            return [valid(kind) for _, kind in PAGE.structures[name]]
    return 0


def wrong(kind):
    """Values that are not of this kind, or beyond its bounds."""
    yield from (None, -1, 1.5, {}, {"a": 1})
    match protocol_page.parts(kind):
        case (name,) if name in NUMBERS:
            yield from (2 ** NUMBERS[name] if name != "u64" else -(2**63), "1", True, [])
        case ("id",):
            yield from (bytes(31), bytes(33), "a" * 32, 0)
        case ("bool",):
            yield from (0, 1, "true")
        case ("name",):
            yield from (b"", bytes(256), b"a/b", b"a\0b", b".", b"..", "name", 0)
        case ("bitmap",):
            yield from (bytes(131_073), "", 0)
        case ("raw", most):
            yield from (bytes(most + 1), "", 0)
        case ("text", most):
            yield from ("a" * (most + 1), b"", 0)
        case ("list", of, most):
            yield from ([valid(of)] * (most + 1), valid(of) if valid(of) != [] else 0, [[]], b"")
        case (name,) if name in PAGE.structures:
            value = valid(kind)
            yield from (value[:-1], [*value, 0], [], 0)
        case (name,) if name in PAGE.numbers:
            yield from (len(PAGE.numbers[name]), 255, "0", True)


def message(title):
    """The least that is well-formed."""
    type, fields = PAGE.messages[title]
    values = [valid(kind) for _, kind in fields]
    for at, (name, _) in enumerate(fields):
        if name == "chunk_size":
            values[at] = CHUNK_SIZE
        if name in ("length", "version") or (title == "manifest-size" and name == "size"):
            values[at] = 1
    return [type, *values]


def mutations(title):
    """What is wrong, and the message."""
    good = message(title)
    yield "missing", good[:-1]
    yield "surplus", [*good, 0]
    yield "nothing", [good[0]]
    for at, (name, kind) in enumerate(PAGE.messages[title][1], 1):
        for number, value in enumerate(wrong(kind)):
            yield f"{name}-{number}", [*good[:at], value, *good[at + 1 :]]
