"""Tab at the prompts of real shells: what stands there then is read by the shell as the name that
was meant, and nothing in a name is ever executed."""

import shutil
import subprocess

import pytest
from processes import environment
from terminal import Terminal

# What is typed, and the name it must come to: odd ones are found by how they begin.
NAMES = {
    "pl": "plain.iso",
    "two\\ w": "two words.iso",
    "'two": "two words.iso",
    '"two w': "two words.iso",
    "it": "it's \"quoted\".iso",
    '"it': "it's \"quoted\".iso",
    "'it": "it's \"quoted\".iso",
    "\\$": "$(touch pwned)`touch pwned`;touch pwned.iso",
    '"\\$': "$(touch pwned)`touch pwned`;touch pwned.iso",
    "wo": "wow!.iso",
    "back": "back\\slash.iso",
    "a:b": "a:b=c@d&e.iso",
    "漢": "漢字.iso",
    "\\~": "~tilde.iso",
}
UNTYPED = ["new\nline.iso", "-dash.iso"]

BASH = """\
PS1='> '; bind 'set bell-style none'
source <(p2pctl completion bash)
show() { printf '<%s>' "$@"; echo; }
complete -F _p2pctl show
"""
ZSH = """\
PS1='> '; setopt interactive_comments; unsetopt beep
autoload -Uz compinit; compinit -u -D
source <(p2pctl completion zsh)
show() { printf '<%s>' "$@"; echo }
compdef _p2pctl show
"""
FISH = """\
function fish_prompt; echo '> '; end; function fish_greeting; end
p2pctl completion fish | source
function show; printf '<%s>' $argv; echo; end
complete -c show -f -a '(__p2pctl_complete)'
"""

SHELLS = {
    "bash": [BASH, "bash", "--rcfile", "rc", "-i"],
    "zsh": [ZSH, "zsh", "-d", "-i"],
    "fish": [FISH, "fish", "-N", "-i", "-C", "source rc"],
}


@pytest.fixture(scope="module")
def nas(shared_net):
    (node,) = shared_net.peers("nas")
    for seed, name in enumerate([*sorted(set(NAMES.values())), *UNTYPED]):
        node.publish(node.make(name, 1000, seed))
    return node


@pytest.fixture
def at_prompt(nas, scratch):
    """Starts a shell in a folder of its own, with p2pctl on its path; waits for its prompt."""
    opened = []

    def start(startup, *shell):
        for name in ("rc", ".zshrc"):
            (scratch / name).write_text(startup)
        path = f"{nas.build.p2pctl.parent}:/usr/bin:/bin"
        env = {"PATH": path, "P2PCTL_SOCKET": str(nas.socket), "HOME": str(scratch)}
        opened.append(Terminal("env", "-C", scratch, *shell, env=env, columns=120))
        opened[-1].shows(lambda screen: screen == ">")
        return opened[-1]

    yield start
    for terminal in opened:
        terminal.close()


def installed(shell):
    reason = f"{shell} is not installed"
    missing = pytest.mark.skipif(not shutil.which(shell), reason=reason)
    return pytest.param(shell, marks=[missing, pytest.mark.release_only])  # it asks p2pctl often


def completed(terminal, typed):
    """What the shell reads of a line once Tab has completed it."""
    terminal.type(f"show fetch {typed}")
    terminal.press("Tab")
    terminal.shows(".iso")
    terminal.press("Enter")
    terminal.shows(lambda screen: "\n<fetch>" in screen and screen.endswith("\n>"))
    line = terminal.lines()[1]
    terminal.press("C-l")
    terminal.shows(lambda screen: screen == ">")
    return line


@pytest.mark.parametrize("shell", ["bash", installed("zsh"), installed("fish")])
def test_a_name_is_completed_as_the_shell_reads_it(at_prompt, scratch, shell):
    terminal = at_prompt(*SHELLS[shell])
    read = {typed: completed(terminal, typed) for typed in NAMES}
    assert read == {typed: f"<fetch><{name}>" for typed, name in NAMES.items()}
    assert not (scratch / "pwned").exists()


def test_bash_completes_commands_options_and_paths(at_prompt, scratch):
    (scratch / "some file").touch()
    terminal = at_prompt(*SHELLS["bash"])
    for typed, shown in {
        "show unp": "show unpublish",
        "show secret ": "show secret new",
        "show fetch --no-": "show fetch --no-",
        "show fetch --no-w": "show fetch --no-wait",
        "show fetch --from=tra": "show fetch --from=tracker",
        "show completion z": "show completion zsh",
        "show publish so": "show publish some\\ file",
        "show fetch x --output=so": "show fetch x --output=some\\ file",
    }.items():
        terminal.type(typed)
        terminal.press("Tab")
        terminal.shows("> " + shown)
        terminal.press("C-u", "C-l")


def offered(build, socket, *typed):
    """The kind of what p2pctl offers where the last word stands, and the words themselves."""
    env = environment() | {"P2PCTL_SOCKET": str(socket)}
    command = [build.p2pctl, "__complete", "words", *typed]
    done = subprocess.run(command, env=env, encoding="utf-8", capture_output=True)
    assert (done.stderr, done.returncode) == ("", 0)
    kind, *lines = done.stdout.split("\n")[:-1]
    return kind, [line.split("\t")[0] for line in lines]


def test_what_cannot_be_typed_is_completed_by_its_id(nas):
    names = set(NAMES.values()) | {nas.file(name)["id"] for name in UNTYPED}
    kind, words = offered(nas.build, nas.socket, "fetch", "")
    assert kind == "words" and set(words) == names


def test_the_kinds_of_events_are_those_that_the_daemon_knows(nas):
    _, kinds = offered(nas.build, nas.socket, "watch", "--filter", "")
    refused = nas.refusal("watch", "--filter", "none", code=2)
    known = refused.partition("choose from ")[2].replace(" and ", ", ").split(", ")
    assert sorted(known) == kinds


def test_without_a_daemon_there_are_commands_and_no_noise(build, scratch):
    assert offered(build, scratch / "none", "fetch", "") == ("words", [])
    assert offered(build, scratch / "none", "unp") == ("words", ["unpublish"])


def test_the_build_makes_the_files_that_shells_look_for(build):
    made = build.p2pctl.parent / "complete"
    for name, shell in {"p2pctl": "bash", "_p2pctl": "zsh", "p2pctl.fish": "fish"}.items():
        printed = subprocess.check_output([build.p2pctl, "completion", shell])
        assert (made / name).read_bytes() == printed
