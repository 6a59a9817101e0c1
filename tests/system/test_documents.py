"""README.md and doc/: what stands in them is right, and leads somewhere."""

import re
import subprocess

import pytest
from processes import TOP

DOCUMENTS = [TOP / "README.md", TOP / "SECURITY.md", TOP / "CONTRIBUTING.md", *TOP.glob("doc/**/*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(#[^)]*)?\)")
TOML = re.compile(r"^```toml\n(.*?)^```$", re.M | re.S)
PEER_ID = "a" * 52


def configs():
    for path in DOCUMENTS:
        for number, text in enumerate(TOML.findall(path.read_text())):
            if text.startswith("["):  # others go below a section that is there
                yield pytest.param(text, id=f"{path.name}-{number}")


@pytest.mark.parametrize("text", configs())
def test_an_example_is_a_config(build, scratch, text):
    file = scratch / "p2pd.toml"
    file.write_text(text.replace("PEERID", PEER_ID))
    checked = subprocess.run([build.p2pd, "-c", file, "--check"], capture_output=True, text=True)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_links_lead_somewhere():
    for path in DOCUMENTS:
        for link, _ in LINK.findall(path.read_text()):
            assert (path.parent / link).exists(), f"{path.name} leads to {link}"


def test_the_readme_is_short():
    assert len((TOP / "README.md").read_text().splitlines()) <= 150
