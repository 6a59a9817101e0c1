"""p2pctl shell: at the prompt of a real terminal, and fed from a pipe."""

import stat

import pytest

GREETING = """\
p2pctl 0.1.0 at the peer here
  publish PATH   share a file or a folder with everybody
  files          see what everybody shares
  fetch NAME     get it, into the download folder
  ?              see all commands; Tab completes them, exit leaves
"""


@pytest.fixture(scope="module")
def here(shared_net):
    """A peer that can fetch film.iso, and two contents called twice.iso."""
    here, nas, other = shared_net.peers("here", "nas", "other")
    nas.publish(nas.make("film.iso", 3000, seed=1))
    nas.publish(nas.make("twice.iso", 2048, seed=2))
    other.publish(other.make("twice.iso", 4096, seed=3))
    return here


@pytest.fixture
def shell(on_terminal, here, scratch):
    def start(*options, columns=80, lines=24):
        env = {"HOME": str(scratch)}
        terminal = on_terminal(here, *options, "shell", columns=columns, lines=lines, env=env)
        terminal.shows("here>")
        return terminal

    return start


def test_a_newcomer_publishes_and_fetches(shell, here, scratch):
    terminal = shell()
    assert terminal.screen() == GREETING + "here>"
    here.make("my talk.mp4", 5000)
    terminal.type(f"publish {here.share}/my")
    terminal.press("Tab")
    terminal.shows("my\\ talk.mp4")
    terminal.press("Enter")
    terminal.shows("KiB  1 chunk\nhere>")
    terminal.type("fetch fi")
    terminal.press("Tab")
    terminal.shows("here> fetch film.iso")
    terminal.press("Enter")
    terminal.shows(lambda screen: "from 1" in screen and screen.endswith("\nhere>"))
    assert (here.downloads / "film.iso").stat().st_size == 3000
    terminal.enter("exit")
    terminal.ends()


def test_of_several_contents_one_is_chosen(shell, here):
    terminal = shell(columns=200, lines=50)
    terminal.enter("DOWNLOAD twice.iso")
    screen = terminal.shows(lambda screen: "which one?" in screen and screen)
    chosen = next(line for line in screen.splitlines() if "4 KiB  other" in line).split()[0]
    terminal.enter(chosen)
    terminal.shows("from 1 source\nhere>")
    assert (here.downloads / "twice.iso").stat().st_size == 4096
    terminal.enter("fetch twice.iso")
    terminal.shows(lambda screen: screen.endswith("which one?"))
    terminal.press("C-c")
    terminal.shows(lambda screen: "none was chosen" in screen and screen.endswith("\nhere>"))
    terminal.press("C-d")
    terminal.ends()


def test_ctrl_c_ends_what_runs_and_not_the_shell(shell, here):
    terminal = shell()
    terminal.type("fetch 'what was never meant")
    terminal.press("C-c")
    terminal.shows("never meant^C\nhere>")
    terminal.enter("wat 1")
    terminal.shows('there is no command "wat"; did you mean "watch"?\nhere>')
    terminal.enter("watch")

    def told(screen, sizes=iter(range(1, 1000))):  # again and again: it may not watch yet
        here.publish(here.make("event", next(sizes)))
        return "here published event" in screen

    terminal.shows(told)
    terminal.press("C-c")
    terminal.shows("p2pctl: watch: interrupted\nhere>")
    terminal.enter("status")
    terminal.shows(lambda screen: "role        peer" in screen and screen.endswith("here>"))
    terminal.press("C-d")
    terminal.ends()


def test_old_names_and_the_list_of_commands(shell):
    terminal = shell(columns=200, lines=60)
    terminal.enter("list_peers")
    terminal.shows("RTT")
    terminal.enter("list_files")
    terminal.shows("film.iso")
    terminal.press("C-l")
    terminal.enter("?")
    terminal.shows("More: p2pctl help COMMAND")
    listed = {line.split()[0].rstrip(",") for line in terminal.lines() if line.startswith("  ")}
    assert {"status", "publish", "fetch", "shell", "--json"} <= listed
    terminal.enter("? unpublish")
    terminal.shows(
        lambda screen: "p2pctl unpublish CONTENT" in screen and screen.endswith("\nhere>")
    )
    terminal.press("C-d")
    terminal.ends()


def test_a_long_line_in_a_window_that_shrinks(shell):
    terminal = shell(columns=100)
    terminal.type("fetch " + "漢字" * 20)
    terminal.shows("漢字" * 20)
    terminal.resize(50, 24)
    terminal.type(" end")
    terminal.shows(lambda screen: screen.replace("\n", "").count("漢字") >= 20 and "end" in screen)
    terminal.press("C-c")
    terminal.shows(lambda screen: screen.endswith("\nhere>"))
    terminal.type("uns")
    terminal.press("Tab")
    terminal.type("status")
    terminal.press("C-d", "C-a", "C-k")
    terminal.enter("exit")
    terminal.ends()


def test_a_daemon_that_is_not_there_yet(on_terminal, net, scratch):
    node = net.node("late")
    terminal = on_terminal(node, "shell", env={"HOME": str(scratch)})
    terminal.shows(lambda screen: "no daemon answers at" in screen and screen.endswith("\np2pctl>"))
    node.start()
    terminal.enter("status")
    terminal.shows("name        late")
    terminal.enter("quit")
    terminal.ends()


def test_its_history_is_for_its_user_alone(shell, scratch):
    terminal = shell()
    for line in ["status", "join 0123secret", " files", "peers"]:
        terminal.enter(line)
        terminal.shows(lambda screen: screen.endswith("\nhere>"))
    terminal.press("C-d")
    terminal.ends()
    file = scratch / ".local/state/p2pctl/history"
    assert file.read_text() == "status\npeers\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    again = shell()
    again.press("Up", "Up")
    again.shows("here> status")
    again.press("C-c", "C-d")
    again.ends()


def fed(here, *lines, code=0, options=()):
    (here.home / "script").write_text("".join(line + "\n" for line in lines))
    with (here.home / "script").open() as script:
        return here.ctl(*options, "shell", stdin=script, code=code)


def test_a_script_runs_to_its_end(here):
    done = fed(here, "# who is there", "", "peers", "p2pctl list_files", options=["--json"])
    assert ["peers" in done.lines[0], "files" in done.lines[1]] == [True, True]
    assert done.stderr == ""
    failed = fed(here, "chunks none", 'nonsense', "files 'x", "search film.iso", code=4)
    assert failed.stdout.startswith("film.iso\t3000\t")
    assert failed.stderr.count("\n") == 3
    left = fed(here, "search twice.iso", "exit", "nonsense")
    assert left.stdout.count("\n") == 2
    assert fed(here, "fetch twice.iso", code=1).message.startswith("fetch: ")
