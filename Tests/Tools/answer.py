#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs a command on a terminal of its own and answers its prompts.

answer.py [--echo] [PROMPT ANSWER]... -- COMMAND...

Waits for PROMPT on the terminal, then types ANSWER and Enter. Instead of a text, ANSWER may be
    ^C ^D ^Z       that key, without Enter
    !TERM          that signal to the command, without a key
    =COMMAND       runs COMMAND in a shell with the command's process number in $PID
Prints what the terminal showed, a wiped line with the word <wiped> behind it, and exits with the command's status, or
128 + the signal that ended it.
With --echo, says of every prompt whether the terminal echoed when it was answered, and whether it does at the end.
A prompt that does not come within 30 seconds is an error, and so is one that is never asked for.
"""
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

TIME_LIMIT = 30
KEYS = {"^C": b"\x03", "^D": b"\x04", "^Z": b"\x1a"}


def echoes(terminal):
    return "on" if termios.tcgetattr(terminal)[3] & termios.ECHO else "off"


def answer(terminal, pid, text):
    if text in KEYS:
        os.write(terminal, KEYS[text])
    elif text.startswith("!"):
        os.kill(pid, getattr(signal, "SIG" + text[1:]))
    elif text.startswith("="):
        subprocess.run(["/bin/sh", "-c", text[1:]], env=dict(os.environ, PID=str(pid)), check=False)
    else:
        os.write(terminal, text.encode("utf-8", "surrogateescape") + b"\n")


def main(arguments):
    wants_echo = arguments[:1] == ["--echo"]
    arguments = arguments[wants_echo:]
    split = arguments.index("--")
    pairs = list(zip(arguments[:split:2], arguments[1:split:2]))
    # The far side stays open here as well, so that its settings can be read when the command has ended.
    terminal, far = pty.openpty()
    pid = os.fork()
    if pid == 0:
        os.close(terminal)
        os.login_tty(far)
        # What a shell would give: whoever runs the tests may have left signals blocked.
        signal.pthread_sigmask(signal.SIG_SETMASK, [])
        os.execvp(arguments[split + 1], arguments[split + 1:])
    shown, seen, notes = b"", 0, []
    deadline = time.monotonic() + TIME_LIMIT
    status = None
    while True:
        ready = select.select([terminal], [], [], 0.02)[0]
        if ready:
            shown += os.read(terminal, 4096)
        elif status is not None:
            break
        if pairs and (at := shown.find(pairs[0][0].encode(), seen)) >= 0:
            prompt, text = pairs.pop(0)
            seen = at + len(prompt.encode())
            time.sleep(0.05)  # the prompt comes after the echo is set; what it writes next belongs to it
            notes.append(f"echo {echoes(terminal)} at {prompt!r}")
            answer(terminal, pid, text)
            deadline = time.monotonic() + TIME_LIMIT
        elif status is None and time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            shown += f"\r\nanswer.py: no prompt {pairs[0][0]!r}\r\n".encode() if pairs else b"\r\nanswer.py: no end\r\n"
        if status is None:
            ended, code = os.waitpid(pid, os.WNOHANG)
            status = code if ended else None
    if pairs:
        shown += f"answer.py: never asked: {pairs[0][0]!r}\n".encode()
    if wants_echo:
        notes.append(f"echo {echoes(far)} at the end")
        shown += b"" if shown.endswith(b"\n") else b"\n"
        shown += b"".join(b"answer.py: " + note.encode() + b"\n" for note in notes)
    sys.stdout.buffer.write(shown.replace(b"\r\n", b"\n").replace(b"\r\x1b[K", b" <wiped>\n"))
    if os.WIFSIGNALED(status):
        print("answer.py: core dumped" if os.WCOREDUMP(status) else "", end="")
        sys.exit(128 + os.WTERMSIG(status))
    sys.exit(os.WEXITSTATUS(status))


if __name__ == "__main__":
    main(sys.argv[1:])
