"""A device that fails while p2pd reads from it and writes to it, and is mended."""

import pytest
from bad_device import Device, library_in
from content import MIB, same_bytes, seed
from processes import eventually

# Another library before theirs is what the sanitizers do not bear.
pytestmark = pytest.mark.release_only

SIZE = 16 * MIB
SLOW = "4 MB/s"


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    return library_in(tmp_path_factory.mktemp("bad_device"))


@pytest.fixture
def fetch(net, library):
    """Of a content from a slow source, onto a device: the source, the fetcher, the device and the
    content's id."""
    source = net.peer("source", limits={"upload": SLOW}).start()
    content = seed("film", SIZE, source)
    fetcher = net.peer("fetcher")
    device = Device(fetcher, fetcher.downloads, library)
    fetcher.start().fetch("film", "--detach")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    return source, fetcher, device, content


def waits_for_the_device(node, content):
    transfer = node.transfer(content)
    return transfer["state"] == "paused" and "dmesg" in (transfer["error"] or "")


@pytest.mark.parametrize("what", ["write", "sync"])
def test_what_cannot_be_written(fetch, what):
    source, fetcher, device, content = fetch
    device.fails_to(what)
    eventually(lambda: waits_for_the_device(fetcher, content), "it waits for the device")
    assert fetcher.log_text().count(" waits: ") == 1
    assert not (fetcher.downloads / "film").exists()
    device.is_mended()
    source.ctl("limit", "--up", "0")
    fetcher.ctl("resume", fetcher.transfer_id(content))
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


@pytest.mark.long  # it is tried every 30 s
def test_what_cannot_be_written_is_tried_again_by_itself(fetch):
    source, fetcher, device, content = fetch
    device.fails_to("write")
    eventually(lambda: waits_for_the_device(fetcher, content), "it waits for the device")
    device.is_mended()
    source.ctl("limit", "--up", "0")
    fetcher.ctl("wait", fetcher.transfer_id(content), within=90)
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def test_what_cannot_be_moved_out_of_the_way(net, library):
    """It has the name of the next part until then, so that nothing is written there."""
    source = net.peer("source").start()
    first = source.publish(source.make("film", MIB))
    fetcher = net.peer("fetcher")
    device = Device(fetcher, fetcher.downloads, library)
    fetcher.start().fetch("film")
    (fetcher.downloads / "film").write_text("edited")
    device.fails_to("aside")
    second = source.publish(source.make("film", MIB, seed=2))
    fetcher.fetch("film", "--force")
    reasons = fetcher.json("why", fetcher.transfer_id(second))["transfers"][0]["reasons"]
    assert reasons[0]["kind"] == "disk" and "tried again" in reasons[0]["remedy"]
    (found,) = [row for row in fetcher.json("doctor")["checks"] if row["name"] == "files"]
    assert found["state"] == "warn" and str(fetcher.downloads / "film") in found["finding"]
    source.publish(source.make("other", MIB, seed=3))
    said = fetcher.refusal("fetch", "other", "-o", fetcher.downloads / "film", "--force", code=1)
    assert "not out of the way" in said
    device.is_mended()
    kept = fetcher.downloads / "film.old-1"
    eventually(kept.exists, "what was edited is told of")
    assert kept.read_text() == "edited" and first != second
    assert not [row for row in fetcher.json("doctor")["checks"] if row["name"] == "files"]
    fetcher.fetch("other", "-o", fetcher.downloads / "film", "--force")
    assert same_bytes(source.share / "other", fetcher.downloads / "film")


def test_a_source_that_cannot_read_what_it_has(net, library):
    damaged = net.peer("damaged", limits={"upload": SLOW})
    device = Device(damaged, damaged.share, library)
    damaged.start()
    content = seed("film", SIZE, damaged)
    (fetcher,) = net.peers("fetcher")
    fetcher.fetch("film", "--detach")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    device.fails_to("read")
    eventually(lambda: "cannot be read" in damaged.log_text(), "it says so")
    (whole,) = net.peers("whole")
    seed("film", SIZE, whole)
    fetcher.ctl("wait", fetcher.transfer_id(content))
    assert same_bytes(whole.share / "film", fetcher.downloads / "film")
    device.is_mended()
