#!/usr/bin/env python3
"""Writes a place database (MaxMind's format, version 2.0) with the few networks that recorded cases come from."""
import ipaddress, struct, sys

PLACES = {
    "2.125.160.216/29": {"country": "GB", "region": "ENG", "city": (2655045, "Boxford")},
    "216.160.83.56/29": {"country": "US", "region": "WA", "city": (5803556, "Milton")},
    "2001:218::/32": {"country": "JP"},
}


U16, U32, U64 = 5, 6, 9


def control(kind, size):
    extra = b""
    if size >= 29:
        size, extra = 29, bytes([size - 29])
    return bytes([kind << 5 | size]) + extra if kind <= 7 else bytes([size, kind - 7]) + extra


def value(it):
    if isinstance(it, dict):
        return control(7, len(it)) + b"".join(value(k) + value(v) for k, v in it.items())
    if isinstance(it, list):
        return control(11, len(it)) + b"".join(map(value, it))
    if isinstance(it, str):
        return control(2, len(it.encode())) + it.encode()
    kind, number = it if isinstance(it, tuple) else (U32, it)
    size = (number.bit_length() + 7) // 8
    return control(kind, size) + number.to_bytes(size, "big")


def record(place):
    it = {"country": {"iso_code": place["country"], "names": {"en": place["country"]}}}
    if "region" in place:
        it["subdivisions"] = [{"iso_code": place["region"], "names": {"en": place["region"]}}]
    if "city" in place:
        number, name = place["city"]
        it["city"] = {"geoname_id": number, "names": {"en": name}}
    return value(it)


nodes, data, at = [[None, None]], b"", {}
for network, place in PLACES.items():
    network = ipaddress.ip_network(network)
    bits = int(network.network_address) if network.version == 6 else int(network.network_address)
    length = network.prefixlen + (96 if network.version == 4 else 0)
    node = 0
    for depth in range(length):
        bit = bits >> (127 - depth) & 1
        if depth == length - 1:
            nodes[node][bit] = ("data", len(data))
        else:
            if nodes[node][bit] is None:
                nodes.append([None, None])
                nodes[node][bit] = ("node", len(nodes) - 1)
            node = nodes[node][bit][1]
    data += record(place)
tree = b""
for pair in nodes:
    for it in pair:
        number = len(nodes) if it is None else it[1] if it[0] == "node" else len(nodes) + 16 + it[1]
        tree += struct.pack(">I", number)[1:]
about = {
    "binary_format_major_version": (U16, 2), "binary_format_minor_version": (U16, 0), "build_epoch": (U64, 1700000000),
    "database_type": "GeoLite2-City", "description": {"en": "places of recorded cases"}, "ip_version": (U16, 6),
    "languages": ["en"], "node_count": len(nodes), "record_size": (U16, 24),
}
with open(sys.argv[1], "wb") as out:
    out.write(tree + b"\0" * 16 + data + b"\xab\xcd\xefMaxMind.com" + value(about))
