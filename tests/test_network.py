"""The guard against the network holds, so a test that passes opened no socket beyond this machine."""

import socket

import pytest


def test_look_ups_and_connections_beyond_loopback_are_refused():
    with pytest.raises(AssertionError, match="reached out to 'example.org'"):
        socket.getaddrinfo("example.org", 443)
    with socket.socket() as one, pytest.raises(AssertionError, match=r"reached out to '192\.0\.2\.1'"):
        one.connect(("192.0.2.1", 443))


def test_loopback_is_allowed():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())
