"""The lab as a fixture; its parts are in lab.py, hosts.py, router.py, wires.py and dns.py."""

import shutil
import subprocess

import machine
import pytest
from lab import Lab, why_not
from processes import TOP

pytest_plugins = ["options"]


@pytest.fixture
def lab(build, scratch):
    """An empty lab; what the test has made of it is taken down."""
    if reason := why_not():
        pytest.skip(reason)
    made = Lab(build, scratch)
    try:
        yield made
    finally:
        made.close()


@pytest.fixture(scope="session")
def package(pytestconfig):
    """The tree's Debian package, built once for all tests."""
    if reason := machine.why_not():
        pytest.skip(reason)
    folder = TOP / pytestconfig.getoption("--build") / "package"
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run(["sh", TOP / "systemd" / "package.sh", folder], check=True)
    (made,) = folder.glob("*.deb")
    return made
