"""What the log tells, what it never tells, and that nobody waits for it."""

import os
import re

from content import same_bytes, seed
from processes import eventually

LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} [EWID] [a-z_]+: .+")


def test_lines_tell_no_secret_and_no_list_of_files(net):
    """A day of work at the level debug: join, publish, fetch, fail, reload, ban."""
    source, fetcher = net.peer("source"), net.peer("fetcher")
    nodes = (net.tracker, source, fetcher)
    for node in nodes:
        node.configure(node={"log_level": "debug"})
    net.tracker.stop()
    for node in nodes:
        node.start()
    token = net.tracker.json("invite")["token"]
    fetcher.ctl("join", token)
    album = source.share / "album"
    album.mkdir()
    for number in range(20):
        source.make(f"album/picture-{number}", 1000, seed=number)
    content = source.publish(album)
    fetcher.fetch("album")
    fetcher.ctl("verify", content)
    fetcher.ctl("fetch", "nothing", code=4)
    for node in nodes:
        node.ctl("reload")
    fetcher.kill9()
    fetcher.start()
    source.ctl("unpublish", content)
    identities = [(node.state / "identity.key").read_text().strip() for node in nodes]
    for node in nodes:
        said = node.log_text()
        assert all(LINE.fullmatch(line) for line in said.splitlines())
        for secret in (net.secret, token, token[6:], *identities):
            assert secret not in said and secret.upper() not in said
        assert len(re.findall("picture-", said)) <= 1
    assert f"transfer=1 content={content}" in fetcher.log_text()


def test_a_log_that_nobody_reads_holds_up_nothing(net):
    (source,) = net.peers("source")
    fetcher = net.peer("fetcher", node={"log_level": "debug"})
    os.mkfifo(fetcher.log)
    reader = os.open(fetcher.log, os.O_RDONLY | os.O_NONBLOCK)
    with open(fetcher.log, "wb", buffering=0) as filler:
        os.set_blocking(filler.fileno(), False)
        while filler.write(bytes(4096)):
            pass
        fetcher.launch()
    eventually(fetcher.answers, "it runs")
    eventually(fetcher.connected, "it is connected")
    seed("film", 100_000, source)
    fetcher.fetch("film")
    assert same_bytes(source.share / "film", fetcher.downloads / "film")

    said = b""

    def recovered():
        nonlocal said
        fetcher.ctl("reload")
        try:
            while part := os.read(reader, 65536):
                said += part
        except BlockingIOError:
            pass
        return b"reloaded" in said

    eventually(recovered, "it tells again")
    assert re.search(rb" W log: \d+ lines were lost", said)
    fetcher.stop()
    os.close(reader)
    fetcher.log.unlink()
