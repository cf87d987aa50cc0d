"""The address guard: where a feed may be fetched from, asked of the address that is really connected to."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address

from catalogue.sentence import Sentence

Address = IPv4Address | IPv6Address
_PREFIXES = (bytes.fromhex("0064ff9b0000000000000000"), bytes.fromhex("0000000000000000ffff0000"))
"""Behind which an IPv4 address stands: NAT64 (RFC 6052), and translated ones (RFC 2765)."""


class AddressRefused(Exception):
    """The message says which address, and why."""


class HostUnknown(Exception):
    """The name has no address now."""


def resolve(host: str, port: int, *, internal: bool) -> str:
    """An address of a host that may be connected to.

    Every address of the name must be allowed: a name that also leads inside is not trusted. Raises AddressRefused,
    HostUnknown. The caller connects to the address given here, so that the name cannot change in between.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise HostUnknown(Sentence("{host} has no address: {why}", host=host, why=error)) from error
    addresses = [str(entry[4][0]).split("%")[0] for entry in found]
    for address in addresses:
        reason = reason_against(ip_address(address), internal=internal)
        if reason:
            raise AddressRefused(
                Sentence("{host} leads to {address}, {reason}", host=host, address=address, reason=reason)
            )
    return addresses[0]


def reason_against(address: Address, *, internal: bool) -> Sentence | None:
    """Why an address is refused; None where it is allowed. An internal source may be on a private network."""
    inner = _inside(address)
    if inner.is_link_local or inner.is_multicast or inner.is_unspecified:
        return Sentence("which serves no feeds (link-local, multicast or unspecified)")
    if internal or _is_public(inner):
        return None
    if inner.is_loopback:
        return Sentence("this very machine: only a source marked internal may")
    return Sentence("a private network: only a source marked internal may")


def _is_public(address: Address) -> bool:
    """Whether it is on the open Internet: of IPv6, what no registry has given out is not, whatever is said of it."""
    if isinstance(address, IPv6Address) and (address.is_site_local or address.is_reserved):
        return False
    return address.is_global


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for (mapped, translated, 6to4, NAT64), else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.packed[:12] in _PREFIXES:
        return IPv4Address(address.packed[12:])
    return address
