"""Rates of [limits] that depend on where the other side is, and on the time."""

from datetime import datetime, timedelta

from content import MIB, same_bytes, seed
from processes import eventually

SIZE = 4 * MIB
SLOW = {"between_sites": "20 kB/s"}  # three minutes and a half for it


def begun(fetcher):
    """A fetch of which something has come, and which cannot end by itself for long."""
    fetcher.fetch("film", "-o", fetcher.home / "film", "--detach")
    eventually(lambda: fetcher.json("status")["totals"]["down_bytes"] > 0, "it has begun")


def ends(fetcher, source, *limited):
    """Now that nothing holds it."""
    assert fetcher.json("transfers")["transfers"][-1]["state"] == "running"
    for node in limited:
        assert node.json("limit", "--between-sites", "0")["between_sites"] == 0
    fetcher.ctl("wait", "1")
    assert same_bytes(source.share / "film", fetcher.home / "film")


def test_a_rate_between_sites_is_for_other_sites_alone(net):
    source, near = (net.peer(name, node={"site": "one"}, limits=SLOW).start() for name in ("source", "near"))
    far = net.peer("far", node={"site": "two"}).start()
    seed("film", SIZE, source)
    begun(far)
    near.ctl("fetch", "film", "-o", near.home / "film")
    assert same_bytes(source.share / "film", near.home / "film")
    assert source.json("status")["limits"]["between_sites"] == 20_000
    ends(far, source, source, near)


def test_who_fetches_keeps_to_it_too(net):
    source = net.peer("source", node={"site": "one"}).start()
    fetcher = net.peer("fetcher", node={"site": "two"}, limits=SLOW).start()
    seed("film", SIZE, source)
    begun(fetcher)
    eventually(lambda: "other sites" in fetcher.ctl("why", "1").stdout, "why tells it")
    ends(fetcher, source, fetcher)


def test_a_line_of_the_schedule_holds_at_its_time(net):
    now = datetime.now()
    # Over midnight where it must be; the line before is that of another time.
    end = (now + timedelta(hours=2)).replace(second=0, microsecond=0)
    span = f"{now - timedelta(hours=1):%H:%M}-{end:%H:%M}"
    other = f"{now + timedelta(hours=3):%H:%M}-{now + timedelta(hours=4):%H:%M}"
    schedule = [f"{other} upload=9MB/s", f"{span} upload=2MB/s between_sites=0"]
    limits = {"upload": "5 MB/s", "download": "7 MB/s", "schedule": schedule}
    peer = net.peer("peer", limits=limits).start()
    limit = peer.json("limit")
    assert (limit["up"], limit["down"], limit["between_sites"]) == (2_000_000, 7_000_000, 0)
    assert limit["schedule"] == schedule[1]
    assert limit["until"] == end.timestamp()
    assert peer.json("status")["limits"].items() <= limit.items()
    peer.ctl("limit", "--up", "3MB/s")
    assert peer.json("limit")["up"] == 3_000_000
    peer.configure(limits=limits | {"schedule": None})
    peer.ctl("reload")
    eventually(lambda: peer.json("limit")["up"] == 5_000_000, "the config's own holds")
    assert peer.json("limit")["schedule"] is None
