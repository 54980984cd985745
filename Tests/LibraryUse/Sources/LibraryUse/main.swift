// SPDX-License-Identifier: Apache-2.0

import Audit
import Encoding
import Escrow
import SystemPackage

// In a directory with a CA, cards, identities and officers.signers: a backup, an audit, a restore and a renewal.
let now = Timestamp.now()
let desk = Desk(identities: ["alice.identity", "bob.identity"], passphrase: "correct horse battery staple")
let escrow: FilePath = "acme.escrow"

let backup = try Backup(
    of: "openssl-ca:ca",
    into: escrow,
    policy: "2 of (alice, bob, carol)",
    officers: "2 of (olga, omar)",
    cards: ["cards"],
    by: "olga.identity",
    at: now
)
guard case .published(let epoch) = try backup.run(with: desk) else { fatalError("it was there") }
print("epoch waits for", epoch.missing)
print("anything to sign:", try Sign([escrow], by: "omar.identity", at: now).run(with: desk))

desk.digest = epoch.digest
for custodian: FilePath in ["alice.identity", "bob.identity", "carol.identity"] {
    try Acknowledge([escrow], by: custodian, at: now).run(with: desk)
}

let anchor = try Anchor(signers: "officers.signers")
let audit = try Audit(of: escrow, anchor: anchor, certificate: "ca/cacert.pem", at: now)
print("audit:", audit.verdict.rawValue, audit.json().count > 1000)

let restore = try Restore(of: escrow, to: "pem:new.key,new.pem", anchor: anchor, certificate: "ca/cacert.pem", at: now)
print("record:", try restore.run(with: desk).lastComponent!)

// The certificate was renewed with the same key meanwhile.
let renewal = try Backup(of: "openssl-ca:renewed", renewing: escrow, by: "olga.identity", anchor: anchor, at: now)
print("renewal:", try renewal.run(with: desk))
