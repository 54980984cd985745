#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""sbom.py PROGRAM: what is in a release, as CycloneDX 1.5 in JSON: Swift packages, Debian's libraries, the compiler.

Run in the source that was built, on the machine that built it. Two runs of it there say the same.
"""
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys
import time
import uuid

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent

# What is linked into the portable program, and headers and libraries that the other is built against.
BUILT_WITH = ["libssl-dev", "libsodium-dev", "libp11-kit-dev", "libc6-dev", "libstdc++-12-dev", "libgcc-12-dev"]


def output(*line):
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout


def debian(package, scope):
    name, version, source = output(
        "dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}\n", package
    ).splitlines()[0].split("\t")
    purl = f"pkg:deb/debian/{name.replace('+', '%2B')}@{version.replace('+', '%2B').replace(':', '%3A')}?distro=debian-12"
    return {
        "type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "scope": scope,
        "properties": [{"name": "debian:source", "value": source}],
    }


def linked(program):
    """Debian's packages of the libraries that the program loads."""
    needed = re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-d", program))
    for library in needed:
        packages = output("dpkg-query", "-S", f"*/{library}").splitlines()
        yield packages[0].split(":")[0]


def swift_packages():
    text = (ROOT / "Package.swift").read_text()
    for url, version in re.findall(r'^        \.package\(url: "(https://[^"]+)", exact: "([^"]+)"\)', text, flags=re.M):
        purl = f"pkg:swift/{url.removeprefix('https://')}@{version}"
        yield {
            "type": "library", "bom-ref": purl, "name": url.rsplit("/", 1)[1], "version": version, "purl": purl,
            "scope": "required", "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}],
            "externalReferences": [{"type": "vcs", "url": url}],
        }


def main(program):
    version = output(program, "--version").strip()
    commit = re.search(r"^commit: ([0-9a-f]{40})$", output(program, "--version", "--verbose"), flags=re.M)
    compiler = re.search(r"Swift version (\S+)", output("swift", "--version"))[1]
    digest = hashlib.sha256(pathlib.Path(program).read_bytes()).hexdigest()
    own = f"pkg:generic/ca-escrow@{version}"
    components = list(swift_packages())
    components += [debian(package, "required") for package in sorted(set(linked(program)))]
    components += [debian(package, "excluded") for package in BUILT_WITH]
    components.append({
        "type": "application", "bom-ref": f"pkg:generic/swift@{compiler}", "name": "swift", "version": compiler,
        "purl": f"pkg:generic/swift@{compiler}", "scope": "required",
        "description": "compiler, and the runtime that is linked in",
        "licenses": [{"expression": "Apache-2.0 WITH Swift-exception"}],
    })
    made = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(int(os.environ["SOURCE_DATE_EPOCH"])))
    document = {
        "$schema": "http://cyclonedx.org/schema/bom-1.5.schema.json",
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {
            "timestamp": made,
            "component": {
                "type": "application", "bom-ref": own, "name": "ca-escrow", "version": version, "purl": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}], "hashes": [{"alg": "SHA-256", "content": digest}],
                "properties": [{"name": "commit", "value": commit[1]}] if commit else [],
            },
        },
        "components": components,
        "dependencies": [{"ref": own, "dependsOn": [component["bom-ref"] for component in components]}],
    }
    document["serialNumber"] = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(document, sort_keys=True))}"
    print(json.dumps(document, indent=2))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__.split("\n")[0])
    main(sys.argv[1])
