"""Peers of several trackers, of which one dies."""

from content import MIB, same_bytes, seed
from processes import eventually

SIZE, HELD = 8 * MIB, 2 * MIB


def test_a_fetch_goes_on_when_a_tracker_dies(net):
    """Its only source is held in the middle, so it needs another one, which the dead tracker has
    never heard of."""
    origin, gate = net.gated_peer("origin", allow=HELD)
    second = net.node("second", role="tracker").start()
    (fetcher,) = net.peers("fetcher")
    for node in (origin, fetcher):
        node.ctl("connect", second.address)
    content = seed("film", SIZE, origin, options=("--chunk-size", "64KiB"))
    assert origin.file("film")["sources"] == 1, "two trackers count the same peer"
    fetcher.fetch("--detach", "film")
    eventually(lambda: gate.holds and fetcher.done_bytes(content) > 0, "it is in the middle")
    before = fetcher.done_bytes(content)

    net.tracker.kill9()
    late = net.peer("late", peer={"trackers": [second.address]}).start()
    seed("film", SIZE, late, options=("--chunk-size", "64KiB"))
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(origin.share / "film", fetcher.downloads / "film")
    given = {row["name"]: row["bytes"] for row in fetcher.transfer(content)["sources_detail"]}
    assert given["origin"] >= before and given["late"] > 0
    assert sum(given.values()) == SIZE, "what it had by then was not fetched again"
    eventually(lambda: fetcher.file("film")["sources"] == 3, "all are counted by the second")

    net.tracker.start()
    for node in (origin, fetcher):
        node.ctl("connect", net.tracker.address)  # at once, whenever it would dial again
    eventually(lambda: net.tracker.file("film"), "those who knew it tell it all again")
    eventually(lambda: net.tracker.file("film")["sources"] == 2, "origin and fetcher")
    assert fetcher.file("film")["sources"] == 3, "the larger count is closer to the truth"
    assert {peer["name"] for peer in fetcher.file("film")["publishers"]} == {"origin", "late"}
