from __future__ import annotations

import socket
from ipaddress import ip_address

import pytest

from harvest.addresses import AddressRefused, HostUnknown, reason_against, resolve


@pytest.mark.parametrize(
    ("address", "public", "internal"),
    [
        ("193.166.4.1", True, True),
        ("2001:708::1", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.0.0.7", False, True),
        ("192.168.1.1", False, True),
        ("172.16.0.1", False, True),
        ("fd00::1", False, True),
        ("100.100.100.200", False, True),
        ("::ffff:10.0.0.7", False, True),
        ("2002:0a00:0007::1", False, True),
        ("64:ff9b::7f00:1", False, True),
        ("64:ff9b::c1a6:401", True, True),
        ("64:ff9b:1::7f00:1", False, True),
        ("::ffff:0:127.0.0.1", False, True),
        ("::7f00:1", False, True),
        ("fec0::1", False, True),
        ("240.0.0.1", False, True),
        ("::ffff:169.254.169.254", False, False),
        ("169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("0.0.0.0", False, False),
        ("224.0.0.1", False, False),
    ],
)
def test_where_a_feed_may_be_fetched_from(address: str, public: bool, internal: bool) -> None:
    assert (reason_against(ip_address(address), internal=False) is None) is public
    assert (reason_against(ip_address(address), internal=True) is None) is internal


def test_a_name_that_also_leads_inside_is_not_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("193.166.4.1", "10.0.0.7")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(AddressRefused, match=r"10\.0\.0\.7, a private network"):
        resolve("feeds.example", 80, internal=False)
    assert resolve("feeds.example", 80, internal=True) == "193.166.4.1"


def test_a_name_without_an_address_is_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(*_: object, **__: object) -> None:
        raise socket.gaierror("unknown")

    monkeypatch.setattr(socket, "getaddrinfo", nothing)
    with pytest.raises(HostUnknown):
        resolve("feeds.example", 80, internal=False)
