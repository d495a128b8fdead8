"""Recognises hashes that are famous, and values that only look like a hash."""

import hashlib
import math
from collections import Counter

ALGORITHMS = {"MD5": "md5", "SHA1": "sha1", "SHA256": "sha256", "SHA512": "sha512"}
FINGERPRINTS = {"IMPHASH": "the import table", "JA3": "the TLS client hello"}

# What else has this many hexadecimal digits: a person may have pasted one of these.
SAME_LENGTH = {
    32: ["MD5", "MD4", "NTLM", "LM", "RIPEMD-128", "import hash", "JA3", "JA3S", "rich header hash"],
    40: ["SHA-1", "RIPEMD-160", "git object", "certificate thumbprint"],
    64: ["SHA-256", "SHA3-256", "BLAKE2s", "BLAKE3", "Bitcoin or Ethereum transaction"],
    128: ["SHA-512", "SHA3-512", "BLAKE2b", "Whirlpool"],
}

# In halves, so that no scanner takes this file for the test file.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
PIXEL_GIF = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")

# (sort, name, contents); the hashes are worked out below.
CONTENTS = [
    ("empty", "the empty file", b""),
    ("test", "the EICAR anti-malware test file", EICAR),
    ("test", "the EICAR anti-malware test file with a line break (LF)", EICAR + b"\n"),
    ("test", "the EICAR anti-malware test file with a line break (CR LF)", EICAR + b"\r\n"),
    ("trivial", "a file with one line break (LF)", b"\n"),
    ("trivial", "a file with one line break (CR LF)", b"\r\n"),
    ("trivial", "a file with one space", b" "),
    ("trivial", "a file with one zero byte", b"\0"),
    ("trivial", "a file with the digit 0", b"0"),
    ("trivial", "a file with the digit 1", b"1"),
    ("trivial", "an empty JSON object", b"{}"),
    ("trivial", "an empty JSON array", b"[]"),
    ("trivial", "the word test", b"test"),
    ("trivial", "the word test and a line break", b"test\n"),
    ("trivial", "the word null", b"null"),
    ("trivial", "a byte order mark (UTF-8) and nothing else", b"\xef\xbb\xbf"),
    ("trivial", "a transparent GIF of one pixel", PIXEL_GIF),
    ("trivial", "an empty ZIP archive", b"PK\x05\x06" + bytes(18)),
    *[("trivial", f"{size} zero bytes", bytes(size)) for size in (16, 32, 512, 1024, 4096, 65536, 1048576)],
]

# Hashes that are not of a file's contents, or of contents too large to keep here: value, sort, name, size.
LITERALS = [
    ("6ce6f415d8475545be5ba114f208b0ff", "test", "the EICAR test file in a ZIP archive (eicar_com.zip)", 184),
    ("d27265074c9eac2e2122ed69294dbc4d7cce9141", "test", "the EICAR test file in a ZIP archive (eicar_com.zip)", 184),
    ("2546dcffc5ad854d4ddc64fbf056871cd5a00f2471cb7a5bfd4ac23b6e9eedad", "test", "the EICAR test file in a ZIP archive (eicar_com.zip)", 184),
    ("e4968ef99266df7c9a1f0637d2389dab", "test", "the EICAR test file in a ZIP in a ZIP (eicarcom2.zip)", 308),
    ("bec1b52d350d721c7e22a6d4bb0a92909893a3ae", "test", "the EICAR test file in a ZIP in a ZIP (eicarcom2.zip)", 308),
    ("e1105070ba828007508566e28a2b8d4c65d192e9eaf3b7868382b7cae747b397", "test", "the EICAR test file in a ZIP in a ZIP (eicarcom2.zip)", 308),
    ("31d6cfe0d16ae931b73c59d7e0c089c0", "credential", "the NTLM hash of an empty password", None),
    ("aad3b435b51404eeaad3b435b51404ee", "credential", "the LM hash of an empty password", None),
    ("e69de29bb2d1d6434b8b29ae775ad8c2e48c5391", "trivial", "the empty file, as git names it", 0),
    ("4b825dc642cb6eb9a060e54bf8d69288fbee4904", "trivial", "the empty folder, as git names it", None),
]


def digests(contents):
    return {kind: hashlib.new(name, contents, usedforsecurity=False).hexdigest() for kind, name in ALGORITHMS.items()}


def known_values():
    known = {value: (sort, name, size, {}) for value, sort, name, size in LITERALS}
    for sort, name, contents in CONTENTS:
        hashes = digests(contents)
        for value in hashes.values():
            known[value] = (sort, name, len(contents), hashes)
    return known


KNOWN = known_values()
LABELS = {"empty": "empty-file", "test": "test-file", "trivial": "trivial-file", "credential": "credential-hash"}


def fetch_data(indicator, context):
    value, kind = indicator.data, indicator.kind
    result = {
        "data": {
            "algorithm": kind,
            "bits": len(value) * 4,
            "couldAlsoBe": [name for name in SAME_LENGTH[len(value)] if name.replace("-", "") != kind],
            "entropyBitsPerDigit": entropy(value),
            "match": None,
        },
        "verdict": "none",
        "reasons": [],
        "labels": [],
        "facts": {},
        "relations": [],
    }
    if value in KNOWN:
        describe_known(kind, value, result)
    elif pattern := pattern_of(value):
        result["data"]["pattern"] = pattern
        result["labels"] = ["not-a-hash"]
        result["reasons"] = [{"code": "placeholder", "text": f"Not the hash of anything: {pattern}"}]
    return result


def describe_known(kind, value, result):
    sort, name, size, hashes = KNOWN[value]
    if kind in FINGERPRINTS:
        if sort == "empty":
            result["labels"] = ["empty-fingerprint"]
            text = f"The MD5 of nothing: {FINGERPRINTS[kind]} was empty, or the tool that made the value failed"
            result["reasons"] = [{"code": "empty_fingerprint", "text": text}]
        return
    result["data"]["match"] = {"name": name, "sort": sort, "size": size, "hashes": hashes}
    result["labels"] = [LABELS[sort]]
    if size is not None:
        result["facts"] = {"fileSize": size}
    if sort == "credential":
        result["reasons"] = [{"code": "credential_hash", "text": f"This is {name}, not the hash of a file"}]
        return
    result["verdict"] = "benign"
    why = "every antivirus reports it, and it does nothing" if sort == "test" else "it carries no code and says nothing about where it was found"
    result["reasons"] = [{"code": f"{sort}_file", "text": f"The hash of {name}: {why}"}]


def entropy(value):
    """Shannon entropy in bits per hexadecimal digit: 4 at most, about 3.5 and more for real hashes."""
    counts = Counter(value).values()
    return round(sum(count / len(value) * math.log2(len(value) / count) for count in counts), 2)


def pattern_of(value):
    """What makes a value too regular for a hash, or None. A real hash does any of this once in 10^15 or less."""
    if len(set(value)) == 1:
        return f"every digit is {value[0]}"
    for period in range(2, len(value) // 2 + 1):
        if len(value) % period == 0 and value == value[:period] * (len(value) // period):
            return f"the digits {value[:period]} repeat"
    if all(int(after, 16) == (int(before, 16) + 1) % 16 for before, after in zip(value, value[1:])):
        return "the digits count upwards"
    distinct = len(set(value))
    if distinct <= 4:
        return f"it has only {distinct} different digits"
    longest = max(len(run) for digit in set(value) for run in runs_of(value, digit))
    return f"{longest} equal digits follow each other" if longest >= 16 else None


def runs_of(value, digit):
    return "".join(digit if other == digit else " " for other in value).split()
