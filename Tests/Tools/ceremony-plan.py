#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ceremony-plan.py [KEY=VALUE...]: prints the plan of a ceremony for the people of world.sh and those of --people.

  --people        makes the others who take part: mick, oscar, wanda, anna, vera, kurt

Keys: kind, title, store, policy, date, standby, tool (this program's SHA-256 by default), custodians, inventory, rehearsal.
"""
import hashlib
import json
import pathlib
import re
import shutil
import subprocess
import sys

OTHERS = ["mick", "oscar", "wanda", "anna", "vera", "kurt"]


def plan(options):
    kind = options.get("kind", "backup")
    der = subprocess.run(
        ["openssl", "x509", "-in", "ca/cacert.pem", "-outform", "DER"], capture_output=True, check=True
    ).stdout
    program = hashlib.sha256(pathlib.Path(shutil.which("ca-escrow")).read_bytes()).hexdigest()
    members = {
        "format": "ca-escrow/v1/plan",
        "kind": kind,
        "title": options.get("title", "Escrow of the Acme Root CA"),
        "date": options.get("date", "2027-03-01T09:00:00Z"),
        "standby": options.get("standby", "2027-03-08T09:00:00Z"),
        "place": "Lyon, room 2",
    }
    if "rehearsal" in options:
        members["rehearsal"] = True
    if "inventory" in options:
        members["inventory"] = options["inventory"]
    members["ca"] = {"certificate": "ca/cacert.pem", "sha256": hashlib.sha256(der).hexdigest()}
    escrow = members["escrow"] = {"path": "acme.escrow"}
    if kind != "drill":
        escrow["store"] = options.get("store", "openssl-ca:ca")
    if kind != "backup":
        escrow["purpose"] = "yearly test"
    escrow["policy"] = options.get("policy", "3 of all")
    escrow["officers"] = "2 of (olga, omar)"
    members["tool"] = {"sha256": options.get("tool", program)}
    custodians = options.get("custodians", "alice bob carol dave erin").split()
    people = [
        ("mick", "Mick Moore", "administrator", "Lyon", "operations"),
        ("oscar", "Oscar Otte", "operator", "Lyon", "operations"),
        ("wanda", "Wanda Weiss", "witness", "Lyon", "audit"),
        ("anna", "Anna Auer", "auditor", "Basel", "outside"),
        ("olga", "Olga Olsen", "officer", "Lyon", "security"),
        ("omar", "Omar Haddad", "officer", "Paris", "security"),
        ("vera", "Vera Vogt", "keeper", "Paris", "vault"),
        ("kurt", "Kurt Kern", "keeper", "Nice", "vault"),
    ] + [(name, f"{name.title()} Martin", "custodian", f"{name.title()}ville", f"line {name}") for name in custodians]
    members["people"] = []
    for name, full, role, site, line in people:
        card = pathlib.Path(f"cards/{name}.card")
        # Who that is: signatures on the plan cover it.
        digest = {"sha256": hashlib.sha256(card.read_bytes()).hexdigest()} if card.exists() else {}
        members["people"].append(
            dict(
                name=name, fullName=full, roles=[role], card=str(card), **digest,
                identity=f"{name}.identity", site=site, line=line,
            )
        )
    media = [("vera", "pkcs12", "Paris"), ("kurt", "pkcs12", "Nice")]
    media += [(name, "share", f"{name.title()}ville") for name in custodians for _ in range(2)]
    members["media"] = [
        dict(label=f"USB-{number:02}", content=content, holder=holder, site=site, serial=f"S{number:04}")
        for number, (holder, content, site) in enumerate(media, 1)
    ]
    return members


def main():
    options = dict(word.split("=", 1) for word in sys.argv[1:] if word != "--people")
    if "--people" in sys.argv[1:]:
        for name in OTHERS:
            subprocess.run(["ca-escrow", "identity", "create", name, "--no-passphrase"], capture_output=True, check=True)
            shutil.copy(f"{name}.card", "cards")
    written = json.dumps(plan(options), indent=2, ensure_ascii=False)
    # A list of roles on one line, as people write it.
    print(re.sub(r'\[\s+("[a-z]+")\s+\]', r"[\1]", written))


main()
