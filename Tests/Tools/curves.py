#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""curves.py: holds the curves of docs/format.md, Annex C, against those that OpenSSL knows by name and whose order has 224
bits or more, but for SM2: the program asks OpenSSL, and other readers go by the list. Prints what differs, and how many
there are."""
import os, re, subprocess

SPECIFICATION = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../docs/format.md")


def openssl(*arguments, given=None):
    return subprocess.run(["openssl", *arguments], input=given, capture_output=True, check=True).stdout


def listed():
    """The object identifiers of the table: `1.2.3.4 to 6, 8` are four of them."""
    with open(SPECIFICATION, encoding="utf-8") as file:
        table = file.read().split("| curves | object identifiers |\n|---|---|\n")[1].split("\n\n")[0]
    found = set()
    for row in table.split("\n"):
        start = ""
        for item in re.split("[,;] ", row.split("|")[2].strip()):
            first, _, last = item.partition(" to ")
            start = first.rpartition(".")[0] or start
            number = int(first.rpartition(".")[2])
            found |= {f"{start}.{n}" for n in range(number, int(last or number) + 1)}
    return found


def known():
    found = {}
    for name in re.findall(r"^ *([\w-]+) *:", openssl("ecparam", "-list_curves").decode(), re.M):
        if name.startswith("Oakley"):  # they have no object identifier
            continue
        encoded = openssl("ecparam", "-name", name, "-outform", "DER")
        text = openssl("pkey", "-noout", "-text", given=openssl("ecparam", "-name", name, "-genkey", "-noout"))
        numbers, value = [], 0
        for byte in encoded[2:]:
            value = value << 7 | byte & 127
            if byte < 128:
                numbers, value = numbers + [value], 0
        first = min(numbers[0] // 40, 2)
        numbers = [first, numbers[0] - 40 * first, *numbers[1:]]
        if name != "SM2" and int(re.search(rb"\(([0-9]+) bit", text)[1]) >= 224:
            found[".".join(map(str, numbers))] = name
    return found


if __name__ == "__main__":
    ours, theirs = listed(), known()
    for number in sorted(ours ^ theirs.keys()):
        print(f"{number}: {'OpenSSL does not know it' if number in ours else theirs[number] + ' is not listed'}")
    print(f"{len(ours)} curves")
