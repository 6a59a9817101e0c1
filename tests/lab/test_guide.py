"""The README's "Two machines in five minutes", done to the letter, with no step that is not in it, on
two machines on which p2pd has just been installed."""

import os
import subprocess
import time

import guide
import pytest
from machine import why_not
from processes import TOP

pytestmark = pytest.mark.release_only

FILE, SIZE = "debian-12.iso", 8 * 1024 * 1024
SHORT = 60  # seconds from the first `join` to the whole file


def install_lines(of):
    """Of the README's block of commands that holds this word."""
    texts = [block.text for block in guide.blocks("Install")]
    return next(text for text in texts if of in text).splitlines()


@pytest.fixture
def machines(lab):
    """Anna's and carla's, not booted; what anna wants to share lies in her home."""
    if reason := why_not():
        pytest.skip(reason)
    lan = lab.subnet("lan")
    made = {name: lab.booted(name, lan).machine for name in ("anna", "carla")}
    (made["anna"].path("/root") / FILE).write_bytes(os.urandom(SIZE))
    return made


def test_two_machines_in_five_minutes(pytestconfig, machines):
    """With the build under test, installed as the README says for where there is no apt."""
    build = TOP / pytestconfig.getoption("--build")
    for machine in machines.values():
        install = ["meson", "install", "-C", build, "--no-rebuild", "--destdir", machine.root]
        subprocess.run(install, check=True, capture_output=True)
        machine.launch()
    for machine in machines.values():
        machine.ready()
        for line in install_lines(of="meson")[-3:]:
            machine.run("sh", "-c", line)
    follow_the_guide(machines)


@pytest.mark.long
@pytest.mark.alone
def test_two_machines_with_the_package(package, machines):
    _, install = install_lines(of="apt")
    for machine in machines.values():
        machine.boot()
        with package.open("rb") as deb:
            there = f"/tmp/p2pd/{package.name}"
            machine.run("sh", "-c", f"mkdir /tmp/p2pd; cat >{there}", stdin=deb, text=False)
        print(machine.run("sh", "-c", install))
    follow_the_guide(machines)


def follow_the_guide(machines):
    token = joined = None
    for step in guide.steps("Two machines in five minutes"):
        for machine in [machines[step.who]] if step.who else machines.values():
            began = time.monotonic()
            if isinstance(step, guide.Edit):
                path = machine.path(step.file)
                machine.write(step.file, step.apply(path.read_text() if path.exists() else ""))
                print(f"{machine.name}: {step.file}\n{step.text}")
                continue
            if "paste the token" in step.remark:
                joined = joined or began
                said = on_terminal(machine, step.line, typed=token)
            else:
                said = machine.run("sh", "-c", f"cd /root; {step.line}")
            print(f"{machine.name}$ {step.line}   ({time.monotonic() - began:.2f} s)\n{said}")
            if step.line.endswith("invite"):
                token = said
    took = time.monotonic() - joined
    print(f"{took:.1f} s from join to the whole file")
    fetched = machines["carla"].path("/var/lib/p2pd/downloads") / FILE
    assert fetched.read_bytes() == (machines["anna"].path("/srv/share") / FILE).read_bytes()
    assert took < SHORT


def on_terminal(machine, line, typed):
    master, slave = os.openpty()
    try:
        os.write(master, typed.encode())
        return machine.run("sh", "-c", line, stdin=slave)
    finally:
        os.close(master)
        os.close(slave)
