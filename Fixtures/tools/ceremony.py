#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ceremony.py [OPTION...] COMMAND...: holds a ceremony in a terminal of 80 by 24, as its people would.

Runs COMMAND in tmux, reads the screen, and answers every question. Digests are read from the files themselves, not from
the screen. Prints the questions with their answers, then the command's exit status, which it takes over.

  --escrow DIR           where manifests are read from
  --certificate FILE     the CA's certificate
  --plan FILE            the plan
  --capture FILE         writes every screen that was seen
  --exception STEP       raises an exception at the first question of this step
  --differ SUBJECT       the first time, reads another digest aloud of plan, certificate or manifest
  --kill N               kills the command with SIGKILL at its N-th question, and ends with 137
  --answer REGEX=TEXT    answers this question so
"""
import argparse
import hashlib
import os
import pathlib
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import time


def tmux(socket, *arguments):
    return subprocess.run(["tmux", "-L", socket, *arguments], capture_output=True, text=True, check=False).stdout


def digest(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def subject_digest(options, subject):
    if subject == "plan":
        return digest(options.plan)
    if subject == "certificate":
        der = subprocess.run(
            ["openssl", "x509", "-in", options.certificate, "-outform", "DER"], capture_output=True, check=True
        ).stdout
        return hashlib.sha256(der).hexdigest()
    epochs = sorted(pathlib.Path(options.escrow).glob("[0-9]*-*/manifest.json"))
    return digest(epochs[-1])


def answer(options, state, screen, question):
    for text, reply in state["answers"]:
        if re.search(text, question):
            return reply
    step = re.search(r"^Step \d+ of \d+: (.*)$", screen, re.M)
    if step and options.exception and step.group(1).startswith(options.exception) and not state["raised"]:
        state["raised"] = True
        return "x"
    if "What was expected" in question:
        return "the witness is in the room"
    if "What happened" in question:
        return "the witness came late"
    if "What is decided" in question:
        return "noted by the administrator"
    if "'go on', 'again' or 'abandon'" in question:
        return "go on"
    if "Type what is read" in question:
        found = re.findall(r"SHA-256 of the (plan|certificate|manifest):", screen)
        subject = found[-1] if found else "manifest"
        if options.differ == subject and not state["differed"]:
            state["differed"] = True
            return "0" * 63 + "1"
        return subject_digest(options, subject)
    if "manifest's digest" in question:
        return subject_digest(options, "manifest")
    if "Initials of" in question:
        return "".join(word[0] for word in re.search(r"Initials of (.*?),", question).group(1).split())[:6].upper()
    if "bag number" in question:
        state["bags"] += 1
        return "B-%03d" % state["bags"]
    if "hours and minutes" in question:
        return time.strftime("%H:%M", time.gmtime())
    if "GO or NO-GO" in question:
        return "GO"
    if "'agree' or 'disagree'" in question:
        return "agree"
    if "Anything to add" in question:
        return "none"
    if "Identity file" in question:
        return state["custodians"].pop(0)
    if "Type yes" in question:
        return "yes"
    raise SystemExit("ceremony.py: no answer to: " + question + "\n" + screen)


def main():
    parser = argparse.ArgumentParser()
    for name in ("escrow", "certificate", "plan", "capture", "exception", "differ"):
        parser.add_argument("--" + name)
    parser.add_argument("--kill", type=int)
    parser.add_argument("--answer", action="append", default=[])
    parser.add_argument("--custodian", action="append", default=[])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    state = {
        "raised": False,
        "differed": False,
        "bags": 0,
        "answers": [item.split("=", 1) for item in options.answer],
        "custodians": list(options.custodian),
    }
    with tempfile.TemporaryDirectory() as folder:
        status = pathlib.Path(folder, "status")
        process = pathlib.Path(folder, "pid")
        script = pathlib.Path(folder, "run.sh")
        command = " ".join(shlex.quote(word) for word in options.command)
        script.write_text(
            "cd %s\nexport PATH=%s\nsh -c 'echo $$ > %s; exec %s'\necho $? > %s.new\nmv %s.new %s\nsleep 600\n"
            % (
                shlex.quote(os.getcwd()), shlex.quote(os.environ["PATH"]), process,
                command.replace("'", "'\\''"), status, status, status,
            )
        )
        socket = "ceremony-%d" % os.getpid()
        tmux(socket, "-f", "/dev/null", "new-session", "-d", "-x", "80", "-y", "24", "bash " + str(script))
        try:
            code = hold(options, state, socket, status, process)
        finally:
            tmux(socket, "kill-server")
    print("[exit %d]" % code)
    sys.exit(code)


def hold(options, state, socket, status, process):
    seen, count, last = [], 0, ""
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        time.sleep(0.02)
        if status.exists():
            seen.append(tmux(socket, "capture-pane", "-p", "-J", "-S", "-"))
            write(options, seen)
            return int(status.read_text())
        screen = tmux(socket, "capture-pane", "-p", "-J")
        lines = [line for line in screen.split("\n") if line.strip()]
        # A question ends with a colon and waits there.
        if not lines or not lines[-1].rstrip().endswith(":") or screen == last:
            continue
        time.sleep(0.03)
        if tmux(socket, "capture-pane", "-p", "-J") != screen:
            continue
        count += 1
        question = lines[-1].strip()
        seen.append(tmux(socket, "capture-pane", "-p", "-J", "-S", "-"))
        if options.kill == count:
            os.kill(int(process.read_text()), signal.SIGKILL)
            write(options, seen)
            return 137
        reply = answer(options, state, tmux(socket, "capture-pane", "-p", "-J", "-S", "-60"), question)
        print("%s %s" % (question, reply))
        tmux(socket, "send-keys", "-l", reply)
        tmux(socket, "send-keys", "Enter")
        last = screen
    raise SystemExit("ceremony.py: nothing happens\n" + last)


def write(options, seen):
    if options.capture:
        with open(options.capture, "a", encoding="utf-8") as file:
            file.write("\n".join(seen))


main()
