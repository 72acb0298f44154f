"""A wire with a listener on it: forwards to a server on loopback, keeps what is said, and can be cut."""

import contextlib
import socket
import threading
from types import TracebackType


class Relay:
    """``port`` leads to ``target``. ``asked`` is all that clients said; ``connections`` how many there were.

    ``cut()`` ends every connection now; ``cut_after`` ends the one that has carried so many bytes back, once.
    What the server says with ``hold`` in it is passed on only together with what it says next, once.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.asked = b""
        self.connections = 0
        self.cut_after: int | None = None
        self.hold = b""
        self._open: list[socket.socket] = []

    def __enter__(self) -> "Relay":
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(16)
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, kind: type[BaseException] | None, e: BaseException | None, at: TracebackType | None) -> None:
        with contextlib.suppress(OSError):
            # Wakes the thread that is waiting in accept; closing alone does not.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()

    def cut(self) -> None:
        while self._open:
            _end(self._open.pop())

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                try:
                    far = socket.create_connection(("127.0.0.1", self.target))
                except OSError:
                    _end(near)
                    continue
                self.connections += 1
                self._open += [near, far]
                for work in (self._carry_there, self._carry_back):
                    threading.Thread(target=work, args=(near, far), daemon=True).start()

    def _carry_there(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := near.recv(65536):
                self.asked += piece
                far.sendall(piece)
        _end(far)

    def _carry_back(self, near: socket.socket, far: socket.socket) -> None:
        carried = 0
        with contextlib.suppress(OSError):
            while piece := far.recv(65536):
                if self.hold and self.hold in piece:
                    self.hold = b""
                    piece += far.recv(65536)
                carried += len(piece)
                if self.cut_after is not None and carried > self.cut_after:
                    self.cut_after = None
                    break
                near.sendall(piece)
        _end(near)
        _end(far)


def _end(line: socket.socket) -> None:
    with contextlib.suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
    line.close()
