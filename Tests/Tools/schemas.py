#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds what commands print with --json against docs/schemas: schemas.py SCHEMAS DOCUMENT...

Each document is canonical, and its schema, called after its format, takes it. Without one of the members that the schema
asks for, and with an unknown one in any of its objects, the schema refuses it. Says which formats were seen and, as a
fault, which schemas were not; exits with 1 when there is one.
"""
import copy
import json
import pathlib
import sys

from jsonschema import Draft202012Validator


def objects(value):
    """Every object in a document, the outermost first."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from objects(inner)


def check(path, schemas):
    text = path.read_text()
    document = json.loads(text)
    if json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False) + "\n" != text:
        yield "not canonical"
    name = document["format"].removeprefix("ca-escrow/v1/")
    validator = schemas[name]
    for error in validator.iter_errors(document):
        yield f"{name}: {error.json_path}: {error.message}"
    for number, _ in enumerate(objects(document)):
        more = copy.deepcopy(document)
        list(objects(more))[number]["unheardOf"] = "something"
        if validator.is_valid(more):
            yield f"{name}: takes an unknown member in object {number}"
    for member in validator.schema["required"]:
        if validator.is_valid({key: value for key, value in document.items() if key != member}):
            yield f"{name}: takes a document without {member}"


def main(folder, *paths):
    schemas = {}
    for path in sorted(pathlib.Path(folder).glob("*.schema.json")):
        schema = json.loads(path.read_text())
        Draft202012Validator.check_schema(schema)
        schemas[path.name.removesuffix(".schema.json")] = Draft202012Validator(schema)
    seen, faults = set(), []
    for path in map(pathlib.Path, paths):
        seen.add(json.loads(path.read_text())["format"].removeprefix("ca-escrow/v1/"))
        faults += [f"{path}: {fault}" for fault in check(path, schemas)]
    faults += [f"{name}: no document" for name in sorted(schemas.keys() - seen)]
    print("\n".join(faults + sorted(seen)))
    return 1 if faults else 0


sys.exit(main(*sys.argv[1:]))
