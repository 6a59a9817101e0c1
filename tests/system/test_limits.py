"""The limits of what a peer sends and receives: how exactly they hold, and how soon."""

import pytest
from content import MIB, same_bytes, seed
from processes import eventually
from watched import Fetch

pytestmark = [pytest.mark.alone, pytest.mark.release_only, pytest.mark.long]

MB = 1_000_000
PIECES = ("--chunk-size", "128KiB")


def test_limits_hold_and_change_at_once(memory_net):
    """Of one pair the sender is limited, of the other the receiver."""
    slow, fast = senders = memory_net.peers("slow", "fast")
    seed("film", 256 * MIB, *senders, options=PIECES)
    first, second = memory_net.peers("first", "second")
    limited = {"what is sent": (slow, "--up"), "what is received": (second, "--down")}

    def limit(rate):
        for node, way in limited.values():
            node.ctl("limit", way, rate)

    limit("20MB/s")
    fetches = [Fetch(first, "film", "--from", "slow"), Fetch(second, "film", "--from", "fast")]
    passes(fetches, 11.5)
    limit("10MB/s")
    changed = [fetch.now for fetch in fetches]
    passes(fetches, 14.8)
    limit("0")
    for fetch, change, way in zip(fetches, changed, limited):
        fetch.finish()
        held, after = fetch.rate(1, 11), fetch.rate(change + 1, change + 3)
        print(f"{way}: {held / MB:.2f} MB/s of 20 over 10 s, {after / MB:.2f} of 10 from a second"
              " after the change")  # fmt: skip
        assert same_bytes(fast.share / "film", fetch.node.downloads / "film")
        assert abs(held / (20 * MB) - 1) <= 0.03
        assert abs(after / (10 * MB) - 1) <= 0.03


def passes(fetches, moment):
    eventually(lambda: all(fetch.now > moment for fetch in fetches), f"{moment} s", within=moment)
