"""A TCP relay in front of a node, to stop a transfer where a test wants to look at it."""

import socket
import threading


class Gate:
    """Stands at 127.0.0.1:port for a node that listens on 127.0.0.2:port. It lets `allow` bytes of
    the node's answers through, over all connections together, then holds the rest until open().
    What the others send to the node always passes.

    While it holds, four bytes a second pass on each connection: less than any message, but a host
    that is there. Of a path on which nothing at all comes for seconds p2pd thinks that it loses
    large packets, and has the node dial from its side, where no gate stands."""

    def __init__(self, port, allow):
        self.passed = 0
        self._allow = allow
        self._changed = threading.Condition()
        self._sockets = []
        self._inner = ("127.0.0.2", port)
        self._listener = socket.create_server(("127.0.0.1", port))
        self._start(self._accept)

    def open(self):
        with self._changed:
            self._allow = None
            self._changed.notify_all()

    def cut(self):
        """Breaks every connection that stands; new ones pass freely."""
        for each in self._sockets:
            self._shut(each)
        self.open()

    def close(self):
        self.cut()
        self._shut(self._listener)
        for each in [self._listener, *self._sockets]:
            each.close()

    def saw(self, data):
        """What passes, either way; for those who want to know."""

    @property
    def holds(self):
        return self._allow is not None and self.passed >= self._allow

    def _accept(self):
        try:
            while True:
                outer, _ = self._listener.accept()
                self._sockets.append(outer)
                try:
                    inner = socket.create_connection(self._inner)
                except ConnectionRefusedError:
                    outer.close()
                    continue
                self._sockets.append(inner)
                self._start(self._pump, outer, inner, False)
                self._start(self._pump, inner, outer, True)
        except OSError:
            return  # close() took the listener away

    def _pump(self, source, sink, gated):
        try:
            while data := source.recv(65536):
                self.saw(data)
                if gated:
                    data = self._trickle(data, sink)
                sink.sendall(data)
        except OSError:
            pass  # one side is gone, and so is the link
        for each in (source, sink):
            self._shut(each)

    def _trickle(self, data, sink):
        """What is left of the data when it may pass."""
        while data and not self._may_pass(len(data), within=0.25):
            sink.sendall(data[:1])
            data = data[1:]
        return data

    def _may_pass(self, count, within):
        with self._changed:
            may = self._changed.wait_for(
                lambda: self._allow is None or self.passed < self._allow, within
            )
            self.passed += count if may else 0
        return may

    @staticmethod
    def _shut(each):
        try:
            each.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it was never connected, or no longer is

    @staticmethod
    def _start(work, *args):
        threading.Thread(target=work, args=args, daemon=True).start()
