"""Facts of an IP address or network that follow from its bits alone."""

import ipaddress

# IANA special-purpose and multicast registries: prefix, name, RFC, scope, globally reachable.
SPECIAL = [
    ("0.0.0.0/8", "This network", "RFC 791", "this-network", False),
    ("0.0.0.0/32", "This host on this network", "RFC 1122", "unspecified", False),
    ("10.0.0.0/8", "Private-Use", "RFC 1918", "private", False),
    ("100.64.0.0/10", "Shared Address Space (carrier-grade NAT)", "RFC 6598", "carrier-grade-nat", False),
    ("127.0.0.0/8", "Loopback", "RFC 1122", "loopback", False),
    ("169.254.0.0/16", "Link Local", "RFC 3927", "link-local", False),
    ("172.16.0.0/12", "Private-Use", "RFC 1918", "private", False),
    ("192.0.0.0/24", "IETF Protocol Assignments", "RFC 6890", "protocol-assignment", False),
    ("192.0.0.0/29", "IPv4 Service Continuity Prefix", "RFC 7335", "protocol-assignment", False),
    ("192.0.0.8/32", "IPv4 dummy address", "RFC 7600", "protocol-assignment", False),
    ("192.0.0.9/32", "Port Control Protocol Anycast", "RFC 7723", "global", True),
    ("192.0.0.10/32", "Traversal Using Relays around NAT Anycast", "RFC 8155", "global", True),
    ("192.0.0.170/31", "NAT64/DNS64 Discovery", "RFC 8880", "protocol-assignment", False),
    ("192.0.2.0/24", "Documentation (TEST-NET-1)", "RFC 5737", "documentation", False),
    ("192.31.196.0/24", "AS112-v4", "RFC 7535", "global", True),
    ("192.52.193.0/24", "AMT", "RFC 7450", "global", True),
    ("192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", "RFC 7526", "deprecated", False),
    ("192.168.0.0/16", "Private-Use", "RFC 1918", "private", False),
    ("192.175.48.0/24", "Direct Delegation AS112 Service", "RFC 7534", "global", True),
    ("198.18.0.0/15", "Benchmarking", "RFC 2544", "benchmarking", False),
    ("198.51.100.0/24", "Documentation (TEST-NET-2)", "RFC 5737", "documentation", False),
    ("203.0.113.0/24", "Documentation (TEST-NET-3)", "RFC 5737", "documentation", False),
    ("224.0.0.0/4", "Multicast", "RFC 5771", "multicast", True),
    ("224.0.0.0/24", "Multicast, Local Network Control Block", "RFC 5771", "multicast", False),
    ("233.252.0.0/24", "Documentation (MCAST-TEST-NET)", "RFC 6676", "documentation", False),
    ("239.0.0.0/8", "Multicast, Administratively Scoped", "RFC 2365", "multicast", False),
    ("240.0.0.0/4", "Reserved", "RFC 1112", "reserved", False),
    ("255.255.255.255/32", "Limited Broadcast", "RFC 919", "broadcast", False),
    ("::/128", "Unspecified Address", "RFC 4291", "unspecified", False),
    ("::1/128", "Loopback Address", "RFC 4291", "loopback", False),
    ("::ffff:0:0/96", "IPv4-mapped Address", "RFC 4291", "ipv4-mapped", False),
    ("64:ff9b::/96", "IPv4-IPv6 Translation", "RFC 6052", "global", True),
    ("64:ff9b:1::/48", "IPv4-IPv6 Translation, local use", "RFC 8215", "private", False),
    ("100::/64", "Discard-Only Address Block", "RFC 6666", "discard-only", False),
    ("100:0:0:1::/64", "Dummy IPv6 Prefix", "RFC 9780", "protocol-assignment", False),
    ("2001::/23", "IETF Protocol Assignments", "RFC 2928", "protocol-assignment", False),
    ("2001::/32", "Teredo", "RFC 4380", "tunnel", None),
    ("2001:1::1/128", "Port Control Protocol Anycast", "RFC 7723", "global", True),
    ("2001:1::2/128", "Traversal Using Relays around NAT Anycast", "RFC 8155", "global", True),
    ("2001:1::3/128", "DNS-SD Service Registration Protocol Anycast", "RFC 9665", "global", True),
    ("2001:2::/48", "Benchmarking", "RFC 5180", "benchmarking", False),
    ("2001:3::/32", "AMT", "RFC 7450", "global", True),
    ("2001:4:112::/48", "AS112-v6", "RFC 7535", "global", True),
    ("2001:10::/28", "Deprecated (previously ORCHID)", "RFC 4843", "deprecated", False),
    ("2001:20::/28", "ORCHIDv2", "RFC 7343", "global", True),
    ("2001:30::/28", "Drone Remote ID Protocol Entity Tags", "RFC 9374", "global", True),
    ("2001:db8::/32", "Documentation", "RFC 3849", "documentation", False),
    ("2002::/16", "6to4", "RFC 3056", "tunnel", None),
    ("2620:4f:8000::/48", "Direct Delegation AS112 Service", "RFC 7534", "global", True),
    ("3fff::/20", "Documentation", "RFC 9637", "documentation", False),
    ("5f00::/16", "Segment Routing (SRv6) SIDs", "RFC 9602", "private", False),
    ("fc00::/7", "Unique-Local", "RFC 4193", "private", False),
    ("fe80::/10", "Link-Local Unicast", "RFC 4291", "link-local", False),
    ("fec0::/10", "Deprecated (Site-Local)", "RFC 3879", "deprecated", False),
    ("ff00::/8", "Multicast", "RFC 4291", "multicast", True),
    ("ff01::/16", "Multicast, interface-local", "RFC 4291", "multicast", False),
    ("ff02::/16", "Multicast, link-local", "RFC 4291", "multicast", False),
    ("ff05::/16", "Multicast, site-local", "RFC 4291", "multicast", False),
]
SPECIAL = [(ipaddress.ip_network(entry[0]), *entry) for entry in SPECIAL]

REGISTRY_PAGES = {
    4: "https://www.iana.org/assignments/iana-ipv4-special-registry/",
    6: "https://www.iana.org/assignments/iana-ipv6-special-registry/",
}


def fetch_data(indicator, context):
    network = ipaddress.ip_network(indicator.data)
    entries = [entry for entry in SPECIAL if entry[0].version == network.version and entry[0].supernet_of(network)]
    entries.sort(key=lambda entry: entry[0].prefixlen, reverse=True)
    scope, reachable = entries[0][4:] if entries else unlisted(network)
    result = {
        "data": {
            "version": network.version,
            "scope": scope,
            "globallyReachable": reachable,
            "registry": [
                {"prefix": prefix, "name": name, "rfc": rfc, "globallyReachable": is_global}
                for _, prefix, name, rfc, _, is_global in entries
            ],
        },
        "verdict": "none",
        "reasons": [{"code": "special_purpose", "text": explain(entries[0])}] if entries else [],
        "labels": [] if scope == "global" else [scope],
        "facts": {"scope": scope},
        "relations": [],
    }
    if entries:
        result["link"] = REGISTRY_PAGES[network.version]
    describe = describe_network if indicator.kind == "CIDR" else describe_address
    describe(network, indicator.data, result)
    return result


def unlisted(network):
    """A block no entry holds whole: mixed where it holds entries itself, else global unicast or space never given out."""
    if any(entry[0].version == network.version and entry[0].subnet_of(network) for entry in SPECIAL):
        return "mixed", None
    unassigned = network.version == 6 and not network.subnet_of(ipaddress.ip_network("2000::/3"))
    return ("unassigned", False) if unassigned else ("global", True)


def explain(entry):
    _, prefix, name, rfc, _, reachable = entry
    where = {
        True: "reachable from anywhere",
        False: "never seen on the public internet: the indicator comes from inside, or is forged",
        None: "reachable where somebody relays it",
    }[reachable]
    return f"{name} ({prefix}, {rfc}): {where}"


def describe_address(network, text, result):
    address = network.network_address
    result["data"]["address"] = text
    result["data"]["forms"] = forms_of(address)
    result["facts"]["reverseName"] = address.reverse_pointer
    embedded = [] if address.version == 4 else embedded_in(address)
    result["data"]["embedded"] = [{"method": method, "address": data} for method, _, data in embedded]
    result["relations"] = [{"kind": kind, "data": data, "type": "embeds"} for _, kind, data in embedded]


def describe_network(network, text, result):
    result["data"] |= {
        "network": text,
        "first": str(network.network_address),
        "last": str(network.broadcast_address),
        "addresses": str(network.num_addresses),
        "netmask": str(network.netmask),
        "hostmask": str(network.hostmask),
    }
    result["facts"]["network"] = text
    step = 8 if network.version == 4 else 4
    if network.prefixlen % step == 0 and network.prefixlen > 0:
        labels = network.network_address.reverse_pointer.split(".")
        kept = network.prefixlen // step
        result["facts"]["reverseName"] = ".".join(labels[-2 - kept :])


def forms_of(address):
    """Other ways to write the address. Integers are text: they do not fit a JSON number."""
    number = int(address)
    if address.version == 6:
        return {"integer": str(number), "hexadecimal": f"0x{number:032x}", "expanded": address.exploded}
    octets = address.packed
    return {
        "integer": str(number),
        "hexadecimal": f"0x{number:08x}",
        "octal": f"0{number:o}",
        "dottedHexadecimal": ".".join(f"0x{octet:x}" for octet in octets),
        "dottedOctal": ".".join(f"0{octet:o}" for octet in octets),
        "binary": ".".join(f"{octet:08b}" for octet in octets),
        "mappedIpv6": f"::ffff:{address}",
        "nat64": str(ipaddress.IPv6Address((0x64FF9B << 96) | number)),
        "sixToFour": f"{ipaddress.IPv6Address((0x2002 << 112) | (number << 80))}/48",
    }


def embedded_in(address):
    """(method, kind, data) of each address that the bits of an IPv6 address carry."""
    number = int(address)
    last = ("IPV4", str(ipaddress.IPv4Address(number & 0xFFFFFFFF)))
    found = []
    if address.ipv4_mapped:
        found.append(("ipv4-mapped", *last))
    if address.sixtofour:
        found.append(("6to4", "IPV4", str(address.sixtofour)))
    if address.teredo:
        server, client = address.teredo
        found.append(("teredo-server", "IPV4", str(server)))
        found.append(("teredo-client", "IPV4", str(client)))
    if number >> 32 == 0x64FF9B << 64:
        found.append(("nat64", *last))
    interface = number & 0xFFFFFFFFFFFFFFFF
    if (interface >> 32) & 0xFDFFFFFF == 0x5EFE:
        found.append(("isatap", *last))
    if (interface >> 24) & 0xFFFF == 0xFFFE and not address.teredo and not address.is_multicast:
        octets = interface.to_bytes(8, "big")
        mac = bytes([octets[0] ^ 2, *octets[1:3], *octets[5:]])
        found.append(("eui-64", "MAC", mac.hex(":")))
    return found
