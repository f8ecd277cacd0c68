"""Bytes on a socket, as no library would send them."""

from __future__ import annotations

import os
import socket
import struct
import time
from contextlib import suppress

KEY = "dGhlIHNhbXBsZSBub25jZQ=="
TEXT, BINARY, CLOSE, PING, PONG, MORE = 1, 2, 8, 9, 10, 0
PLACE = "/socket.io/?EIO=4&transport="


def opened(server, receive_buffer=0, seconds=5.0):
    """A connection, nothing sent yet."""
    connection = socket.socket()
    if receive_buffer:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    connection.settimeout(seconds)
    connection.connect(("127.0.0.1", server.port))
    return connection


def request(server, method="GET", path=f"{PLACE}polling", body=b"", drop=(), **headers):
    """A request line, headers and a body; names in `drop` are left out."""
    told = {"Host": f"127.0.0.1:{server.port}", "Origin": server.url}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    if body and "Content-Length" not in told:
        told["Content-Length"] = str(len(body))
    lines = [f"{method} {path} HTTP/1.1"] + [f"{k}: {v}" for k, v in told.items() if k not in drop]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def upgrade(server, token="", path=f"{PLACE}websocket", drop=(), **headers):
    """The handshake of a WebSocket."""
    usual = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec_WebSocket_Version": "13",
        "Sec_WebSocket_Key": KEY,
        "Cookie": f"polyphonie={token}",
    }
    return request(server, "GET", path, b"", drop, **(usual | headers))


def until_closed(connection, seconds=5.0):
    """All that comes until the other side closes; None instead of the end when it does not."""
    end, found = time.monotonic() + seconds, b""
    while (left := end - time.monotonic()) > 0:
        connection.settimeout(left)
        try:
            data = connection.recv(65536)
        except TimeoutError:
            return found, False
        except OSError:
            return found, True
        if not data:
            return found, True
        found += data
    return found, False


def status(server, sent, seconds=5.0):
    """The status of the answer to these bytes: a number, `closed` or `silent`."""
    with opened(server) as connection:
        with suppress(OSError):
            connection.sendall(sent)
        end, found = time.monotonic() + seconds, b""
        while b"\r\n" not in found and time.monotonic() < end:
            connection.settimeout(max(end - time.monotonic(), 0.01))
            try:
                data = connection.recv(65536)
            except TimeoutError:
                return "silent"
            except OSError:
                return "closed"
            if not data:
                return "closed"
            found += data
        return int(found.split(b" ", 2)[1])


def frame(opcode, data=b"", *, fin=True, masked=True, reserved=0, length=None):
    """One frame; `length` announces another size than that of `data`."""
    size = len(data) if length is None else length
    head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
    bit = 0x80 if masked else 0
    if size < 126:
        head += bytes([bit | size])
    elif size < 65536:
        head += bytes([bit | 126]) + struct.pack("!H", size)
    else:
        head += bytes([bit | 127]) + struct.pack("!Q", size)
    if not masked:
        return head + data
    mask = os.urandom(4)
    return head + mask + bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def welcomed(server, token, receive_buffer=0):
    """A WebSocket on which the namespace was opened; what came so far is read."""
    connection = opened(server, receive_buffer)
    connection.sendall(upgrade(server, token))
    found = b""
    while b"\r\n\r\n" not in found or b'"sid"' not in found:
        found += connection.recv(4096)
    assert found.startswith(b"HTTP/1.1 101")
    connection.sendall(frame(TEXT, b"40"))
    while b"40{" not in found:
        found += connection.recv(4096)
    return connection
