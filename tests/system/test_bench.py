"""The bench works: with tiny sizes, and the rivals that are installed here."""

import json
import subprocess
import sys

import pytest
from processes import TOP

pytestmark = [pytest.mark.alone, pytest.mark.long, pytest.mark.release_only]

SCENARIOS = {
    "one-to-one", "one-to-eight", "four-to-one", "small", "crowd", "first-byte", "publish", "cores",
    "large", "restart", "idle", "paging", "tracker", "links", "sources", "attack", "commands", "clients",
    "flooded",
}  # fmt: skip


@pytest.fixture(scope="module")
def smoke(pytestconfig, module_scratch):
    """What it prints, and its findings for programs."""
    found = module_scratch / "findings"
    script = TOP / "tests" / "bench" / "compare.py"
    build = TOP / pytestconfig.getoption("--build")
    command = [sys.executable, "-B", script, "--smoke", "--build", build, "--json", found]
    run = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        table, errors = run.communicate(timeout=600)
    finally:
        run.terminate()  # it ends all that it has started
        run.wait()
    assert run.returncode == 0, errors
    return table, json.loads(found.read_text())


def test_every_scenario_is_found(smoke):
    scenarios = {finding["scenario"].partition(",")[0] for finding in smoke[1]["findings"]}
    assert scenarios == SCENARIOS


def test_a_row_has_figures_or_says_what_is_not_installed(smoke):
    rows = [finding for finding in smoke[1]["findings"] if finding["kind"] == "row"]
    for row in rows:
        if row["who"] == "p2pd":
            assert row["throughput"] > 0 and row["lag"] is not None, row
        else:
            assert row["note"].startswith("not installed: ") or row["ratio"] > 0, row


def test_the_table_is_markdown(smoke):
    tables = [block.splitlines() for block in smoke[0].split("\n\n") if block.startswith("|")]
    assert len(tables) == 2
    for lines in tables:
        assert len({line.count("|") for line in lines}) == 1, "as many cells in each line"
        assert set(lines[1]) <= set("| -:")
