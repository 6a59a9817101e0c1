"""A daemon that another user runs, as the service's own user does."""

import dataclasses
import shutil

NOBODY = 41001  # a user and a group without any name
AS_NOBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def run_as_nobody(net, node):
    """From its next start on; takes root."""
    for folder in (net.scratch, node.home):
        folder.chmod(0o711)
    for path in (node.home, *node.home.rglob("*")):
        shutil.chown(path, NOBODY, NOBODY)
    p2pd, p2pctl = (shutil.copy(path, net.scratch) for path in (net.build.p2pd, net.build.p2pctl))
    node.build = dataclasses.replace(net.build, p2pd=p2pd, p2pctl=p2pctl)
    node.prefix = AS_NOBODY
    return node
