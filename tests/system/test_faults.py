"""What goes away while p2pd runs, and comes back: told once, and no reason for a restart."""

import shutil

import pytest
from content import MIB, same_bytes, seed
from processes import eventually

SLOW = "2 MB/s"


@pytest.fixture
def pair(net):
    """A slow source, and a fetcher with a download folder that lies in nothing of its own."""
    folder = net.scratch / "incoming"
    peer = {"download_dir": str(folder), "writable": []}
    fetcher = net.peer("fetcher", peer=peer).start()
    fetcher.downloads = folder
    return net.peer("source", limits={"upload": SLOW}).start(), fetcher


def waits_for_its_folder(node, content):
    transfer = node.transfer(content)
    return transfer["state"] == "paused" and str(node.downloads) in (transfer["error"] or "")


def told(node):
    return node.log_text().count(" waits: ")


def test_a_download_folder_that_is_away_for_a_while(pair):
    source, fetcher = pair
    content = seed("film", 8 * MIB, source)
    job = fetcher.spawn("fetch", "film")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    away = fetcher.downloads.rename(fetcher.downloads.with_name("away"))
    eventually(lambda: waits_for_its_folder(fetcher, content), "it waits for its folder")
    source.ctl("limit", "--up", "0")
    away.rename(fetcher.downloads)
    eventually(lambda: fetcher.transfer(content)["state"] == "done", "it goes on by itself")
    job.finish()
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
    assert told(fetcher) == 1


def test_another_folder_in_its_place_takes_a_restart(pair):
    source, fetcher = pair
    content = seed("film", 8 * MIB, source)
    fetcher.spawn("fetch", "film")
    eventually(lambda: fetcher.done_bytes(content) > 0, "something has come")
    shutil.rmtree(fetcher.downloads)
    fetcher.downloads.mkdir()
    eventually(lambda: waits_for_its_folder(fetcher, content), "it waits for its folder")
    source.ctl("limit", "--up", "0")
    if "confined to its folders by Landlock" in fetcher.log_text():
        assert "restart" in fetcher.transfer(content)["error"]
        fetcher.stop()
        fetcher.start()
    eventually(lambda: fetcher.transfer(content)["state"] == "done", "it begins anew")
    assert same_bytes(source.share / "film", fetcher.downloads / "film")
