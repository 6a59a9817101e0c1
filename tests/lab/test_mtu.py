"""A sole source behind an MTU hole: its fetcher notices, and gets everything in small segments."""

import pytest
from content import MIB, same_bytes
from processes import eventually
from swarm import around_a_hole, on_subnets

SIZE = 4 * MIB


def swarm(lab, **hole):
    """A fetcher on this side, a source on the other."""
    near, far = around_a_hole(lab, **hole)
    source, fetcher = on_subnets(lab, near, source=far, fetcher=near)
    source.start().publish(source.make("film", SIZE))
    return source, fetcher.start()


def kinds(node):
    (row,) = node.json("why", "1")["transfers"]
    return [reason["kind"] for reason in row["reasons"]]


def notices_and_fetches(source, fetcher):
    fetcher.ctl("limit", "--down", "2MB/s")  # it lasts long enough to be looked at
    fetcher.fetch("film", "--detach")
    eventually(lambda: "mtu" in kinds(fetcher), "why names the hole", within=40)
    fetcher.ctl("wait", "1", within=40)
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    checks = fetcher.json("doctor")["checks"]
    (found,) = [check for check in checks if check["name"] == "mtu"]
    assert found["state"] == "warn" and "tcp_mtu_probing" in found["remedy"]
    assert fetcher.log_text().count("large packets") == 1


@pytest.mark.parametrize("other_family", ["v6", "v4"])
def test_who_fetches_dials_anew_with_smaller_segments(lab, other_family):
    notices_and_fetches(*swarm(lab, **{other_family: None}))


def test_a_source_behind_nat_does_so_itself(lab):
    """Nobody can dial it, so it is asked to dial; and it has seen that its segments were lost."""
    notices_and_fetches(*swarm(lab, nat=True))
