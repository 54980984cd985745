# SPDX-License-Identifier: Apache-2.0
"""Bytes: canonical JSON, digests, and what stands for chance, so that every run gives the same (sections 2 and 4.1)."""
import base64, calendar, hashlib, json, struct, time


def canonical(document):
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def seeded(label, size=32):
    """Bytes that look random, and are those of this label."""
    return hashlib.shake_256(b"ca-escrow conformance: " + label.encode()).digest(size)


def b64(data):
    return base64.b64encode(data).decode()


def lp(data):
    return struct.pack(">I", len(data)) + data


def day(number, second=0):
    """A time of the year 2026, in which everything here happens: midnight of that day, and seconds later."""
    start = calendar.timegm((2026, 1, 1, 0, 0, 0))
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(start + 86400 * (number - 1) + second))


def without(document, *keys):
    return {key: value for key, value in document.items() if key not in keys}
