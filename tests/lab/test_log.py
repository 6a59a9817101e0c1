"""A network in trouble of several kinds at once: what its nodes log."""

from processes import eventually
from swarm import Swarm

MOST = 20  # lines in any minute
LOOKS = 8  # seconds


def test_no_log_is_filled(lab):
    """A cloned identity, a dead name server, dead trackers and a full disk."""
    swarm = Swarm(lab)
    tracker = f"{swarm.tracker.host.v4}:7440"
    dead = ["nowhere.example:7440", f"{swarm.tracker.host.v4}:9", "10.1.0.250:7440"]
    anna, bert = (
        swarm.peer(name, peer={"trackers": [tracker, *dead], "download_dir": "/srv/full"})
        for name in ("anna", "bert")
    )
    for node in (anna, bert):
        lab.dns(node.host, {}).never()
        node.host.disk("/srv/full", size="64k")
    anna.start()
    (source,) = swarm.peers("source")
    contents = [source.publish(source.make(f"f{number}", 200_000, number)) for number in range(9)]
    for content in contents:
        anna.ctl("fetch", content, "--detach")
    key = bert.state / "identity.key"
    key.write_bytes((anna.state / "identity.key").read_bytes())
    key.chmod(0o600)
    before = {node: len(node.log_text().splitlines()) for node in (swarm.tracker, anna, source)}
    bert.launch()
    began = anna.json("status")["uptime_s"]
    eventually(lambda: anna.json("status")["uptime_s"] >= began + LOOKS, "it goes on", within=60)
    looked = anna.json("status")["uptime_s"] - began
    for node in (anna, bert):
        node.kill9()
    for node, lines in before.items():
        said = node.log_text().splitlines()[lines:]
        print(f"{node.name}: {len(said)} lines in {looked} s of trouble")
        assert len(said) <= MOST * (1 + looked // 60), said
