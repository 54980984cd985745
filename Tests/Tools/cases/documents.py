# SPDX-License-Identifier: Apache-2.0
"""D-1 to D-17, D-29 to D-31, D-41 to D-43: the form of documents and values. The document is a signed request or refusal."""
import json

from .bases import CA
from .escrow import plain
from .form import b64, canonical, day
from .group import O, Q, little, possession as prove


def request(change=None, data=None, **members):
    """An escrow with one request, which is otherwise in one thing; `data` makes its bytes of the right ones."""
    files, epoch = plain()
    if data:
        epoch.request(signers=())
        right = files.pop(epoch.last)
        d = json.loads(right)
        wrong = data(right)
        epoch.add("request", ("olga", "omar"), called=epoch.place(d, "request", wrong), data=wrong)
    else:
        epoch.request(change=change, **members)
    return files


def replaced(old, new):
    return lambda text: text.replace(old.encode(), new.encode(), 1)


NOT_CANONICAL = [
    ("D-1", "members in another order", lambda text: canonical({}) and json.dumps(
        dict(reversed(json.loads(text).items())), indent=2, ensure_ascii=False).encode() + b"\n"),
    ("D-1", "without the last line feed", lambda text: text[:-1]),
    ("D-1", "lines that end with CR LF", lambda text: text.replace(b"\n", b"\r\n")),
    ("D-1", "an escape where none is needed", replaced("a new machine", "a new m\\u0061chine")),
    ("D-1", "a byte order mark", lambda text: b"\xef\xbb\xbf" + text),
    ("D-4", "a key twice", replaced('  "epoch": 1,\n', '  "epoch": 1,\n  "epoch": 1,\n')),
    ("D-5", "null", replaced('"epoch": 1', '"epoch": null')),
    ("D-5", "a fraction", replaced('"epoch": 1', '"epoch": 1.0')),
    ("D-5", "an exponent", replaced('"epoch": 1', '"epoch": 1e0')),
    ("D-5", "a negative number", replaced('"epoch": 1', '"epoch": -1')),
    ("D-5", "a number above 2^53 - 1", replaced('"epoch": 1', '"epoch": 9007199254740992')),
    ("D-6", "an empty object", replaced('"epoch": 1', '"epoch": {}')),
    ("D-6", "an empty array", replaced('"epoch": 1', '"epoch": []')),
]


def nested(depth):
    """Arrays inside one another, in the place of a number, as section 4.1 writes them; the document itself is one."""
    value = 1
    for _ in range(depth):
        value = [value]
    return lambda text: canonical({**json.loads(text), "epoch": value})


VALUES = [
    ("D-2", "a member that no table lists", {"note": "more"}),
    ("D-3", "without a member that must be there", {"purpose": None}),
    ("D-9", "a name with a letter beyond ASCII", {"officer": "ölga"}),
    ("D-10", "a text with a character that turns the direction of writing", {"purpose": "a\u202eb"}),
    ("D-10", "a text with a line feed, written as it is", {"purpose": "a\nb"}),
    ("D-10", "a text with a Hangul filler", {"purpose": "a\u3164b"}),
    ("D-11", "a text of blanks alone", {"purpose": " \u2003\u2800"}),
    ("D-12", "a text of 501 scalars", {"purpose": "x" * 501}),
    ("D-14", "hexadecimal digits in capitals", {"restoreKey": "EF" + "11" * 31}),
    ("D-14", "a hexadecimal digit too few", {"restoreKey": "1" * 63}),
    ("D-14", "a hexadecimal digit too many", {"restoreKey": "1" * 65}),
    ("D-16", "the 30th of February", {"expires": "2026-02-30T00:00:00Z"}),
    ("D-16", "a second of 60", {"expires": "2026-03-22T23:59:60Z"}),
    ("D-16", "a year before 1970", {"notBefore": "1969-12-31T23:59:59Z"}),
    ("D-16", "a time with an offset", {"expires": "2026-03-22T00:00:00+01:00"}),
    ("D-17", "a name in capitals", {"officer": "Olga"}),
    ("D-17", "a name of 49 bytes", {"officer": "o" * 49}),
    ("D-17", "the name `of`", {"officer": "of"}),
    ("D-17", "a name that begins as a device's", {"officer": "com1.olga"}),
    ("D-17", "a name with two separators in a row", {"officer": "olga..k"}),
    ("D-18", "an X25519 key with its top bit set", {"restoreKey": "11" * 31 + "91"}),
    ("D-18", "an X25519 key of 2^255 - 19", {"restoreKey": (2**255 - 19).to_bytes(32, "little").hex()}),
    ("D-18", "an X25519 key of small order", {"restoreKey": (1).to_bytes(32, "little").hex()}),
]
TAKEN = [
    ("D-9 D-10 D-11", "a text with letters of other scripts, and with blanks at its ends", {"purpose": " Füße \u05d0\u05d1 "}),
    ("D-12", "a text of 500 scalars beyond the first plane", {"purpose": "\U0001f600" * 500}),
    ("D-13", "a text with code points that are not assigned yet", {"purpose": "a \U0001fbff \u0378 b"}),
    ("D-16", "the 29th of February", {"created": "2028-02-29T00:00:00Z", "notBefore": "2028-02-29T00:00:00Z",
                                      "expires": "2028-03-01T00:00:00Z"}),
    ("D-18", "an X25519 key below 2^255 - 19", {"restoreKey": (2**255 - 21).to_bytes(32, "little").hex()}),
]


def forms(catalogue):
    catalogue.audit("D-5 D-6 D-7 D-12", "a request as it must be", request())
    for rule, what, data in NOT_CANONICAL:
        catalogue.audit(rule, f"a document with {what}" if "with" not in what else what, request(data=data), "requests")
    files, epoch = plain()
    epoch.request()
    place = epoch.last
    catalogue.audit("D-7", "arrays 13 deep, as an epoch's number", request(data=nested(12)), "requests")
    catalogue.audit("D-7", "arrays 200,000 deep, which nobody ends", {**request(), place: b"[" * 200000}, "requests")
    catalogue.audit("D-8", "a document of version 2", request(data=replaced("ca-escrow/v1/request", "ca-escrow/v2/request")),
                    "requests")
    catalogue.audit("D-8", "a document of a kind that has another directory", request(
        data=replaced("ca-escrow/v1/request", "ca-escrow/v1/release")), "requests")
    for rule, what, members in VALUES:
        def change(d, members=members):
            d.update(members)
            for key in [key for key, value in d.items() if value is None]:
                del d[key]
        # Where a name is none, the name of the file is none of section 4.10 either.
        catalogue.audit(rule, what, request(change=change), "requests layout" if "officer" in members else "requests")
    for rule, what, members in TAKEN:
        time = "2030-01-01T00:00:00Z" if "created" in members else "2026-07-19T00:00:00Z"
        catalogue.audit(rule, what, request(change=lambda d: d.update(members)), time=time)


def base64_forms(catalogue):
    """An added certificate of the renewed one, whose DER is of a length that needs padding."""
    der = next(c for serial in range(2, 9) for c in [CA.certificate(begins="260301000000Z", serial=256 ** serial)]
               if len(c) % 3 == 1)
    text = b64(der)
    spare = text[:-3] + chr(ord(text[-3]) + 1) + "=="
    for rule, what, value, fail in (
            ("D-15", "base64 with padding", text, ""),
            ("D-15", "base64 without padding", text.rstrip("="), "records"),
            ("D-15", "base64 with spare bits that are not zero", spare, "records"),
            ("D-15", "base64 with a blank in it", text[:76] + " " + text[76:], "records")):
        files, epoch = plain()
        epoch.add("added-certificate", ("olga", "omar"), created=day(90), certificate=value)
        catalogue.audit(rule, what, files, fail)


def files_(catalogue):
    """D-29, D-30: what is no file of a document."""
    files, epoch = plain()
    epoch.request()
    place = epoch.last
    big = b"x" * ((256 << 10) + 1)
    catalogue.audit("D-29", "a document of more than 256 KiB", {**files, place: big}, "requests")
    catalogue.audit("D-29", "a signature of more than 8 KiB", {**files, f"{place}.olga.sig": b"x" * 8193}, "requests")
    padded = b" " * ((4 << 20) + 1)
    catalogue.audit("D-29", "a manifest of more than 4 MiB",
                    {**files, f"{epoch.folder}/manifest.json": padded}, "manifest chain approval layout", "")
    moved = {path: data for path, data in files.items() if path != place}
    catalogue.audit("D-30 A-60", "a symbolic link to a document", {**moved, "elsewhere.json": files[place]}, "requests layout",
                    links={place: "../../../elsewhere.json"})
    catalogue.audit("D-30", "a directory in the place of a document", moved, "requests layout", directories=[place])
    catalogue.audit("D-29 D-30", "a document and its signatures", files)


def claims(catalogue):
    """D-31, D-41: possession proofs, and D-42, D-43: whose a document is."""

    def receipt(rule, what, change, fail="receipts", unchecked=""):
        files, epoch = plain()
        last = [path for path in files if "/receipts/alice-" in path]
        for path in last:
            del files[path]
        epoch.claim("receipt", "alice", created=day(61), change=change)
        catalogue.audit(rule, what, files, fail, "receipts" if fail else unchecked)

    def possession(**other):
        return lambda d: d["possession"].update(other)
    receipt("D-31", "a scalar of q", possession(z=little(Q).hex()))
    receipt("D-31", "a scalar of q more", lambda d: d["possession"].update(
        z=little(int.from_bytes(bytes.fromhex(d["possession"]["z"]), "little") + Q).hex()))
    receipt("D-31", "an element that is not the one encoding", possession(R="01" + "00" * 31))
    receipt("D-31 D-14", "an element in capitals", lambda d: d["possession"].update(R=d["possession"]["R"].upper()))
    receipt("D-41", "a possession proof whose R is O", possession(R=O.hex()))
    receipt("D-41", "a possession proof of another document", lambda d: d.update(created=day(62)))

    def other_share(d):
        d["possession"] = prove(d, 4711)
    receipt("D-41", "a possession proof for another X", other_share)
    files, epoch = plain()
    epoch.request()
    d, place = files[epoch.last], epoch.last
    signatures = {path: data for path, data in files.items() if path.startswith(place)}
    rest = {path: data for path, data in files.items() if path not in signatures}
    for rule, what, name in (("D-42", "a request under another officer's name", place.replace("olga-", "omar-", 1)),
                             ("D-42", "a request under another digest", place[:-6] + ("0" if place[-6] != "0" else "1")
                              + ".json")):
        catalogue.audit(rule, what, {**rest, **{path.replace(place, name): data for path, data in signatures.items()}},
                        "requests layout")
    files, epoch = plain()
    epoch.request(change=lambda d: d.update(set="00" * 16))
    catalogue.audit("D-43", "a request of another set", files, "requests")
    files, epoch = plain()
    epoch.request(change=lambda d: d.update(manifest="00" * 32))
    catalogue.audit("D-43", "a request of another manifest", files, "requests")
    files, epoch = plain()
    epoch.claim("receipt", "alice", created=day(60, 9), change=lambda d: d.update(manifest="00" * 32))
    catalogue.audit("D-43 A-49", "a receipt of a manifest that is not here, and a later one of this", files)


def cases(catalogue):
    forms(catalogue)
    base64_forms(catalogue)
    files_(catalogue)
    claims(catalogue)
