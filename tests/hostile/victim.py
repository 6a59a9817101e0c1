"""A machine that is no p2pd and has nothing to do with any of this: it counts who connects to it."""

import socket
import threading


class Victim:
    """Listens at a port and hangs up on, or holds, whoever connects."""

    def __init__(self, host="127.0.0.77", holds=False):
        self.connections = 0
        self._held = [] if holds else None
        self._listener = socket.create_server((host, 0), backlog=4096)
        self.port = self._listener.getsockname()[1]
        self.address = f"{host}:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            if self._held is None:
                connection.close()
            else:
                self._held.append(connection)

    def close(self):
        self._listener.close()
        for connection in self._held or ():
            connection.close()
