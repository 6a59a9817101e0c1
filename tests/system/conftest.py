"""The fixtures are in networks.py, the options in options.py, the processes in node.py and
network.py."""

pytest_plugins = ["options", "networks"]
