"""Who is at the other end: the peer itself, or whom a proxy that the operator trusts names."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp.web import BaseRequest

Network = IPv4Network | IPv6Network


def client_address(request: BaseRequest, trusted: Network | None) -> str:
    """The address of the client; "" where the connection has none.

    `X-Forwarded-For` is read from its end, as far as proxies in `trusted` wrote it: what stands before that, anybody
    may have made up. What is no address is not believed: then it is the proxy that asks.
    """
    address = plain(request.remote or "")
    named = [
        part.strip() for part in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",") if part.strip()
    ]
    while named and is_in(address, trusted):
        before = plain(named.pop())
        if not before:
            break
        address = before
    return address


def neighbourhood(address: str) -> str:
    """What limits count by: the address, but of IPv6 its /64, for whoever has one of those has the 2^64 beside it."""
    found = _read(address)
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address


def plain(written: str) -> str:
    """An address without port, brackets, quotes and zone, as proxies write them; "" for what is none."""
    written = written.strip().strip('"')
    if written.startswith("["):
        written = written[1:].partition("]")[0]
    elif written.count(":") == 1:
        written = written.partition(":")[0]
    found = _read(written)
    return "" if found is None else str(found)


def is_in(address: str, network: Network | None) -> bool:
    """Whether an address is one of a network."""
    return network is not None and (found := _read(address)) is not None and found in network


def _read(address: str) -> IPv4Address | IPv6Address | None:
    with suppress(ValueError):
        found = ip_address(address.partition("%")[0])
        return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found
    return None
