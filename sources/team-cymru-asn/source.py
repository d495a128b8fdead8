"""Asks Team Cymru over DNS which AS announces an address, and who an AS is."""

import ipaddress


def fetch_data(indicator, context):
    if indicator.kind == "ASN":
        return describe_as(indicator.data.removeprefix("AS"), context)
    return describe_address(ipaddress.ip_address(indicator.data), context)


def describe_address(address, context):
    labels, zone = address.reverse_pointer.rsplit(".", 2)[0], "origin" if address.version == 4 else "origin6"
    routes = [read_route(fields, context) for fields in ask(context, f"{labels}.{zone}.asn.cymru.com", 5)]
    routes.sort(key=lambda route: int(route["prefix"].rpartition("/")[2]), reverse=True)
    best = routes[0]
    names = {number: name_of(context, number) for number in best["asns"]}
    origin = best["asns"][0]
    network = ipaddress.ip_network(best["prefix"], strict=False)
    reasons = []
    if len(best["asns"]) > 1:
        numbers = " and ".join(f"AS{number}" for number in best["asns"])
        reasons.append({"code": "several_origins", "text": f"{numbers} all announce {best['prefix']}"})
    return {
        "data": {"routes": routes, "asNames": {f"AS{number}": name for number, name in names.items()}},
        "verdict": "none",
        "reasons": reasons,
        "labels": [],
        "facts": facts_of(origin, names[origin], best["country"]) | {"network": best["prefix"]},
        "relations": [
            *({"kind": "ASN", "data": f"AS{number}", "type": "announced_by"} for number in best["asns"]),
            {"kind": "CIDR", "data": str(network), "type": "belongs_to"},
        ],
    }


def describe_as(number, context):
    _, country, registry, allocated, name = ask(context, f"AS{number}.asn.cymru.com", 5)[0]
    return {
        "data": {"asn": int(number), "name": name, "country": country, "registry": registry, "allocated": allocated or None},
        "verdict": "none",
        "reasons": [],
        "labels": [],
        "facts": facts_of(int(number), name, country),
        "relations": [],
    }


def read_route(fields, context):
    numbers, prefix, country, registry, allocated = fields
    if not prefix.rpartition("/")[2].isdecimal() or not all(number.isdecimal() for number in numbers.split()):
        context.bad_response(f"Team Cymru's answer is not a route: {' | '.join(fields)[:200]}")
    return {
        "asns": [int(number) for number in numbers.split()],
        "prefix": prefix,
        "country": country or None,
        "registry": registry or None,
        "allocated": allocated or None,
    }


def name_of(context, number):
    """The name of an AS; None where its own record is missing, which takes nothing away from the route."""
    answer = context.dns.resolve(f"AS{number}.asn.cymru.com", "TXT")
    fields = split(answer[0]) if answer else []
    return fields[4] if len(fields) == 5 else None


def ask(context, name, columns):
    """Every TXT record of the name, cut into its columns. Ends the source where there is none."""
    answer = context.dns.resolve(name, "TXT")
    if not answer:
        context.not_found()
    rows = [split(record) for record in answer]
    for row in rows:
        if len(row) != columns:
            context.bad_response(f"Team Cymru's answer has {len(row)} columns, not {columns}: {' | '.join(row)[:200]}")
    return rows


def split(record):
    """Columns between bars. The name of an AS is the last column and may hold bars itself."""
    return [field.strip() for field in record.strip('"').split("|", 4)]


def facts_of(number, name, country):
    facts = {"asn": number}
    if name:
        facts["asName"] = name
    # Registries write EU or ZZ where no country fits; EU is reserved in ISO 3166, ZZ is nobody.
    if country and len(country) == 2 and country.isalpha() and country != "ZZ":
        facts["country"] = country.upper()
    return facts
