"""watch: what happens, as it happens, on both roles."""

import signal

from content import MIB, seed
from processes import PATIENCE, eventually
from watches import Watch, begun


def test_watch(net):
    one, two = net.peers("one", "two")
    watches = [Watch(node) for node in (net.tracker, one, two)]
    begun(watches, by=one)
    content = seed("film", MIB, one)
    two.fetch("film")
    for watch in watches:
        watch.awaits("published", "one", "film").awaits("fetched", "two", "film")
    watches[2].awaits("done", None, "film")
    one.ctl("unpublish", "film")
    third = net.peer("third").start()
    third.stop()
    again = net.peer("fourth").start()
    again.kill9()
    expected = [
        ("published", "one", "film"),
        ("fetched", "two", "film"),
        ("withdrawn", "one", "film"),
        ("came", "third", None),
        ("left", "third", None),
        ("came", "fourth", None),
        ("lost", "fourth", None),
    ]
    for watch in watches:
        watch.awaits("lost", "fourth", None)
        assert [row for row in watch.told() if row[0] != "done"] == expected
    (done,) = [event for event in watches[2].events() if event["event"] == "done"]
    assert (done["schema"], done["transfer"], done["error"]) == (1, 1, None)
    assert done["file"] == {"name": "film", "id": content, "size": MIB}
    assert done["path"] == str(two.downloads / "film")
    came = next(event for event in watches[0].events() if event["event"] == "came")
    assert came["peer"]["id"] and came["file"] is None
    watches[0].job.process.send_signal(signal.SIGINT)
    assert watches[0].job.process.wait(PATIENCE) == 130
    one.stop()
    assert watches[1].job.process.wait(PATIENCE) == 1


def test_filters(net):
    one, two = net.peers("one", "two")
    watches = [Watch(node, "--filter", "withdrawn", "--filter", "failed") for node in (one, two)]
    begun(watches, by=one)
    seed("film", MIB, one)
    two.ctl("fetch", "film")
    one.ctl("unpublish", "film")
    for watch in watches:
        watch.awaits("withdrawn", "one", "film")
        assert {row[0] for row in watch.told()} == {"withdrawn"}
    assert "came, left" in one.refusal("watch", "--filter", "comings", code=2)


def test_a_line_each_for_people_and_scripts(net):
    one, two = net.peers("one", "two")
    out = one.home / "lines"
    with out.open("w") as file:
        job = one.spawn("watch", "--filter", "fetched", stdout=file)
    number = 0

    def told():
        nonlocal number
        number += 1
        seed(f"film {number}", 1000, one, variant=number)
        two.fetch(f"film {number}")
        return out.read_text().endswith("\n")

    eventually(told, "a line")
    fields = out.read_text().splitlines()[0].split("\t")
    assert fields[1:4] == ["fetched", "two", two.id]
    assert fields[5].startswith("film") and fields[7] == "1000"
    job.process.kill()


def test_two_trackers_tell_a_thing_once(net):
    second = net.node("second", role="tracker").start()
    both = [net.tracker.address, second.address]
    one = net.peer("one", peer={"trackers": both}).start()
    two = net.peer("two", peer={"trackers": both}).start()
    eventually(lambda: len(second.json("peers")["peers"]) == 2, "both know both trackers")
    watch = Watch(two)
    begun([watch], by=one)
    seed("film", MIB, one)
    two.fetch("film")
    one.ctl("unpublish", "film")
    watch.awaits("withdrawn", "one", "film")
    # The fetch may be told of later: who has it whole says so within a second.
    watch.awaits("fetched", "two", "film")
    told = watch.told()
    assert len(told) == len(set(told)), told


def test_who_reads_too_slowly_is_cut_off(net):
    one, two = net.peers("one", "two")
    slow, watch = Watch(one), Watch(one)
    begun([slow, watch], by=two)
    slow.job.process.send_signal(signal.SIGSTOP)
    paths = [two.make(f"{number:03d}" + 200 * "x", 10, seed=number) for number in range(300)]
    two.ctl("publish", *paths)
    for times in range(1, 8):  # after each restart it publishes all of them again
        told = eventually(lambda: len(watch.told()) >= times * 300 and watch.told(), "all are told")
        two.stop()
        two.start()
    slow.job.process.send_signal(signal.SIGCONT)
    slow.job.finish(code=1)
    assert "faster than they are read" in slow.job.stderr
    assert len(slow.told()) < len(told)
