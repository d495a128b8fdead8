"""Asks Shodan's InternetDB what it saw at an address."""


def fetch_data(indicator, context):
    response = context.http.get(f"https://internetdb.shodan.io/{indicator.data}", headers={"accept": "application/json"})
    if response.status == 404:
        context.not_found()
    response.raise_for_status()
    found = response.json()
    if not isinstance(found, dict) or not isinstance(found.get("ports"), list):
        context.bad_response("InternetDB's answer has no list of ports")

    ports = sorted(port for port in found["ports"] if isinstance(port, int))
    hostnames = texts(found, "hostnames")
    tags = texts(found, "tags")
    vulnerabilities = texts(found, "vulns")
    watched = {tag.strip().lower() for tag in context.config["suspiciousTags"].split(",") if tag.strip()}
    suspicious = [tag for tag in tags if tag.lower() in watched]
    return {
        "data": found,
        "verdict": "suspicious" if suspicious else "none",
        "reasons": [{"code": "tag", "text": f"Shodan tags the address as {tag}", "value": tag} for tag in suspicious],
        "labels": tags,
        "facts": {"ports": ports, "hostnames": hostnames, "cves": vulnerabilities, "tags": tags},
        "relations": [
            *({"kind": "DOMAIN", "data": name.lower(), "type": "has_hostname"} for name in hostnames if "." in name),
            *({"kind": "CVE", "data": name.upper(), "type": "may_be_vulnerable_to"} for name in vulnerabilities if name.upper().startswith("CVE-")),
        ],
        "link": f"https://www.shodan.io/host/{indicator.data}",
    }


def texts(found, key):
    """A list of the answer; anything in it that is not text is left out."""
    values = found.get(key)
    return [value for value in values if isinstance(value, str) and value] if isinstance(values, list) else []
