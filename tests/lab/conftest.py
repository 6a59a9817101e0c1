"""The lab as a fixture; its parts are in lab.py, hosts.py, router.py, wires.py and dns.py."""

import pytest
from lab import Lab, why_not

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
