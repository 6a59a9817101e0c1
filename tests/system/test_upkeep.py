"""What a peer does by itself: publishes what is put into its share folder, and finds silent rot."""

from content import MIB, rot, same_bytes, seed
from processes import eventually


def test_what_is_put_into_the_share_folder_is_published(net):
    peer = net.peer("peer", peer={"auto_publish": True}).start()
    film = peer.make("film", 3 * MIB)
    (peer.share / "album").mkdir()
    (peer.share / "album" / "one").write_text("1")
    (peer.share / ".hidden").write_text("no")
    (peer.share / "half.part").write_text("no")
    eventually(lambda: {row["name"] for row in peer.files()} == {"film", "album"}, "both are there")

    first = peer.file("film")["id"]
    film.write_bytes(b"another film")
    eventually(lambda: (peer.file("film") or {}).get("id", first) != first, "the changed one is published anew")
    (peer.share / "album" / "two").write_text("2")
    eventually(lambda: (peer.file("album") or {}).get("size") == 2, "so is the folder with one file more")
    film.unlink()
    eventually(lambda: peer.file("film") is None, "what is gone is withdrawn")


def test_scrubbing_finds_rot_and_fetches_the_chunk_again(net):
    seeder, keeper = net.peer("seeder").start(), net.peer("keeper", peer={"scrub": "1 s"}).start()
    content = seed("film", 4 * MIB, seeder)
    keeper.fetch("film")
    copy = keeper.downloads / "film"
    rot(copy, MIB)
    eventually(lambda: same_bytes(seeder.share / "film", copy), "the damage is repaired")
    eventually(lambda: keeper.transfer(content)["state"] == "done", "the repair is done")
    assert "of 64 chunks of film are damaged" in keeper.log_text()
    eventually(lambda: keeper.file("film")["sources"] == 2, "the keeper is a whole source again")
