# SPDX-License-Identifier: Apache-2.0
"""The row of a ceremony, which is held on a terminal for some seconds and has hundreds of system calls that write."""
import os
import shutil

import injecting
from rows import Row
from trees import Verdict

POINTS = 16


class HeldRow(Row):
    """A command that is killed at some of its system calls, run again by those who hold the ceremony, and ends."""

    def look(self, calm):
        self.first = self.hold(calm, injecting.TRACE)
        self.calls = injecting.calls_in(self.log)
        self.reference = Verdict(calm, self.scenario, self.before)
        self.verdict = self.check(calm)
        self.again, self.twice = self.first, self.reference

    def hold(self, world, *expressions):
        """Holds the ceremony; strace has these expressions the first time that the command runs."""
        shown, once = (os.path.join(self.folder, name) for name in ("shown", "once"))
        if os.path.exists(once):
            os.rmdir(once)
        environment = dict(
            self.environment, FAULT_ONCE=once, FAULT_LOG=self.log,
            FAULT_OPTIONS=" ".join(f"-e {expression}" for expression in expressions))
        command = [
            os.path.join(injecting.TOOLS, "ceremony.py"), "--capture", shown,
            os.path.join(injecting.HERE, "once.sh"), *self.command]
        ended = injecting.run(command, world, environment)
        with open(shown, encoding="utf-8", errors="replace") as file:
            return injecting.Run(ended.status, file.read() + ended.output)

    def run(self):
        # A ceremony that is over is not held again.
        calls = [call for call in self.calls if not call[2] and call[0] != "exit_group"]
        for name, number, _ in calls[::max(1, len(calls) // POINTS)]:
            kind = f"KILL at {name} {number}"
            world, verdict, ended = self.trial(
                kind, lambda world, n=name, w=number: self.hold(
                    world, f"trace={n}", f"inject={n}:signal=KILL:when={w}"), expected=[self.first.status])
            # The ceremony went on by itself: what it left half made it has named by now.
            if verdict.state == "new" and all(os.path.basename(path) in ended.output for path in verdict.staged):
                self.counts["worked"] += 1
                self.counts["cleared"] += bool(verdict.staged)
            else:
                self.blame("unsaid", kind, f"{verdict.state}, {sorted(verdict.staged)}", ended)
            shutil.rmtree(world)
