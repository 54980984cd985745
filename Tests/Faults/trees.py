# SPDX-License-Identifier: Apache-2.0
"""What lies in a world before and after a fault, and what that means: the old state, the new one, or neither."""
import collections
import hashlib
import json
import os
import re
import stat
import tarfile

# What an interrupted run leaves half made has such a name (docs/format.md, section 5).
STAGED = re.compile(r"(^|/)\.[^/]+\.partial(?=/|$)")
ORPHAN = re.compile(r"\.json(\.[^/]+\.sig|\.casig)$")


def snapshot(root):
    """Every path below a folder, with its kind, its mode and its content."""
    tree = {}
    for folder, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(folder, name)
            status = os.lstat(path)
            content = b""
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as file:
                    content = file.read()
            elif stat.S_ISLNK(status.st_mode):
                content = os.readlink(path).encode()
            tree[os.path.relpath(path, root)] = (stat.S_IFMT(status.st_mode), stat.S_IMODE(status.st_mode), content)
    return tree


def general(path):
    """A path without what is drawn at random or read from the clock."""
    path = re.sub(r"\d{8}T\d{6}Z", "TIME", path)
    path = re.sub(r"-[0-9a-f]{4}(-\d+)?(\.parcel|\.release)$", r"-HEX\2", path)
    # NSS and SoftHSM name their files themselves.
    return re.sub(r"[0-9a-f]{8,}(-[0-9a-f]{4}){0,3}(-[0-9a-f]{8,})?", "HEX", path)


def staged(path):
    """The staged file or folder that a path lies in, or nothing."""
    found = STAGED.search(path)
    return path[:found.end()] if found else None


def is_whole(path, content):
    """Whether a file looks as its kind does, from its first byte to its last."""
    name = os.path.basename(path)
    if name.endswith((".json", ".parcel", ".identity", ".card", ".release", ".casig")) and content[:1] == b"{":
        try:
            json.loads(content)
        except ValueError:
            return False
        return content.endswith(b"}\n")
    if name.endswith(".jsonl"):
        return content.endswith(b"}\n")
    if content[:2] == b"\x30\x82":
        return len(content) == 4 + int.from_bytes(content[2:4], "big")
    if content[:1] == b"-":
        lines = content.decode().rstrip("\n").split("\n")
        return content.endswith(b"\n") and lines[0].startswith("-----BEGIN ") and lines[-1].startswith("-----END ")
    if name.endswith(".html"):
        return content.rstrip().endswith(b"</html>")
    if name.endswith(".tar"):
        try:
            with tarfile.open(path) as archive:
                archive.getnames()
        except tarfile.TarError:
            return False
        return content.endswith(bytes(1024))
    if name.endswith((".txt", ".prom", ".seen")):
        return content.endswith(b"\n")
    return True


class Verdict:
    """What became of a world."""

    def __init__(self, root, scenario, before, reference=None):
        after = snapshot(root)
        self.lost, self.half, self.staged = [], [], set()
        self.changed = set()
        self.untouched = after == before
        new = [path for path in after if path not in before]
        self.whole = [path for path in new if not staged(path)]
        # A signature whose document is not there.
        self.orphans = {path for path in self.whole if (at := ORPHAN.search(path)) and path[:at.start(1)] not in after}
        self.names = collections.Counter(general(path) for path in self.whole)
        for path in new:
            if place := staged(path):
                self.staged.add(place)
        for path in before:
            self.compare(path, scenario, before[path], after.get(path))
        self.modes = {general(path): after[path][:2] for path in self.whole}
        self.sizes = sorted({len(after[path][2]) for path in self.whole})
        self.state = "new"
        if reference is not None:
            self.judge(root, scenario, before, after, reference)

    def compare(self, path, scenario, old, now):
        """One path that was there before."""
        if now == old or scenario.matches("free", path):
            return
        if now is None:
            if scenario.matches("erases", path):
                self.changed.add(path)
            else:
                self.lost.append(f"{path}: gone")
        elif scenario.matches("erases", path) and now[:2] == old[:2]:
            # Overwritten with zeros, from the beginning on: it has served.
            served = len(now[2]) - len(now[2].lstrip(b"\0"))
            if now[2][served:] != old[2][served:]:
                self.lost.append(f"{path}: altered")
        elif now[:2] != old[:2]:
            self.lost.append(f"{path}: other kind or mode")
        elif scenario.matches("grows", path) and now[2].startswith(old[2]) and now[2].endswith(b"\n"):
            self.changed.add(path)
        elif scenario.matches("replaces", path) and is_whole(path, now[2]):
            self.changed.add(path)
        else:
            self.lost.append(f"{path}: altered")

    def judge(self, root, scenario, before, after, reference):
        """Holds what is new against what an undisturbed run makes."""
        for path in self.whole:
            kind, mode, content = after[path]
            if scenario.matches("free", path):
                continue
            if general(path) not in reference.names:
                self.half.append(f"{path}: nothing of this command")
            elif (kind, mode) != reference.modes[general(path)]:
                self.half.append(f"{path}: mode {mode:o}")
            elif stat.S_ISREG(kind) and not is_whole(os.path.join(root, path), content):
                self.half.append(f"{path}: cut off")
        for place in self.staged:
            mode = after[place][1]
            final = re.sub(r"(^|/)\.([^/]+)\.[^./]+\.partial$", r"\1\2", place)
            wanted = (reference.modes.get(general(final)) or before.get(final) or (0, 0o700))[1]
            if mode & 0o077 and mode != wanted:
                self.half.append(f"{place}: mode {mode:o}")
        missing = [name for name in reference.names - self.names if not scenario.matches("optional", name)]
        # What has served and is not erased yet is named: see Row.clear.
        unchanged = {path for path in reference.changed - self.changed if not scenario.matches("erases", path)}
        if not missing and not unchanged:
            self.state = "new"
        else:
            self.state = "part" if self.whole or self.changed else "old"
            self.check_order(scenario, reference)

    def check_order(self, scenario, reference):
        """Not all is there: then nothing may be that counts alone."""
        there = set(map(general, self.whole))
        for path in self.whole:
            for name in reference.names:
                # A document's signatures are there before it is.
                is_signature = name.startswith(general(path) + ".") and name.endswith(("sig", "casig"))
                if is_signature and name not in there:
                    self.half.append(f"{path}: without its signature")
            # The one file that counts alone comes after all but a record of it.
            if scenario.matches("last", path) and any("/records" not in name for name in reference.names - self.names):
                self.half.append(f"{path}: the last one, before the others")
