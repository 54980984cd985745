# SPDX-License-Identifier: Apache-2.0
"""Ways in which the system may fail a program while it runs."""
import os
import re
import resource
import signal
import subprocess

TIME_LIMIT = 120  # seconds
HERE = os.path.dirname(os.path.abspath(__file__))
TOOLS = os.path.join(HERE, "..", "Tools")

# The system calls by which a program changes what is on disk, or says something.
WRITING = (
    "write pwrite64 writev pwritev pwritev2 fsync fdatasync syncfs sync_file_range rename renameat renameat2 link "
    "linkat symlink symlinkat unlink unlinkat rmdir mkdir mkdirat open openat creat truncate ftruncate fallocate chmod "
    "fchmod fchmodat chown fchown lchown fchownat utimensat copy_file_range sendfile"
).split()
TRACE = "trace=" + ",".join(WRITING) + ",exit_group"
ERRORS = ["ENOSPC", "EIO", "EDQUOT", "EROFS", "EINTR"]
SIGNALS = ["KILL", "TERM"]


class Run:
    """How a run ended, and what it said."""

    def __init__(self, status, output):
        self.status, self.output = status, output

    @property
    def crashed(self):
        """Whether it ended by a signal that means an error of its own, or with the status that says so."""
        return self.status in (70, None) or -self.status in (
            signal.SIGILL, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV, signal.SIGTRAP)


def run(command, folder, environment, prepare=None, **streams):
    """Runs a command to its end, without a terminal."""
    def start():
        # Whoever runs this in the background ignores Ctrl-C, and so would the program.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if prepare:
            prepare()
    streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, **streams}
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, preexec_fn=start, start_new_session=True, check=False,
            timeout=TIME_LIMIT, **streams)
    except subprocess.TimeoutExpired:
        return Run(None, "does not end")
    return Run(done.returncode, ((done.stdout or b"") + (done.stderr or b"")).decode("utf-8", "replace"))


def traced(command, folder, environment, log, *options):
    """Runs a command under strace."""
    return run(["strace", "-qq", "-o", log, *options, *command], folder, environment)


def writing_calls(command, folder, environment, log):
    """The system calls of an undisturbed run that write, and the run.

    Each call is its name, its number among those of that name, and whether it only says something.
    """
    ended = traced(command, folder, environment, log, "-e", TRACE)
    return calls_in(log), ended


def calls_in(log):
    """The same, out of what strace wrote."""
    calls, counts = [], {}
    with open(log, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            name = re.match(r"\w+(?=\()", line)
            if name is None:
                continue
            name = name.group()
            counts[name] = counts.get(name, 0) + 1
            if not name.startswith("open") or "O_CREAT" in line or "O_TRUNC" in line:
                calls.append((name, counts[name], re.match(r"write\([12],", line) is not None))
    return calls


def at_call(fault, call, command, folder, environment, log):
    """Runs a command and has one system call fail, or a signal arrive before it is done.

    Returns the run and whether the fault came.
    """
    name, number, _ = call
    kind = f"signal={fault}" if fault in SIGNALS else f"error={fault}"
    ended = traced(
        command, folder, environment, log, "-e", f"trace={name}", "-e", f"inject={name}:{kind}:when={number}")
    if fault == "KILL":
        return ended, ended.status == -signal.SIGKILL
    with open(log, encoding="utf-8", errors="replace") as file:
        text = file.read()
    return ended, "(INJECTED)" in text or f"--- SIG{fault} " in text


# MARK: What is not one system call

def closing(*files):
    """Closes standard streams before the program starts."""
    def close():
        for file in files:
            os.close(file)
    return close


def file_size(limit):
    """No file may grow beyond so many bytes: what fits is written, a short write."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))


def closed(files, command, folder, environment):
    """Runs a command with standard streams that are closed; those that are not go where they can be read."""
    output = {"stderr": subprocess.PIPE, "stdout": subprocess.PIPE}
    for file, name in ((1, "stdout"), (2, "stderr")):
        if file in files:
            output[name] = subprocess.DEVNULL
    return run(command, folder, environment, closing(*files), **output)


def to_full_device(command, folder, environment):
    """Runs a command whose standard output is full."""
    with open("/dev/full", "wb", buffering=0) as full:
        return run(command, folder, environment, stdout=full, stderr=subprocess.PIPE)


def to_nobody(command, folder, environment):
    """Runs a command whose standard output nobody reads."""
    near, far = os.pipe()
    os.close(near)
    try:
        return run(command, folder, environment, stdout=far, stderr=subprocess.PIPE)
    finally:
        os.close(far)


STREAMS = {
    "stdin closed": lambda *about: closed([0], *about),
    "stdout closed": lambda *about: closed([1], *about),
    "stderr closed": lambda *about: closed([2], *about),
    "all streams closed": lambda *about: closed([0, 1, 2], *about),
    "stdout full": to_full_device,
    "stdout unread": to_nobody,
}


def locked_memory(kibibytes, command):
    """A command that may lock only so much memory, also when it is root's."""
    return [os.path.join(TOOLS, "unprivileged.sh"), "bash", "-c", f'ulimit -l {kibibytes}; exec "$@"', "sh", *command]


class Disk:
    """A file system of its own in memory, on which room can be made to run out."""

    def __init__(self, place):
        self.place = place

    def __enter__(self):
        os.mkdir(self.place)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=700,size=64m", "ca-escrow-faults", self.place], check=True)
        # A size of nothing would mean that there is no limit.
        with open(os.path.join(self.place, "filler"), "wb") as file:
            file.write(bytes(4096))
        return self

    def __exit__(self, *_):
        subprocess.run(["umount", self.place], check=True)
        os.rmdir(self.place)

    def remount(self, options):
        """Changes its options."""
        subprocess.run(["mount", "-o", "remount," + options, self.place], check=True)

    def leave(self, pages=None, files=None):
        """Leaves room for so many pages or files more."""
        found = os.statvfs(self.place)
        if pages is not None:
            used = (found.f_blocks - found.f_bfree) * found.f_frsize
            self.remount(f"size={used + pages * 4096}")
        else:
            self.remount(f"nr_inodes={found.f_files - found.f_ffree + files}")


def can_mount(place):
    """Whether this process may mount at all."""
    if os.geteuid() != 0:
        return False
    try:
        with Disk(place):
            return True
    except (OSError, subprocess.CalledProcessError):
        if os.path.isdir(place):
            os.rmdir(place)
        return False
