"""What /metrics and /healthz say, and who asks them too much."""

import json
import re
import shutil
import socket
import subprocess
from collections import Counter
from http.client import HTTPConnection
from pathlib import Path

import pytest
from content import MIB, rot, same_bytes, seed
from processes import PATIENCE, TOP, eventually
from strangers import raise_descriptor_limit

SAMPLE = re.compile(r"([a-z0-9_]+)(?:\{((?:[a-z]+=\"[^\"\\\n]*\",?)+)\})? ([0-9.e+-]+)")
LABEL = re.compile(r"([a-z]+)=\"([^\"]*)\"")
NAME = re.compile(r"\b(?:p2pd|process)_[a-z_]+\b")


def ask(node, path="/metrics", method="GET", **options):
    connection = HTTPConnection(*node.http, timeout=PATIENCE)
    connection.request(method, path, **options)
    answer = connection.getresponse()
    answer.text = answer.read().decode()
    connection.close()
    return answer


def parse(text):
    """{metric: {labels: value}} of the text format; fails where it is not as that has it."""
    metrics, types = {}, {}
    assert text.endswith("\n")
    lines = iter(text.splitlines())
    for line in lines:
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert name not in types, f"{name} stands there twice"
            assert len(line.split()) > 3, f"{name} has no help"
            words = next(lines).split()
            assert words[:3] == ["#", "TYPE", name], f"{name} has no type"
            types[name], metrics[name] = words[3], {}
            continue
        sample, labels, value = SAMPLE.fullmatch(line).groups()
        assert sample.removeprefix(name) in suffixes(types[name]), f"{sample} is no part of {name}"
        key = (sample.removeprefix(name), *sorted(LABEL.findall(labels or "")))
        assert key not in metrics[name], f"{line} stands there twice"
        metrics[name][key] = float(value)
    for name, kind in types.items():
        assert kind in ("counter", "gauge", "histogram")
        assert name.endswith("_total") == (kind == "counter"), f"{name} is a {kind}"
        assert metrics[name], f"{name} has no value"
        if kind == "histogram":
            buckets = [value for key, value in metrics[name].items() if key[0] == "_bucket"]
            assert buckets == sorted(buckets), f"{name} does not add up"
            assert buckets[-1] == metrics[name][("_count",)]
            assert ("_bucket", ("le", "+Inf")) in metrics[name]
    return metrics


def suffixes(kind):
    return ("_bucket", "_sum", "_count") if kind == "histogram" else ("",)


def names_on_the_page():
    page = (TOP / "man" / "p2pd.8.scd").read_text()
    section = page.split("# METRICS")[1].split("\n# ")[0]
    for heading in re.findall(r"^\*.*", section, re.MULTILINE):
        yield from NAME.findall(heading)


def value(node, name, **labels):
    return parse(ask(node).text)[name][("", *sorted(labels.items()))]


@pytest.fixture(scope="module")
def nodes(shared_net):
    """A tracker and two peers that serve metrics."""
    tracker, peers = shared_net.tracker, [shared_net.peer(name) for name in ("one", "two")]
    tracker.stop()
    for node in (tracker, *peers):
        node.http = ("127.0.0.1", shared_net.port())
        node.config["http"] = {"listen": "{}:{}".format(*node.http)}
        node.launch()
    return [node.ready() for node in (tracker, *peers)]


def test_it_is_what_prometheus_reads(nodes):
    for node in nodes:
        answer = ask(node)
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert parse(answer.text)["p2pd_info"]
        if shutil.which("promtool"):
            check = ["promtool", "check", "metrics"]
            done = subprocess.run(check, input=answer.text, text=True, capture_output=True)
            assert done.returncode == 0 and not done.stdout + done.stderr


def test_all_that_it_says_is_told_and_used_rightly(nodes):
    there = {name: kind for node in nodes for name, kind in parse(ask(node).text).items()}
    assert {*names_on_the_page()} == {*there}
    whole = {name + suffix for name, samples in there.items() for suffix, *_ in samples}
    dashboard = json.loads((TOP / "conf" / "grafana.json").read_text())
    queries = [target["expr"] for panel in dashboard["panels"] for target in panel["targets"]]
    alerts = (TOP / "conf" / "alerts.yml").read_text()
    for text in (*queries, alerts):
        named = {*NAME.findall(text)}
        assert named, f"it asks for nothing of ours: {text}"
        assert named <= whole, f"there is no {named - whole}"
    if shutil.which("promtool"):
        subprocess.run(["promtool", "check", "rules", TOP / "conf" / "alerts.yml"], check=True)


def becomes(node, number, name, **labels):
    """A page may be a tenth of a second old."""
    eventually(lambda: value(node, name, **labels) == number, f"{name} of {node.name} is {number}")


def test_it_counts_as_the_node_does(nodes):
    tracker, one, two = nodes
    seed("film", 8 * MIB, one)
    two.fetch("film")
    received = two.json("status")["totals"]["down_bytes"]
    assert received >= 8 * MIB
    becomes(two, received, "p2pd_received_bytes_total")
    becomes(two, 128, "p2pd_chunks_fetched_total")
    becomes(two, 1, "p2pd_transfers_ended_total", state="done")
    becomes(two, 1, "p2pd_transfers", state="done")
    becomes(one, 128, "p2pd_chunks_sent_total")
    becomes(one, 1, "p2pd_trackers_connected")
    becomes(one, 1, "p2pd_contents")
    becomes(one, 64 * MIB, "p2pd_buffer_limit_bytes")
    becomes(tracker, 2, "p2pd_tracker_pairs")
    becomes(tracker, 1, "p2pd_tracker_contents")
    becomes(tracker, 2, "p2pd_tracker_peers")
    becomes(tracker, 2, "p2pd_peers")
    jobs = parse(ask(one).text)["p2pd_job_wait_seconds"]
    assert jobs[("_count",)] >= 128, "each chunk was read by a job"
    rot(two.downloads / "film", 77)
    two.refusal("verify", "film", code=1)
    becomes(two, 1, "p2pd_hash_failures_total", **{"from": "disk"})
    becomes(two, 129, "p2pd_chunks_fetched_total")


def some_refused(node):
    causes = parse(ask(node).text)["p2pd_refusals_total"]
    return causes if any(causes.values()) else None


def test_what_is_refused_is_counted_by_cause(nodes):
    one = nodes[1]
    with socket.create_connection(("127.0.0.1", one.port)) as stranger:
        stranger.sendall(bytes(2000))
        causes = eventually(lambda: some_refused(one), "it is refused")
    assert {dict(key[1:])["cause"] for key in causes} == set(one.json("status")["refused"])


def test_other_requests(nodes):
    peer = nodes[1]
    healthy = ask(peer, "/healthz")
    assert (healthy.status, healthy.text) == (200, "ok\n")
    head = ask(peer, method="HEAD")
    assert (head.status, head.text) == (200, "")
    assert ask(peer, "/").status == 404
    assert "/metrics" in ask(peer, "/../etc/passwd").text
    for method in ("POST", "DELETE", "BREW"):
        refused = ask(peer, method=method, body="x" * 100)
        assert (refused.status, refused.headers["Allow"]) == (405, "GET, HEAD")
    assert ask(peer, headers={"X": "y" * 8000}).status in (413, 431)


def test_a_taken_address_stops_the_start(nodes, shared_net):
    late = shared_net.peer("late")
    late.config["http"] = nodes[1].config["http"]
    late.launch().ends(1)
    assert "[http] listen {}:{}: ".format(*nodes[1].http) in late.log_text()


def open_files(node):
    return len(list(Path(f"/proc/{node.process.pid}/fd").iterdir()))


def test_a_thousand_that_do_not_finish_their_requests(nodes):
    """They do not disturb; and when they are gone, the next is served."""
    tracker, one, two = nodes
    raise_descriptor_limit()
    before = open_files(one)
    content = seed("proof", MIB, one)
    held = [socket.create_connection(one.http) for _ in range(1000)]
    for number, connection in enumerate(held[::10]):
        connection.sendall([b"GET /metr", b"GET /metrics HTTP/1.1\r\nX: "][number % 2])
    two.fetch("proof")
    assert same_bytes(one.share / "proof", two.downloads / "proof")
    assert one.file("proof")["id"] == content
    assert open_files(one) < before + 150
    for connection in held:
        connection.close()
    assert ask(one, "/healthz").text == "ok\n"
    eventually(lambda: open_files(one) < before + 20, "they are let go")


def test_one_that_asks_without_end_and_does_not_read(nodes):
    one = nodes[1]
    held = [socket.create_connection(one.http) for _ in range(50)]
    for connection in held:
        connection.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n" * 100)
    seen = Counter(ask(one).status for _ in range(20))
    assert seen == {200: 20}
    for connection in held:
        connection.close()
