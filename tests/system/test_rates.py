"""Rates of [limits] that depend on where the other side is, and on the time."""

import time
from datetime import datetime, timedelta

from content import MIB, same_bytes, seed
from processes import eventually

SIZE = 4 * MIB


def took(fetcher, name):
    begin = time.monotonic()
    fetcher.ctl("fetch", name, "-o", fetcher.home / name)
    return time.monotonic() - begin


def test_a_rate_between_sites_is_for_other_sites_alone(net):
    source = net.peer("source", node={"site": "one"}, limits={"between_sites": "1 MB/s"}).start()
    near, far = (net.peer(f"at-{site}", node={"site": site}).start() for site in ("one", "two"))
    seed("film", SIZE, source)
    assert source.json("limit")["between_sites"] == 1_000_000
    assert took(far, "film") > 0.8 * SIZE / 1e6
    assert same_bytes(source.share / "film", far.home / "film")
    far.stop()  # whose copy could be fetched instead
    before = source.json("status")["totals"]["up_bytes"]
    assert took(near, "film") < SIZE / 1e6
    assert source.json("status")["totals"]["up_bytes"] - before >= SIZE
    source.ctl("limit", "--between-sites", "0")
    assert source.json("status")["limits"]["between_sites"] == 0


def test_who_fetches_keeps_to_it_too(net):
    source = net.peer("source", node={"site": "one"}).start()
    limits = {"between_sites": "1 MB/s"}
    fetcher = net.peer("fetcher", node={"site": "two"}, limits=limits).start()
    seed("film", SIZE, source)
    begin = time.monotonic()
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: "other sites" in fetcher.ctl("why", "1").stdout, "why tells it")
    job.finish()
    assert time.monotonic() - begin > 0.8 * SIZE / 1e6


def test_a_line_of_the_schedule_holds_at_its_time(net):
    now = datetime.now()
    # Over midnight where it must be; the line before is that of another time.
    span = f"{now - timedelta(hours=1):%H:%M}-{now + timedelta(hours=2):%H:%M}"
    other = f"{now + timedelta(hours=3):%H:%M}-{now + timedelta(hours=4):%H:%M}"
    schedule = [f"{other} upload=9MB/s", f"{span} upload=2MB/s between_sites=0"]
    limits = {"upload": "5 MB/s", "download": "7 MB/s", "schedule": schedule}
    peer = net.peer("peer", limits=limits).start()
    limit = peer.json("limit")
    assert (limit["up"], limit["down"], limit["between_sites"]) == (2_000_000, 7_000_000, 0)
    assert limit["schedule"] == schedule[1]
    assert 0 < limit["until"] - time.time() <= 2 * 3600
    assert peer.json("status")["limits"].items() <= limit.items()
    peer.ctl("limit", "--up", "3MB/s")
    assert peer.json("limit")["up"] == 3_000_000
    peer.configure(limits=limits | {"schedule": None})
    peer.ctl("reload")
    eventually(lambda: peer.json("limit")["up"] == 5_000_000, "the config's own holds")
    assert peer.json("limit")["schedule"] is None
