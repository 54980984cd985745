# SPDX-License-Identifier: Apache-2.0
"""Lays a case out in a folder: a base, and what differs."""
import base64, json, os


def load(path):
    with open(path, "rb") as file:
        return file.read()


def lay(root, case, folder):
    """The files of a case: a base, and what differs."""
    with open(f"{root}/cases/{case.split('.')[0]}.json", encoding="utf-8") as file:
        layout = json.load(file)[case]
    base = f"{root}/bases/{layout['base']}"
    found = {os.path.relpath(os.path.join(at, name), base): os.path.join(at, name)
             for at, _, names in os.walk(base) for name in names}
    files = {path: load(place) for path, place in found.items() if path not in layout.get("without", ())}
    for path, content in layout.get("files", {}).items():
        if "from" in content:
            lines = load(found[content["from"]]).decode().split("\n")
            for number, line in content.get("lines", {}).items():
                lines[int(number)] = line
            files[path] = "\n".join(lines).encode()
        elif "repeat" in content:
            files[path] = content["repeat"].encode() * content["times"]
        else:
            files[path] = content["text"].encode() if "text" in content else base64.b64decode(content["base64"])
    for path, data in files.items():
        os.makedirs(os.path.dirname(f"{folder}/{path}") or folder, exist_ok=True)
        with open(f"{folder}/{path}", "wb") as file:
            file.write(data)
        if path.endswith((".identity", ".pass", ".seen")):
            os.chmod(f"{folder}/{path}", 0o600)
    for path in layout.get("directories", ()):
        os.makedirs(f"{folder}/{path}")
    for path, target in layout.get("links", {}).items():
        os.makedirs(os.path.dirname(f"{folder}/{path}"), exist_ok=True)
        os.symlink(target, f"{folder}/{path}")
    for path, mode in layout.get("modes", {}).items():
        os.chmod(f"{folder}/{path}", int(mode, 8))
