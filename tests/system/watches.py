"""A p2pctl watch in the background."""

import json

from processes import eventually


class Watch:
    """A p2pctl watch that runs, and the lines that it has printed."""

    def __init__(self, node, *options):
        self.path = node.home / f"watch {len(list(node.home.glob('watch *')))}"
        with self.path.open("w") as out:
            self.job = node.spawn("--json", "watch", *options, stdout=out)

    def events(self):
        # A line is there as a whole once its end is.
        lines = self.path.read_text().split("\n")[:-1]
        return [json.loads(line) for line in lines]

    def told(self):
        """Event, peer and content of each, without those of beacons."""
        rows = []
        for event in self.events():
            file = (event["file"] or {}).get("name")
            if file != "beacon":
                rows.append((event["event"], (event["peer"] or {}).get("name"), file))
        return rows

    def awaits(self, *row):
        eventually(lambda: row in self.told(), f"{row} is told")
        return self


def begun(watches, by):
    """When all of them have seen something happen, they have begun."""
    path = by.make("beacon", 10)

    def seen():
        by.ctl("publish", path)
        by.ctl("unpublish", "beacon")
        return all("beacon" in str(watch.events()) for watch in watches)

    eventually(seen, "all watches have begun")
