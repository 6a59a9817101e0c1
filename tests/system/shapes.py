"""What --json prints, held against the command table."""

import json
import re
import subprocess
from datetime import datetime


def natural(value):
    return type(value) is int and value >= 0


TYPES = {
    "boolean": lambda value: type(value) is bool,
    "integer": natural,
    "number": lambda value: type(value) in (int, float) and value >= 0,
    "text": lambda value: type(value) is str,
    "time": lambda value: datetime.fromisoformat(value).tzinfo is not None,
    "content_id": lambda value: re.fullmatch("[0-9a-f]{64}", value),
    "peer_id": lambda value: re.fullmatch("[a-z2-7]{52}", value),
    "address": lambda value: re.fullmatch(r"([^:]+|\[[0-9a-f:]+\]):\d+", value),
}


class Shapes:
    """The fields of what each command prints; None where it has no --json."""

    def __init__(self, build):
        table = json.loads(subprocess.check_output([build.describe_commands]))
        self.printed = {name: printed(row) for name, row in table.items()}

    def check(self, command, value):
        """Fails unless one object that the command has printed is as the table has it."""
        assert value["schema"] == 1
        body = {key: field for key, field in value.items() if key != "schema"}
        conform(body, self.printed[command], command)


def printed(row):
    fields = row["event"] if row["result"] is None else row["result"]
    if not row["together"]:
        return fields
    return [of_name(row["together"]) | {"type": "object", "list": True, "fields": fields}]


def of_name(name):
    return {"name": name, "words": [], "null": "", "only": ""}


def conform(value, fields, where):
    known = {field["name"] for field in fields}
    unknown = value.keys() - known
    assert not unknown, f"{where} has {unknown}, which the command table has not"
    for field in fields:
        name = field["name"]
        if name in value:
            conform_field(value[name], field, f"{where}.{name}")
        else:
            assert field["only"], f"{where} lacks {name}"


def conform_field(value, field, where):
    if value is None:
        assert field["null"], f"{where} is null"
    elif field["list"]:
        assert type(value) is list, f"{where} is no list"
        for index, each in enumerate(value):
            conform_one(each, field, f"{where}[{index}]")
    else:
        conform_one(value, field, where)


def conform_one(value, field, where):
    if field["type"] == "object":
        conform(value, field["fields"], where)
    elif field["type"] == "word":
        assert value in field["words"], f"{where} is {value!r}, not one of {field['words']}"
    else:
        assert TYPES[field["type"]](value), f"{where} is {value!r}"
