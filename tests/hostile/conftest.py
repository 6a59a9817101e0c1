"""Members that mean harm, on loopback: what they do is in the tests, how they speak in
tests/system/member.py, which is written from p2p-protocol(7) alone. What must hold beside them is in
bounds.py."""

import pytest
from bounds import Honest
from strangers import raise_descriptor_limit

pytest_plugins = ["options", "networks"]


@pytest.fixture(scope="session", autouse=True)
def many_descriptors():
    raise_descriptor_limit()


@pytest.fixture
def honest(net):
    """Two peers that have honest work to do, beside whatever the test does."""
    return Honest(net)
