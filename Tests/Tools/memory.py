#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Keeps what is in a program's memory: at its last moment, when all that it did with secrets is done, or now.

memory.py OUT -- COMMAND...     runs a command, stopped by ptrace while it exits, before its memory is given back
memory.py OUT --of PID          of a process as it is

Two files are written:
    OUT.plain    every page that was written to and is not locked, and at an exit the registers: no secret may be in it
    OUT.locked   every locked page: the guarded regions of libsodium and OpenSSL
Exits with the command's status, or 128 + the signal that ended it. For root, since the program forbids dumps.
"""
import ctypes
import os
import re
import signal
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]
libc.ptrace.restype = ctypes.c_long
TRACEME, CONT, GETREGS, GETFPREGS, SETOPTIONS = 0, 7, 12, 14, 0x4200
EXITKILL, TRACEEXIT, TRACEEXEC, EVENT_EXIT = 1 << 20, 1 << 6, 1 << 4, 6
PAGE = 4096


def ptrace(request, pid, address=0, data=0):
    if libc.ptrace(request, pid, address, data) < 0:
        raise OSError(ctypes.get_errno(), "ptrace")


def mappings(pid):
    """Start, end, and whether it is locked, of every readable mapping."""
    with open(f"/proc/{pid}/smaps", encoding="utf-8") as file:
        for line in file:
            if head := re.match(r"([0-9a-f]+)-([0-9a-f]+) (\S)", line):
                start, end, readable = int(head[1], 16), int(head[2], 16), head[3] == "r"
            elif line.startswith("VmFlags:") and readable and start < 1 << 47:
                yield start, end, "lo" in line.split()


def pages(pid, start, end):
    """The addresses of pages that this process alone has: not those of a file that nobody wrote to."""
    with open(f"/proc/{pid}/pagemap", "rb") as file:
        file.seek(start // PAGE * 8)
        entries = file.read((end - start) // PAGE * 8)
    for number, (entry,) in enumerate(struct.iter_unpack("<Q", entries)):
        if entry >> 62 and not entry >> 61 & 1:
            yield start + number * PAGE


def dump(pid, out, with_registers):
    with open(f"{out}.plain", "wb") as plain, open(f"{out}.locked", "wb") as locked:
        if with_registers:
            registers = ctypes.create_string_buffer(4096)
            for request in (GETREGS, GETFPREGS):
                ptrace(request, pid, 0, ctypes.addressof(registers))
                plain.write(registers.raw)
        with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
            for start, end, is_locked in mappings(pid):
                for address in pages(pid, start, end):
                    memory.seek(address)
                    (locked if is_locked else plain).write(memory.read(PAGE))


def run(out, command):
    pid = os.fork()
    if pid == 0:
        ptrace(TRACEME, 0)
        os.kill(os.getpid(), signal.SIGSTOP)
        os.execvp(command[0], command)
    os.waitpid(pid, 0)
    ptrace(SETOPTIONS, pid, 0, EXITKILL | TRACEEXIT | TRACEEXEC)
    deliver = 0
    while True:
        ptrace(CONT, pid, 0, deliver)
        _, status = os.waitpid(pid, 0)
        if not os.WIFSTOPPED(status):
            return 128 + os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        event, stop = status >> 16, os.WSTOPSIG(status)
        if event == EVENT_EXIT:
            dump(pid, out, True)
        deliver = stop if not event and stop != signal.SIGTRAP else 0


if __name__ == "__main__":
    if sys.argv[2:3] == ["--of"]:
        dump(int(sys.argv[3]), sys.argv[1], False)
    elif sys.argv[2:3] == ["--"]:
        sys.exit(run(sys.argv[1], sys.argv[3:]))
    else:
        sys.exit(__doc__)
