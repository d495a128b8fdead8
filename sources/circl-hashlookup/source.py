"""Asks CIRCL's hashlookup whether a hash belongs to a known file."""

HASHES = {"MD5": "MD5", "SHA-1": "SHA1", "SHA-256": "SHA256", "SHA-512": "SHA512", "SSDEEP": "SSDEEP", "TLSH": "TLSH"}


def fetch_data(indicator, context):
    url = f"https://hashlookup.circl.lu/lookup/{indicator.kind.lower()}/{indicator.data}"
    response = context.http.get(url, headers={"accept": "application/json"})
    if response.status == 404:
        context.not_found()
    response.raise_for_status()
    found = response.json()
    if not isinstance(found, dict) or not any(key in found for key in HASHES):
        context.bad_response("hashlookup's answer holds no hash")

    trust = number(found.get("hashlookup:trust"))
    malicious_by = found.get("KnownMalicious")
    verdict, reasons = opinion(found, trust, malicious_by, context.config["benignTrust"])
    return {
        "data": found,
        "verdict": verdict,
        "reasons": reasons,
        "labels": ["known-malicious"] if malicious_by else ["known-file"],
        "facts": facts_of(found),
        "relations": [
            {"kind": kind, "data": canonical(kind, found[key]), "type": "same_file"}
            for key, kind in HASHES.items()
            if kind != indicator.kind and isinstance(found.get(key), str) and found[key]
        ],
        "link": url,
    }


def opinion(found, trust, malicious_by, benign_trust):
    if malicious_by:
        who = malicious_by if isinstance(malicious_by, str) else "a list of hashlookup"
        return "malicious", [{"code": "known_malicious", "text": f"Marked as known malware by {who}"[:500]}]
    source = found.get("source") or found.get("db") or "hashlookup"
    name = found.get("FileName") or "a file without a name"
    text = f"Known file {name}, listed by {source}"[:400]
    if trust is None:
        return "none", [{"code": "known_file", "text": text}]
    reason = {"code": "known_file", "text": f"{text}; trust {trust} of 100", "value": trust, "threshold": benign_trust}
    return ("benign" if trust >= benign_trust else "none"), [reason]


def facts_of(found):
    facts = {}
    name, size, mime = found.get("FileName"), number(found.get("FileSize")), found.get("mimetype")
    if isinstance(name, str) and name:
        facts["fileName"] = name[:1000]
    if isinstance(size, int):
        facts["fileSize"] = size
    if isinstance(mime, str) and mime:
        facts["fileType"] = mime[:1000]
    return facts


def number(value):
    """Numbers come as numbers from some lists and as text from others."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() and len(value) < 16 else None


def canonical(kind, value):
    if kind == "SSDEEP":
        return value
    if kind == "TLSH":
        return value.upper() if value.upper().startswith("T1") else f"T1{value.upper()}"
    return value.lower()
