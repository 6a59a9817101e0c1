"""What --json prints: a shape is a dict of keys, a list of one shape, or a check. SHAPES has that of
each command."""

import re
from datetime import datetime


def content_id(value):
    return re.fullmatch("[0-9a-f]{64}", value)


def peer_id(value):
    return re.fullmatch("[a-z2-7]{52}", value)


def address(value):
    return re.fullmatch(r"(\d+(\.\d+){3}|\[[0-9a-f:]+\]):\d+", value)


def natural(value):
    return type(value) is int and value >= 0


def number(value):
    return type(value) in (int, float) and value >= 0


def text(value):
    return type(value) is str


def moment(value):
    return datetime.fromisoformat(value).tzinfo is not None


def one_of(*values):
    return lambda value: value in values


class maybe:
    """This, or null where it is not known."""

    def __init__(self, shape):
        self.shape = shape

    def __call__(self, value):
        return value is None or conform(value, self.shape) is None


def conform(value, shape, where="$"):
    """Fails unless the value has this shape: a dict of keys, a list of one shape, or a check. A key
    that ends in "?" need not be there."""
    if isinstance(shape, dict):
        for key, inner in shape.items():
            optional, key = key.endswith("?"), key.rstrip("?")
            assert optional or key in value, f"{where} lacks {key}"
            if key in value:
                conform(value[key], inner, f"{where}.{key}")
        unknown = value.keys() - {key.rstrip("?") for key in shape} - {"schema"}
        assert not unknown, f"{where} has {unknown}, of which p2pctl(1) tells nothing"
    elif isinstance(shape, list):
        assert isinstance(value, list), f"{where} is no list"
        for index, element in enumerate(value):
            conform(element, shape[0], f"{where}[{index}]")
    else:
        assert shape(value), f"{where} is {value!r}"


def keys_of(shape):
    """All keys at any depth."""
    if isinstance(shape, (list, maybe)):
        return keys_of(shape[0] if isinstance(shape, list) else shape.shape)
    if not isinstance(shape, dict):
        return set()
    return {key.rstrip("?") for key in shape} | set().union(*map(keys_of, shape.values()))


PUBLISHER = {"name": text, "id": peer_id, "address": address}
FILE = {
    "name": text,
    "id": content_id,
    "size": natural,
    "chunks": natural,
    "chunk_size": natural,
    "sources": natural,
    "partial": natural,
    "publishers": [PUBLISHER],
    "publishers_total": natural,
}
PEER = {
    "name": text,
    "id": peer_id,
    "address": address,
    "role": one_of("peer", "tracker"),
    "rtt_ms": maybe(number),
    "up_bytes": natural,
    "down_bytes": natural,
    "connected_since": moment,
    "version": text,
}
TRANSFER = {
    "id": natural,
    "content": content_id,
    "name": text,
    "state": one_of("queued", "running", "paused", "done", "failed"),
    "stage": one_of("locate", "manifest", "prepare", "fetch", "sync"),
    "done_bytes": natural,
    "size": natural,
    "rate": number,
    "eta_s": maybe(number),
    "sources": natural,
    "sources_detail": [{"name": text, "id": peer_id, "bytes": natural}],
    "path": text,
    "error": maybe(text),
    "kept": maybe(text),
    "warning": maybe(text),
    "hook": maybe(text),
}
TRACKER = {
    "address": address,
    "id": maybe(peer_id),
    "state": one_of("connected", "connecting", "refused"),
    "error": maybe(text),
}
REFUSED = "connections crowd address late too_long stranger replay unfinished".split()
REFUSED += "record message rate unread requests identity".split()
STATUS = {
    "role": one_of("peer", "tracker"),
    "name": text,
    "id": peer_id,
    "version": text,
    "uptime_s": number,
    "state_dir": text,
    "loop_lag_ms": {"p50": number, "p99": number, "p999": number, "max": number},
    "listen": [address],
    "addresses": [address],
    "unreachable": maybe(text),
    "member": one_of(True, False),
    "connections": natural,
    "connections_limit": natural,
    "contents": natural,
    "peers?": natural,
    "bans?": natural,
    "share?": [text],
    "troubles?": [{"path": text, "error": text}],
    "trackers": [TRACKER],
    "totals": {"up_bytes": natural, "down_bytes": natural},
    "refused": dict.fromkeys(REFUSED, natural),
}
PLAIN_FILE = {key: FILE[key] for key in ("name", "id", "size", "chunks", "chunk_size")}
VERIFIED = {key: FILE[key] for key in ("name", "id", "size", "chunks")}
HOLDER = {"name": text, "id": peer_id, "have": natural, "bitmap_hex": text}
EVENT = {
    "time": moment,
    "event": text,
    "peer": maybe(PUBLISHER),
    "file": maybe({key: FILE[key] for key in ("name", "id", "size")}),
    "transfer": maybe(natural),
    "path": maybe(text),
    "error": maybe(text),
}
FETCHED = TRANSFER | {"already?": one_of(True, False), "elapsed_s?": number}
MODERATED = {"name": text, "id": peer_id, "state": one_of("kicked", "banned", "allowed")}
PARAMETER = {key: text for key in ("name", "brief", "value", "help")}
PARAMETER |= {key: one_of(True, False) for key in ("required", "several")}
COMMAND = {key: text for key in ("name", "alias", "role", "summary", "usage")}
COMMAND |= {"arguments": [PARAMETER], "options": [PARAMETER]}
COMMAND |= {"examples": [{"line": text, "says": text}]}
FILES = {"files": [FILE], "warning": text}


def changed(state):
    return {"transfers": [{"id": natural, "name": text, "state": one_of(state)}]}


SHAPES = {
    "status": STATUS,
    "peers": {"peers": [PEER], "distrusted?": [{"name": text, "id": peer_id, "for_s": natural}]},
    "files": FILES,
    "search": FILES,
    "chunks": {
        "content": content_id,
        "name": text,
        "chunks": natural,
        "rarest": natural,
        "peers": [HOLDER],
        "warning": text,
    },
    "reload": {"applied": [text], "restart": [text]},
    "log-level": {"level": one_of("error", "warn", "info", "debug")},
    "discover": {
        "peer": PUBLISHER,
        "files": [PLAIN_FILE | {"path": maybe(text)}],
        "warning": text,
    },
    "ping": {
        "peer": PUBLISHER,
        "alive": one_of(True, False),
        "via": one_of("direct", "tracker"),
        "tracker": maybe(address),
        "rtt_ms": [number],
    },
    "watch": EVENT,
    "publish": {
        "files": [
            PLAIN_FILE
            | {"path": text, "trackers": natural, "copies": maybe(natural), "warning": text}
            | {"already": one_of(True, False), "skipped": [{"path": text, "why": text}]}
            | {"skipped_total": natural}
        ]
    },
    "unpublish": {"name": text, "id": content_id},
    "fetch": {"transfers": [FETCHED]},
    "transfers": {"transfers": [TRANSFER]},
    "pause": changed("paused"),
    "resume": changed("running"),
    "cancel": changed("cancelled"),
    "forget": changed("forgotten"),
    "wait": {"transfers": [FETCHED]},
    "why": {
        "transfers": [
            {
                "id": natural,
                "name": text,
                "state": TRANSFER["state"],
                "reasons": [{"kind": text, "cause": text, "remedy": text}],
            }
        ]
    },
    "doctor": {
        "checks": [
            {"name": text, "state": one_of("ok", "warn", "fail"), "finding": text, "remedy": text}
        ]
    },
    "verify": {"files": [VERIFIED | {"bad_chunks": natural, "path": text}]},
    "limit": {"up": natural, "down": natural},
    "delay": {"delay_ms": natural},
    "invite": {"token": text, "addresses": [address], "warning": text},
    "join": TRACKER,
    "connect": TRACKER,
    "disconnect": {"trackers": [{"address": address, "id": maybe(peer_id)}], "warning": text},
    "kick": MODERATED,
    "ban": MODERATED,
    "unban": MODERATED,
    "bans": {"bans": [{"name": text, "id": peer_id, "since": moment, "by?": peer_id}]},
    "shutdown": {},
    "secret new": {"secret": lambda value: re.fullmatch("[0-9a-f]{64}", value)},
    "help": {"commands?": [COMMAND], "command?": COMMAND},
    "completion": {"shell": text, "script": text},
}
# They talk to people alone.
WITHOUT_JSON = {"shell", "top", "web"}
