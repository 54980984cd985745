# SPDX-License-Identifier: Apache-2.0
"""Runs the measured commands under valgrind's callgrind, in the little world of world.sh and without peers."""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from commands import AUDIT, BACKUP, RESTORE, VERSION

HERE = pathlib.Path(__file__).resolve().parent
COMMANDS = {"version": VERSION, "backup": BACKUP, "audit": AUDIT, "restore": RESTORE}


def counts(program):
    """Runs each command once: its name, and how many instructions it took."""
    with tempfile.TemporaryDirectory(prefix="ca-escrow-callgrind.") as folder:
        binaries, world = pathlib.Path(folder, "bin"), pathlib.Path(folder, "world")
        binaries.mkdir()
        world.mkdir()
        tool = binaries / "ca-escrow"
        # With what is for debuggers, valgrind would take longer to read the program than to run it.
        subprocess.run(["strip", "--strip-debug", "-o", tool, program], check=True)
        subprocess.run([HERE / "world.sh"], cwd=world, check=True,
                       env={**os.environ, "PATH": f"{binaries}:{os.environ['PATH']}", "PEERS": "none"})
        for name, (arguments, status) in COMMANDS.items():
            # Swift seeds its hash tables anew in every process otherwise.
            environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "SWIFT_DETERMINISTIC_HASHING": "1"}
            run = subprocess.run(
                ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", tool, *arguments],
                cwd=world, env=environment, capture_output=True, text=True)
            if run.returncode != status:
                sys.exit(f"{' '.join(arguments)}: status {run.returncode}\n{run.stderr}")
            yield name, int(re.search(r"Collected : (\d+)", run.stderr).group(1))
