# SPDX-License-Identifier: Apache-2.0
"""One row of the table: a command, all faults that it is given, and what became of its world."""
import os
import re
import shutil
import subprocess

import injecting
from trees import Verdict, general, snapshot

HERE = os.path.dirname(os.path.abspath(__file__))
# What people add to an epoch, in the directory of its kind.
DOCUMENT = re.compile(r"/\d{4}-[0-9a-f]{8}/[a-z]+/[^/]+$")
COLUMNS = ["faults", "old", "part", "new", "worked", "cleared", "lost", "half", "unsaid"]


class Row:
    """All faults of one command."""

    def __init__(self, scenario, folder, options):
        self.scenario, self.folder, self.options = scenario, folder, options
        self.counts, self.kinds, self.notes, self.number = dict.fromkeys(COLUMNS, 0), {}, [], 0
        self.environment = dict(os.environ, **scenario.environment)
        self.environment.pop("CA_ESCROW_IDENTITY", None)
        self.world = os.path.join(folder, "world")
        self.log = os.path.join(folder, "log")

    # MARK: The undisturbed run

    def prepare(self, bases):
        """Makes the world, and learns what the command does in it when nothing is wrong."""
        os.makedirs(self.folder)
        if self.scenario.base:
            subprocess.run(["cp", "-a", os.path.join(bases, self.scenario.base), self.world], check=True)
        else:
            os.mkdir(self.world)
        made = injecting.run([os.path.join(HERE, "worlds.sh"), self.scenario.setup], self.world, self.environment)
        if made.status != 0:
            raise SystemExit(f"faults.py: {self.scenario.name}: {made.output}")
        self.command = self.words(self.scenario.command)
        self.checking = self.scenario.check and self.words(self.scenario.check)
        self.before = snapshot(self.world)
        calm = self.copy()
        self.look(calm)
        shutil.rmtree(calm)
        if self.first.status not in (0, 1) or not (self.reference.whole or self.reference.changed):
            raise SystemExit(f"faults.py: {self.scenario.name}: exit {self.first.status}: {self.first.output}")
        if self.reference.lost or self.reference.staged:
            raise SystemExit(f"faults.py: {self.scenario.name}: {self.reference.lost} {self.reference.staged}")

    def look(self, calm):
        """What an undisturbed run does, and another one after it."""
        self.calls, self.first = injecting.writing_calls(self.command, calm, self.environment, self.log)
        self.reference = Verdict(calm, self.scenario, self.before)
        self.verdict = self.check(calm)
        self.again = self.once_more(calm)
        self.twice = Verdict(calm, self.scenario, self.before)

    def words(self, line):
        """A command line's words, as bash makes them in the world."""
        script = f"printf '%s\\0' {line}"
        functions = 'digest() { sha256sum "$1"/0001-*/manifest.json | cut -c1-64; }; '
        done = subprocess.run(
            ["bash", "-c", functions + script], cwd=self.world, env=self.environment, check=True, capture_output=True)
        return done.stdout.decode().split("\0")[:-1]

    def copy(self, place=None):
        """A fresh copy of the world."""
        self.number += 1
        place = place or os.path.join(self.folder, str(self.number))
        subprocess.run(["cp", "-aT", self.world, place], check=True)
        return place

    def once_more(self, world):
        return injecting.run(self.command, world, self.environment)

    def check(self, world):
        """How the checking command ends in a world."""
        if self.scenario.check is None:
            return None
        return injecting.run(self.checking, world, self.environment)

    def passes(self, world, verdict):
        """Whether the checking command ends as it should, or names what is left half made."""
        done = self.check(world)
        if done is None or done.status == self.verdict.status:
            return True
        # Or names what is left half made, or what a wrong clock dated.
        staged = [os.path.basename(path) in done.output for path in verdict.staged]
        return all(staged) and (
            any(staged) or any(os.path.basename(path) in done.output for path in verdict.whole))

    # MARK: One fault

    def trial(self, kind, fault, world=None, expected=None):
        """Has a fault happen in a copy of the world, and judges what is left.

        `fault` takes the world and gives the run, or the run and whether the fault came at all.
        """
        world = world or self.copy()
        ended = fault(world)
        ended, happened = ended if isinstance(ended, tuple) else (ended, True)
        if not happened:
            self.note(kind, "the fault did not come", ended)
        self.kinds[kind.split()[0]] = self.kinds.get(kind.split()[0], 0) + 1
        self.counts["faults"] += 1
        if ended.crashed:
            self.blame("half", kind, f"ended with {ended.status}", ended)
        if expected is not None and ended.status not in expected:
            self.blame("half", kind, f"ended with {ended.status}, not {expected}", ended)
        verdict = Verdict(world, self.scenario, self.before, self.reference)
        self.weigh(kind, verdict, ended)
        if verdict.state == "new" and not self.passes(world, verdict):
            self.blame("half", kind, "the new state does not pass", ended)
        # Under a wrong clock there may be nothing to do: a challenge has ended.
        if verdict.state != "new" and ended.status == 0 and not kind.startswith("clock"):
            self.blame("half", kind, "said to be done, and is not", ended)
        self.counts[verdict.state] += 1
        return world, verdict, ended

    def disturb(self, kind, fault, expected=None):
        """A fault in a world of its own, and what the next run makes of it."""
        world, verdict, ended = self.trial(kind, fault, expected=expected)
        self.follow(kind, world, verdict, ended)
        shutil.rmtree(world)
        return verdict

    def weigh(self, kind, verdict, ended):
        for what in ("lost", "half"):
            if getattr(verdict, what):
                self.blame(what, kind, "; ".join(getattr(verdict, what)), ended)

    def follow(self, kind, world, verdict, ended):
        """Runs the command once more: it works, or names what is to be cleared and works then."""
        if verdict.untouched:
            # Bit for bit the world of the undisturbed run, which worked.
            self.counts["worked"] += 1
            return
        told = self.once_more(world)
        wanted = self.again.status if verdict.state == "new" else self.first.status
        then = Verdict(world, self.scenario, self.before, self.reference)
        self.weigh(kind + ", then", then, told)
        if told.status == wanted and then.state == "new":
            # The run that failed may have named what it could not remove.
            silent = {path for path in then.staged | then.orphans if path not in ended.output + told.output}
            silent |= self.too_many(then, told)
            if silent:
                self.blame("unsaid", kind, f"no word of {sorted(silent)}", told)
            self.counts["worked"] += 1
            self.counts["cleared"] += bool(then.staged | then.orphans)
        elif self.scenario.matches("gone", told.output) or self.clear(world, told):
            self.counts["cleared"] += 1
        else:
            self.blame("unsaid", kind, f"{verdict.state}, then exit {told.status} and {then.state}, not {wanted}", told)

    def clear(self, world, told):
        """Removes what a run names, as often as it names something new; whether it works then."""
        if any(path in told.output for path in self.before if self.scenario.matches("erases", path)):
            # All is done but the erasing of what has served: nothing is left to do but what the run says.
            return Verdict(world, self.scenario, self.before, self.reference).state == "new"
        for _ in range(3):
            new = Verdict(world, self.scenario, self.before, self.reference)
            named = [path for path in new.staged | set(new.whole) if path in told.output]
            if not named:
                return False
            for path in named:
                place = os.path.join(world, path)
                if os.path.isdir(place):
                    shutil.rmtree(place)
                elif os.path.exists(place):
                    os.remove(place)
            told = self.once_more(world)
            then = Verdict(world, self.scenario, self.before, self.reference)
            if told.status == self.first.status and then.state == "new":
                return True
        return False

    def too_many(self, then, told):
        """What is there more often than two undisturbed runs would make it, and not named.

        Documents of an escrow do not count: who challenges, asks or restores twice has said so twice, and each is
        whole.
        """
        found = set()
        for name, count in then.names.items():
            paths = [path for path in then.whole if general(path) == name and not DOCUMENT.search(path)]
            # What a token's module, or NSS, keeps for itself is its own.
            paths = [path for path in paths if not self.scenario.matches("free", path)]
            named = [path for path in paths if path in told.output]
            if paths and count - len(named) > max(self.reference.names[name], self.twice.names[name]):
                found |= set(paths)
        return found

    def blame(self, what, kind, text, ended):
        self.counts[what] += 1
        self.note(kind, f"{what}: {text}", ended)

    def note(self, kind, text, ended):
        self.notes.append(f"{self.scenario.name}: {kind}: {text}\n" + "".join(
            f"    {line}\n" for line in ended.output.split("\n")[-6:] if line))

    # MARK: All faults

    def run(self):
        def about(world):
            return self.command, world, self.environment
        faults = injecting.SIGNALS + injecting.ERRORS
        if self.options.quick or self.scenario.slow:
            faults = ["KILL", "ENOSPC"]
        for call in self.calls:
            wanted = faults
            if call[2] and self.options.quick:
                continue
            if call[2]:
                wanted = ["KILL", "EIO"] if not self.scenario.slow else []
            if call[0] == "exit_group":
                wanted = ["KILL"]
            for fault in wanted:
                self.disturb(
                    f"{fault} at {call[0]} {call[1]}",
                    lambda world, f=fault, c=call: injecting.at_call(f, c, *about(world), self.log))
        if self.options.quick:
            return
        for name, fault in injecting.STREAMS.items():
            self.disturb(name, lambda world, f=fault: f(*about(world)))
        parts = {part for size in self.reference.sizes for part in (size // 2, size - 1) if part > 0}
        for limit in sorted({0, 1} | parts):
            self.disturb(
                f"file-size {limit}",
                lambda world, n=limit: injecting.run(*about(world), prepare=injecting.file_size(n)))
        for kibibytes in (0, 64, 1024):
            verdict = self.disturb(
                f"memory {kibibytes}",
                lambda world, n=kibibytes: injecting.run(
                    injecting.locked_memory(n, self.command), world, self.environment),
                expected=[71])
            if verdict.state != "old":
                self.blame("half", f"memory {kibibytes}", "something was written", self.first)
        for settings in ("FAULT_SHORT=1", "FAULT_SHORT=7", "FAULT_SHORT=7 FAULT_EINTR=1"):
            # A module of others may take an interruption for an error.
            expected = None if self.scenario.patterns["free"] else [self.first.status]
            self.preload("short " + settings, settings, expected)
        for days in (-400, -1, 400):
            self.preload(f"clock {days} days", f"FAULT_CLOCK={days * 86400}", None)
        self.full_disks()
        self.prompts()

    def preload(self, kind, settings, expected):
        environment = dict(self.environment, LD_PRELOAD=self.options.preload)
        environment.update(part.split("=") for part in settings.split())
        self.disturb(kind, lambda world: injecting.run(self.command, world, environment), expected)

    def full_disks(self):
        """A real file system without room, or without room for files, or that may only be read."""
        if not self.options.mounts:
            return
        for what in ("pages", "files"):
            for room in range(500):
                if self.on_disk(f"disk {room} {what}", lambda disk, w=what, n=room: disk.leave(**{w: n})):
                    break
        self.on_disk("read-only", lambda disk: disk.remount("ro"))

    def on_disk(self, kind, narrow):
        """Whether the command went through all the same."""
        with injecting.Disk(os.path.join(self.folder, "disk")) as disk:
            world = self.copy(os.path.join(disk.place, "world"))

            def fault(world):
                narrow(disk)
                return injecting.run(self.command, world, self.environment)
            world, verdict, ended = self.trial(kind, fault, world)
            disk.remount("rw,size=64m,nr_inodes=10000")
            self.follow(kind, world, verdict, ended)
        return verdict.state == "new"

    def prompts(self):
        """Ctrl-C, SIGTERM and the terminal's end at every question."""
        if not self.scenario.prompts:
            return
        command = self.words(self.scenario.asking)
        answers = [
            self.words(f'"$({text[1:]})"')[0] if text.startswith("=") else text for _, text in self.scenario.prompts]
        for count in range(len(answers)):
            for key, status in (("^C", 130), ("!TERM", 143), ("!HUP", 129), ("^D", None)):
                given = [*answers[:count], key]
                pairs = [word for pair in zip([ask for ask, _ in self.scenario.prompts], given) for word in pair]
                words = [os.path.join(injecting.TOOLS, "answer.py"), "--echo", *pairs, "--", *command]
                kind = f"prompt {count + 1} {key}"
                world, verdict, ended = self.trial(
                    kind, lambda world, w=words: injecting.run(w, world, self.environment),
                    expected=status and [status])
                if verdict.state != "old":
                    self.blame("half", kind, "something was written", self.first)
                self.follow(kind, world, verdict, ended)
                shutil.rmtree(world)
