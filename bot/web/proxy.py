"""Who is at the other end: the peer itself, or whom a proxy that the operator trusts names."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_address

from aiohttp.web import BaseRequest

Network = IPv4Network | IPv6Network


def client_address(request: BaseRequest, trusted: Network | None) -> str:
    """The address of the client; "" where the connection has none.

    `X-Forwarded-For` is read from its end, as far as proxies in `trusted` wrote it: what stands before that, anybody
    may have made up.
    """
    address = request.remote or ""
    named = [
        part.strip() for part in ",".join(request.headers.getall("X-Forwarded-For", [])).split(",") if part.strip()
    ]
    while named and _is_in(address, trusted):
        address = named.pop()
    return address


def _is_in(address: str, network: Network | None) -> bool:
    with suppress(ValueError):
        return network is not None and ip_address(address) in network
    return False
