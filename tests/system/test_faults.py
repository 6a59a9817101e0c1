"""What goes away while p2pd runs, and comes back: told once, and no reason for a restart."""

import shutil
import subprocess

import pytest
from content import MIB, same_bytes, seed
from processes import eventually
from state import synced_chunks

SLOW = "2 MB/s"


@pytest.fixture
def mounted(scratch):
    """Mounts a small file system, with these options too; returns where."""
    places = []

    def mount(options=""):
        place = scratch / f"mounted-{len(places)}"
        place.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size=1m{options}", "none", place]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            pytest.skip(f"no file system can be mounted here: {done.stderr.strip()}")
        places.append(place)
        return place

    yield mount
    for place in places:
        subprocess.run(["umount", "-l", place], check=True)


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
    assert told(fetcher) in (1, 2), "when a chunk cannot be written, and when a retry finds no folder"


def test_another_folder_in_its_place(pair):
    """What has come is not in it, so it waits for the one before, or for people to begin anew."""
    source, fetcher = pair
    content = seed("film", 8 * MIB, source)
    fetcher.spawn("fetch", "film")
    eventually(lambda: synced_chunks(fetcher, content), "something has come, for good")
    shutil.rmtree(fetcher.downloads)
    fetcher.downloads.mkdir()
    eventually(lambda: waits_for_its_folder(fetcher, content), "it waits for its folder")
    source.ctl("limit", "--up", "0")
    if "confined to its folders by Landlock" in fetcher.log_text():
        assert "restart" in fetcher.transfer(content)["error"]
        fetcher.stop()
        fetcher.start()
    eventually(lambda: "part" in (fetcher.transfer(content)["error"] or ""), "it waits for its part")
    fetcher.ctl("cancel", fetcher.transfer_id(content))
    fetcher.fetch("film")
    assert same_bytes(source.share / "film", fetcher.downloads / "film")


def on(place, net, name):
    """A peer with its state there, and its secret elsewhere."""
    node = net.peer(name)
    secret = str(node.state / "network.key")
    node.configure(node={"state_dir": str(place / "state")}, network={"secret_file": secret})
    return node


def test_a_full_state_dir(net, mounted):
    place = mounted()
    peer = on(place, net, "peer").start()
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError):
        while True:
            file.write(bytes(4096))
    peer.configure(limits={"upload": "1 MB/s"})
    for number in range(3):
        assert "full" in peer.refusal("publish", peer.make(f"f{number}", 1000, number), code=1)
    assert peer.json("reload")["applied"] == ["limits.upload"], "all else goes on"
    ballast.unlink()
    peer.publish(peer.share / "f2")
    said = peer.log_text()
    assert said.count("until this is resolved") == said.count("can be written again") == 1


def test_a_state_dir_that_cannot_be_written(net, mounted):
    peer = on(mounted(",ro"), net, "peer").launch()
    peer.ends(code=1)
    assert "state_dir" in peer.log_text() and "mounted-0" in peer.log_text()
