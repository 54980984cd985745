# SPDX-License-Identifier: Apache-2.0
"""The commands that are measured, in the world of world.sh: arguments, and the exit status that they end with."""

VERSION = (["--version"], 0)
# The officer's signature is left to `sign`.
BACKUP = (["backup", "new.escrow", "--pkcs12", "new.p12", "--from", "pem:ca.key,ca.crt", "--policy",
           "3 of (alice, bob, carol, dave, erin)", "--officers", "1 of (olga)", "--card", "cards"], 0)
# Nobody has acknowledged or drilled: something is open.
AUDIT = (["audit", "acme.escrow", "--pkcs12", "acme.p12", "--certificate", "ca.crt", "--signers", "officers.signers"], 1)
RESTORE = (["restore", *AUDIT[0][1:], "--to", "pem:new.key,new.crt", "--plain-key",
            *[word for name in ("alice", "bob", "carol") for word in ("-i", f"{name}.identity")]], 0)
