#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""ceremony.py [OPTION...] COMMAND...: holds a ceremony in a terminal of 80 by 24, as its people would.

Runs COMMAND in tmux, reads what it shows, and answers every question. Digests are read from the files themselves, not
from the screen. At every question the screen is looked at: no line is wider than it but a question of a command's own, and where
a digest is compared, the step's number and title stand above, and it is there whole. Prints the questions with their
answers, then the command's exit status, which it takes over.

  --escrow DIR           where manifests are read from (default: acme.escrow)
  --certificate FILE     the CA's certificate (default: ca/cacert.pem)
  --plan FILE            the plan (default: plan.json)
  --capture FILE         keeps all that the terminal showed
  --term NAME            the terminal's kind (default: that of tmux)
  --exception STEP       raises an exception at the first question of this step
  --rows                 types digests row by row, and not at once
  --differ SUBJECT       the first time, reads another digest aloud of plan, certificate or manifest
  --decide WORD          what is decided about exceptions (default: go on); with --at about those of its step
  --kill-each WHAT       kills the command with SIGKILL before it is answered, and runs it again: at each 'question', or
                         at each 'kind' of question in a step, whoever it is put to
  --kill-every N         with --kill-each, only at every N-th of those; before commands and identities always
  --elsewhere STEP=MORE  runs the command of this step by itself, with MORE options, kills the ceremony before its own
                         turn and runs it again: as if it had died after the command and before it wrote that down
  --at STEP=COMMAND      before the first question of this step is answered, somebody else does this; then the ceremony is
                         killed, and runs again
  --stop STEP            stops it at the first question of this step
  --answer REGEX=TEXT    answers questions that match so; may be repeated; ^C ^D are keys, !HUP hangs up
  --first REGEX=TEXT     answers the first question that matches so; may be repeated, and the first of these comes first
  --passphrase NAME=FILE somebody's passphrase, which is not printed
  --identity FILE        whose medium comes where a quorum is asked for; in their order
"""
import argparse
import atexit
import glob
import hashlib
import json
import os
import pathlib
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time

TIME_LIMIT = 60  # seconds without a question
KEYS = {"^C": "C-c", "^D": "C-d"}


class Ceremony:
    def __init__(self, options, folder):
        self.options = options
        self.socket = os.path.join(folder, "tmux")
        self.stream, self.pid, self.status = (pathlib.Path(folder, name) for name in ("stream", "pid", "status"))
        self.raised = self.differed = self.shortened = False
        self.bags, self.seen, self.identities = 0, set(), list(options.identity)
        self.read, self.step = 0, ""
        self.changed = options.at.split("=")[0] if options.at else None
        self.stream.touch()
        script = pathlib.Path(folder, "run.sh")
        term = "export TERM=%s\n" % shlex.quote(options.term) if options.term else ""
        # The loop starts it again after it was killed; sh writes its number, which the command takes over.
        script.write_text(
            # Ctrl-C is for the command alone.
            "%strap : INT\nwhile :; do\n  sh -c 'echo $$ >%s; exec \"$@\"' sh %s\n  code=$?\n"
            "  test $code = 137 || break\ndone\necho $code >%s.new\nmv %s.new %s\nsleep 600\n"
            % (term, self.pid, " ".join(map(shlex.quote, options.command)), self.status, self.status, self.status)
        )
        start = "tmux -S %s -f /dev/null" % self.socket
        gate = pathlib.Path(folder, "gate")
        os.mkfifo(gate)
        # Nothing runs before all that it shows is kept.
        command = "read -r _ <%s; exec bash %s" % (gate, script)
        subprocess.run(
            [*start.split(), "new-session", "-d", "-x", "80", "-y", "24", "bash", "-c", command], check=True)
        self.tmux("pipe-pane", "cat >>%s" % self.stream)
        gate.write_text("\n")

    def tmux(self, *arguments):
        return subprocess.run(
            ["tmux", "-S", self.socket, *arguments], capture_output=True, text=True, check=False).stdout

    # MARK: Seeing

    def shown(self):
        """All that the terminal was given, without the sequences that move the cursor."""
        text = self.stream.read_bytes().decode("utf-8", "replace")
        return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>()][A-Z0-9]?|\x1b[78]|\x07", "", text).replace("\r", "")

    def question(self):
        """Waits for a question, or for the end, which is none: text after the last newline that ends with ': '."""
        deadline = time.monotonic() + TIME_LIMIT
        while time.monotonic() < deadline:
            if self.status.exists():
                return None
            if self.stream.stat().st_size > self.read:
                text = self.shown()
                if text.endswith(": ") and not text.endswith("\n: "):
                    size = self.stream.stat().st_size
                    time.sleep(0.02)
                    # A prompt is the last thing: a line that only looks so goes on.
                    if self.stream.stat().st_size == size:
                        self.read = size
                        return text
            time.sleep(0.005)
        raise SystemExit("ceremony.py: nothing happens\n" + self.shown()[-3000:])

    def look(self, question):
        """What people see at a question."""
        screen = self.tmux("capture-pane", "-p", "-J")
        # What was typed at a question goes on in the next row, and so does what a shell says of a kill.
        lines = [line.rstrip() for line in screen.rstrip().split("\n")[:-1]]
        wide = [line for line in lines if len(line) > 80 and not re.search(r"\]: |: [0-9a-f]{64}$|:$|Killed  |^O+", line)]
        if wide:
            raise SystemExit("ceremony.py: wider than the screen: " + "\n".join(wide))
        if "Row 1 of 8" not in question:
            return
        for pattern, count in ((r"^Step \d+ of \d+: ", 1), (r"^    [0-9a-f ]{19}$", 4), (r"^  \d( +[a-z]+){4}$", 8)):
            found = len(re.findall(pattern, screen, re.M | re.I))
            if found < count and not self.retyped(screen):
                raise SystemExit("ceremony.py: %d, not %d lines of %s on the screen:\n%s" % (found, count, pattern, screen))

    @staticmethod
    def retyped(screen):
        return "Row 1 of 8" in screen.rsplit("Row 1 of 8", 1)[0]

    # MARK: Doing

    def kill(self):
        os.kill(int(self.pid.read_text()), signal.SIGKILL)

    def is_next(self, key, question):
        """Whether this is where it is killed: the first time that a question comes, if that is not one left out."""
        if "yes or no" in question or "what is right" in question:
            return False  # nothing is written down yet of what it asks about, and that would be answered otherwise
        if key in self.seen:
            return False
        self.seen.add(key)
        acting = "This is done now" in question or "short name (Enter" in question.replace("\n", " ")
        return acting or len(self.seen) % self.options.kill_every == 0

    def hold(self):
        while True:
            text = self.question()
            if text is None:
                return int(self.status.read_text())
            lines = [line.strip() for line in text.split("\n")]
            steps = re.findall(r"^Step \d+ of \d+: (.*)$", text, re.M)
            self.step = steps[-1] if steps else ""
            # A prompt that is wider than the screen is in several lines; what stands before says which one it is.
            question = "\n".join(lines[-2:])
            self.look(question)
            key = (self.step, question)
            if self.options.kill_each == "kind":
                key = (self.step, re.sub(r"[A-Z][a-z]+ [A-Z][a-z]+|USB-\d|\d of \d", "*", lines[-1]))
                key += (lines[-2],) if "short name (Enter" in question.replace("\n", " ") else ()
            if self.options.elsewhere and self.step == self.options.elsewhere.split("=")[0] and "This is done now" in question:
                self.run_elsewhere(text)
                self.options.elsewhere = None
                print("[done elsewhere, killed] " + lines[-1])
                self.kill()
                continue
            if self.options.at and self.step == self.options.at.split("=")[0]:
                command, self.options.at = self.options.at.split("=", 1)[1], None
                subprocess.run(command, shell=True, check=True, capture_output=True, start_new_session=True)
                print("[killed] " + lines[-1])
                self.kill()
                continue
            if self.options.kill_each and self.is_next(key, question):
                # What was not written down is raised again.
                self.raised = self.raised and "[stop]" not in question
                print("[killed] " + lines[-1])
                self.kill()
                continue
            secret = "passphrase" in lines[-1]
            reply = self.passphrase(lines[-1]) if secret else self.answer(text, question)
            print("%s %s" % (lines[-1], "***" if secret else reply))
            if not self.type(reply):
                return 129

    def type(self, reply):
        if reply == "!HUP":
            # The terminal is gone, as when a line breaks: whoever runs there is told so by its kernel.
            pid = int(self.pid.read_text())
            self.tmux("kill-server")
            while os.path.exists("/proc/%d" % pid):
                time.sleep(0.01)
            return False
        if reply in KEYS:
            self.tmux("send-keys", KEYS[reply])
        elif reply:
            self.tmux("send-keys", "-l", reply, ";", "send-keys", "Enter")
        else:
            self.tmux("send-keys", "Enter")
        return True

    def digest(self, subject):
        if subject == "certificate":
            der = subprocess.run(
                ["openssl", "x509", "-in", self.options.certificate, "-outform", "DER"], capture_output=True, check=True)
            return hashlib.sha256(der.stdout).hexdigest()
        path = self.options.plan if subject == "plan" else sorted(
            pathlib.Path(self.options.escrow).glob("[0-9]*-*/manifest.json"))[-1]
        return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()

    def answer(self, text, question):
        for asked in (question.split("\n")[-1], question.replace("\n", " ")):
            reply = self.reply(text, asked)
            if reply is not None:
                return reply
        raise SystemExit("ceremony.py: no answer to: " + question + "\n" + text[-2000:])

    def run_elsewhere(self, text):
        shown = text[text.rindex("\nca-escrow ", 0, text.rindex("This is done now")):].split("\n")[1:-1]
        command = "\n".join(shown) + " " + self.options.elsewhere.split("=", 1)[1]
        subprocess.run(command, shell=True, check=True, capture_output=True, start_new_session=True)

    def written(self, label):
        """Writes a medium: here it is a folder on another file system, which holds all that there is."""
        here = pathlib.Path(self.options.escrow).stat().st_dev
        places = [path for path in map(pathlib.Path, ("/dev/shm", "/run/lock", "/tmp")) if path.is_dir()]
        away = [path for path in places if path.stat().st_dev != here and os.access(path, os.W_OK)]
        folder = away[0] / f"ceremony-media-{os.getpid()}" / label
        atexit.register(shutil.rmtree, folder.parent, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        epochs = sorted(pathlib.Path(self.options.escrow).glob("[0-9]*-*/manifest.json"))
        for path in [*pathlib.Path().glob("*.p12"), *epochs[-1:]]:
            (folder / path.name).write_bytes(path.read_bytes())
        return str(folder)

    @staticmethod
    def sign_outside(text):
        """Does what the ceremony says, with the key of whoever's file it names: omar.key."""
        command = re.findall(r"ssh-keygen -Y sign .*?\.sig", text, re.S)[-1].replace("\\\n", "")
        path = command.split()[-1]
        key = path.removesuffix(".sig").split(".")[-1] + ".key"
        subprocess.run(command.replace("KEY", key), shell=True, check=True, capture_output=True)
        return path

    def passphrase(self, question):
        """Whose it is stands before; that of the restored key is called 'to'."""
        person = re.match(r"(\S+)'s passphrase", question)
        return pathlib.Path(dict(self.options.passphrase)[person.group(1) if person else "to"]).read_text().strip()

    def reply(self, text, question):
        """The answer to a question, or nothing when it is another's: a wrapped one has its words in two lines."""
        for index, (pattern, reply) in enumerate(self.options.first):
            if re.search(pattern, question):
                del self.options.first[index]
                return reply
        for pattern, reply in self.options.answer:
            if re.search(pattern, question):
                return reply
        if self.options.stop and self.step == self.options.stop:
            return "stop"
        if self.options.exception and self.step.startswith(self.options.exception) and not self.raised \
                and "x: exception" in question:
            self.raised = True
            return "x"
        if re.search(r"Row \d of 8", question):
            if not self.shortened:
                # A part of a digest is not taken, whatever it would match.
                self.shortened = True
                return "1" * 30
            subject = re.findall(r"SHA-256 of the (plan|certificate|manifest):", text)[-1]
            if self.options.differ == subject and not self.differed:
                self.differed = "'differs'" in question
                return "differs" if self.differed else "0" * 63 + "1"
            row, digest = int(re.findall(r"Row (\d) of 8", question)[-1]), self.digest(subject)
            return digest[row * 8 - 8:row * 8] if self.options.rows else digest
        if re.search("(Pack|Bag) number", question):
            self.bags += 1
            return "B-%03d" % self.bags
        if "Serial number of" in question:
            labels = re.findall(r"Serial number of (.*?)(?:, in this order| \()", question)[-1].split(", ")
            media = json.loads(pathlib.Path(self.options.plan).read_bytes())["media"]
            known = {medium["label"]: medium.get("serial") for medium in media}
            return ", ".join(known[label] or "S-" + label for label in labels)
        if "type its directory" in question:
            return self.written(re.findall(r"Take (\S+) out, put", question)[-1])
        if "removed here" in question:
            for path in pathlib.Path().glob("*.p12"):
                path.unlink()
            return ""
        if "Initials of" in question:
            names = re.findall(r"(?:Initials of|and of) (.*?),", question)
            return " ".join("".join(word[0] for word in name.split())[:4].upper() for name in names)
        if "signature's file" in question:
            return self.sign_outside(text)
        if "Remove what an interrupted run left" in question:
            for path in re.findall(r"its document is missing:\s*(\S+)", text.replace("\n    ", "")):
                pathlib.Path(path).unlink(missing_ok=True)
            return ""
        if "short name (Enter" in question:
            accepted = re.findall(r"accepted: (\S+);", text[text.rindex("This is done now"):])
            return pathlib.Path(self.identities[len(accepted)]).stem
        decision = self.options.decide if self.changed in (None, self.step) else "go on"
        for pattern, reply in (
            ("is not here: yes or no", "yes"),
            ("for good: yes or no", "yes"),
            ("All of them: yes or no", "no"),
            ("What was expected", "the witness is in the room"),
            ("What happened", "the witness came late"),
            ("What is decided", "noted by the administrator"),
            ("'go on'", decision),
            ("'again' or", decision if decision != "go on" else "abandon"),
            ("manifest's digest", self.digest("manifest") if "manifest's digest" in question else ""),
            ("hours and minutes", time.strftime("%H:%M", time.gmtime())),
            ("GO or NO-GO", "GO"),
            ("image that was started", "-"),
            ("How many were printed", "0"),
            ("put your medium in|More: Enter", ""),
            ("Type yes", "yes"),
            ("Enter \\[|Enter tries|Enter when", ""),
        ):
            if re.search(pattern, question):
                return reply
        return None


def main():
    parser = argparse.ArgumentParser()
    for name, default in (
        ("escrow", "acme.escrow"), ("certificate", "ca/cacert.pem"), ("plan", "plan.json"), ("capture", None),
        ("term", None), ("exception", None), ("differ", None), ("decide", "go on"), ("elsewhere", None),
        ("at", None), ("stop", None),
    ):
        parser.add_argument("--" + name, default=default)
    parser.add_argument("--kill-each", choices=["question", "kind"])
    parser.add_argument("--kill-every", type=int, default=1)
    parser.add_argument("--rows", action="store_true")
    parser.add_argument("--answer", action="append", default=[], type=lambda text: text.split("=", 1))
    parser.add_argument("--first", action="append", default=[], type=lambda text: text.split("=", 1))
    parser.add_argument("--passphrase", action="append", default=[], type=lambda text: text.split("=", 1))
    parser.add_argument("--identity", action="append", default=[])
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    # Whoever runs the tests may have left signals blocked; tmux ends itself with one.
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
    with tempfile.TemporaryDirectory() as folder:
        ceremony = Ceremony(options, folder)
        try:
            code = ceremony.hold()
        finally:
            ceremony.tmux("kill-server")
            # A line that is wider than the terminal is wrapped.
            shown = re.sub(r"\n {3,}", " ", ceremony.shown())
            if options.capture:
                pathlib.Path(options.capture).write_bytes(ceremony.stream.read_bytes())
    # What it said at its end, after the last answer.
    for line in shown.split("\n")[-6:]:
        if line.startswith(("ca-escrow: error", "ca-escrow: hint", "bundle")):
            print(line)
    print("[exit %d]" % code)
    sys.exit(code)


main()
