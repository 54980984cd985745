#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints what ca-escrow costs against the tools that people would take instead: a table to read, not a test.

bench.py CA-ESCROW [--portable FILE] [--in-process FILE] [--rounds N] [--archive N]

Whole processes, RSA-3072, 3 of 5. Each row runs this tool and its peer in turn (A B A B ...), and takes of each the
minimum, the median and the most memory that was resident. The ratio is that of the minima, the next that of the medians.
"""
import argparse
import math
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

from commands import AUDIT, BACKUP, RESTORE, VERSION

HERE = pathlib.Path(__file__).resolve().parent
PEERS = str(HERE / "peers.sh")
SIGNERS = ["--signers", "officers.signers"]


class Cost:
    """Runs of one command: seconds, and the peak of resident memory in MiB."""

    def __init__(self, command, expected=0, clear=(), folder=".", stdin=os.devnull):
        self.command, self.expected, self.clear, self.folder, self.stdin = command, expected, clear, folder, stdin
        self.seconds, self.memory = [], 0.0

    def clean(self):
        for path in [path for name in self.clear for path in pathlib.Path(self.folder).glob(name)]:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()

    def run(self):
        self.clean()
        start = time.perf_counter()
        status = self.start(self.command)
        self.seconds.append(time.perf_counter() - start)
        if status != self.expected:
            sys.exit(f"{' '.join(self.command)}: status {status}")

    def weigh(self):
        """Once more, for the memory: of a child of this program the system tells at least what this program has itself."""
        self.clean()
        with tempfile.NamedTemporaryFile("r") as figure:
            self.start(["/usr/bin/time", "-q", "-f", "%M", "-o", figure.name, *self.command])
            self.memory = int(figure.read()) / 1024

    def start(self, command):
        with open(self.stdin, "rb") as stdin:
            return subprocess.run(command, cwd=self.folder, stdin=stdin, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL).returncode


def line(row, ours, peer, goal, scale=1.0):
    """One row: `scale` is how many times the peer's work is wanted."""
    least, middle = min(ours.seconds), statistics.median(ours.seconds)
    other, other_middle = min(peer.seconds) * scale, statistics.median(peer.seconds) * scale
    print(f"{row:<34} {least * 1000:>9.1f} {middle * 1000:>9.1f} {other * 1000:>9.1f} {other_middle * 1000:>9.1f} "
          f"{least / other:>8.4f} {middle / other_middle:>8.4f} {goal:>8} {ours.memory:>6.1f} {peer.memory:>6.1f}", flush=True)


def compare(row, ours, peer, goal, rounds):
    for _ in range(rounds):
        ours.run()
        peer.run()
    ours.weigh()
    peer.weigh()
    line(row, ours, peer, goal)


def commands(tool, mark, rounds, goals):
    def ours(command, clear):
        arguments, status = command
        return Cost([tool, *arguments], expected=status, clear=clear)

    records = "acme.escrow/*/records"
    compare(f"backup{mark}", ours(BACKUP, ["new.escrow", "new.p12"]), Cost([PEERS, "backup"]), goals[0], rounds)
    compare(f"restore{mark}", ours(RESTORE, ["new.key", "new.crt", records]), Cost([PEERS, "restore"]), goals[1], rounds)
    manifest, = pathlib.Path("acme.escrow").glob("0001-*/manifest.json")
    verify = ["ssh-keygen", "-Y", "verify", "-f", "officers.signers", "-I", "olga", "-n", "ca-escrow-manifest-v1",
              "-s", f"{manifest}.olga.sig"]
    compare(f"audit{mark}", ours(AUDIT, [records]), Cost(verify, stdin=manifest), goals[2], rounds)
    compare(f"--version{mark}", ours(VERSION, []), Cost(["age", "--version"]), goals[3], 3 * rounds)


def archive(tool, count, folder):
    """Audits of many escrows: the peer looks at 100 of them, and its time is scaled."""
    subprocess.run([HERE / "make-escrows.sh", str(count)], cwd=folder, check=True)
    sizes = [size for size in (100, 1000, 10000, 100000) if size <= count]
    names = [path.name for path in (folder / "escrows").glob("*.escrow")]
    escrows = sorted(names, key=lambda name: int(name[3:-7]))
    for size in sizes:
        (folder / str(size)).mkdir()
        for name in escrows[:size]:
            (folder / str(size) / name).symlink_to(folder / "escrows" / name)
    (folder / "sample").symlink_to(folder / "100")
    peer = Cost([PEERS, "audits"], folder=folder)
    costs = []
    for size in sizes:
        ours = Cost([tool, "audit", *SIGNERS, "--pkcs12", "escrows", "--quiet", str(size)], expected=1, folder=folder)
        for _ in range(3):
            ours.run()
            peer.run()
        ours.weigh()
        line(f"audit of {size}", ours, peer, "<=0.01", scale=size / 100)
        costs.append((size, min(ours.seconds)))
    (first, start), (last, end) = costs[0], costs[-1]
    if last > first:
        print(f"{'':<34} time ~ number^{math.log(end / start) / math.log(last / first):.3f} from {first} to {last} (<=1.02)")
    # Approved, and nothing more: what the peer looks at.
    few = escrows[:1000]
    for name in few:
        shutil.copytree(folder / "escrows" / name, folder / "approved" / name,
                        ignore=shutil.ignore_patterns("receipts", "challenges", "proofs"))
    ours = Cost([tool, "audit", *SIGNERS, "--pkcs12", "escrows", "--quiet", "approved"], expected=1, folder=folder)
    for _ in range(3):
        ours.run()
    ours.weigh()
    line(f"audit of {len(few)}, only approved", ours, peer, "<=0.01", scale=len(few) / 100)


def in_process(program, rounds):
    """The arithmetic by itself, at 128 of 255."""
    parts = {}
    output = subprocess.run([program, "128", "255", str(rounds)], check=True, capture_output=True, text=True).stdout
    for text in output.splitlines():
        what, seconds = text.split()
        parts.setdefault(what, Cost([])).seconds.append(float(seconds))
    shares = subprocess.run(["ssss-split", "-t", "128", "-n", "255", "-q"], input="5" * 32, check=True,
                            capture_output=True, text=True).stdout
    pathlib.Path("peer.128").write_text("".join(text + "\n" for text in shares.split()[:128]))
    combine = Cost(["sh", "-c", "ssss-combine -t 128 -q <peer.128"])
    combine.run()
    line("combine 128 of 255, in process", parts["combine"], combine, "<=0.001")
    line("255 proofs in a batch, t = 128", parts["batch"], parts["single"], "<=0.05")
    print(f"{'':<34} (split, every X checked: {min(parts['split'].seconds) * 1000:.0f} ms)")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("tool")
    options.add_argument("--portable")
    options.add_argument("--in-process")
    options.add_argument("--rounds", type=int, default=20)
    options.add_argument("--archive", type=int, default=1000)
    options = options.parse_args()
    tool = os.path.abspath(options.tool)
    os.environ["PATH"] = f"{os.path.dirname(tool)}:{os.environ['PATH']}"
    print(f"{'ms, MiB':<34} {'min':>9} {'median':>9} {'peer min':>9} {'median':>9} {'ratio':>8} {'median':>8} {'goal':>8} "
          f"{'MiB':>6} {'peer':>6}")
    here = os.getcwd()
    with tempfile.TemporaryDirectory(prefix="ca-escrow-bench.") as folder:
        os.chdir(folder)
        subprocess.run([HERE / "world.sh"], check=True)
        commands(tool, "", options.rounds, ["<=0.30", "<=0.45", "<=1.0", "<=2.0"])
        if options.portable:
            portable = os.path.join(here, options.portable)
            commands(portable, ", portable", options.rounds, ["", "", "<=0.7", "<=1.0"])
        if options.in_process:
            in_process(os.path.join(here, options.in_process), 3)
        if options.archive:
            (pathlib.Path(folder) / "archive").mkdir()
            archive(tool, options.archive, pathlib.Path(folder) / "archive")
        os.chdir(here)


if __name__ == "__main__":
    main()
