// SPDX-License-Identifier: Apache-2.0

import Audit
import CertificateAuthority
import Encoding
import Escrow
import Files
import KeyStores
import SystemPackage

extension RequestReview {
    /// Shows what is answered.
    func showAnswered() {
        let document = request.document
        Output.error("ca-escrow: request \(identifier.prefix(8)), until \(document.expires.forPeople)")
        Output.error("ca-escrow:   why \(document.purpose)")
        Output.error("ca-escrow:   where \(document.destination)")
    }
}

extension Rejection {
    /// What is wrong, and who may come instead.
    var diagnostic: Diagnostic {
        let known = Diagnostic(fact: error)
        guard isBadShare else {
            return known
        }
        let names = others.map(\.description)
        let hint =
            (isFromAfar ? "ask \(name) for it again, or " : "") + "go on with \(names.enumerated(with: "or"))"
            + (isFromAfar ? "" : "; tell the auditor: ca-escrow audit names the file")
        return Diagnostic(known.message, hint: names.isEmpty ? known.hint : hint, .failed)
    }
}

extension Drill.Done {
    func show() {
        let count = keyCount
        Output.line("drilled: \(certificate.subject): \(count == 1 ? "its key" : "\(count) keys") opened and matched")
        if isSigned {
            let digest = SHA256Digest(of: certificate.der).grouped
            Output.line("signed: by the CA's key, for the certificate with SHA-256 \(digest)")
        }
        Output.line("receipt: \(receipt)")
        Report.note([
            "caSignature": .boolean(isSigned), "certificate": .text(SHA256Digest(of: certificate.der)),
            "keys": .number(count), "receipt": .text(receipt), "subject": .text(certificate.subject),
        ])
    }
}

// A restore that is done, in words.
extension Restore.Done {
    func show() {
        Output.line("restored: \(certificate.subject)")
        places.written.forEach { Output.line("written: \($0)") }
        places.unchanged.forEach { Output.line("already here: \($0)") }
        for certificate in places.notWritten {
            Output.warning("not written: the certificate of \(certificate.subject), serial \(certificate.serial)")
        }
        places.remarks.forEach(Output.line)
        let digest = SHA256Digest(of: certificate.der)
        Output.line("proven: the key read back signs for the certificate with SHA-256 \(digest.grouped)")
        if !store.keepsItsPIN {
            showOwners()
        }
        Output.line("record: \(record)")
        let notWritten = places.notWritten.map { certificate in
            JSONValue.members(["serial": .text(certificate.serial), "subject": .text(certificate.subject)])
        }
        Report.note([
            "certificate": .text(digest), "notWritten": .array(notWritten), "record": .text(record),
            "remarks": .texts(places.remarks), "subject": .text(certificate.subject),
            "unchanged": .texts(places.unchanged), "written": .texts(places.written),
        ])
    }

    /// Says whose the files are, unless it is whoever restores; and which ones, when they are not all the same user's.
    private func showOwners() {
        var owners: [(owner: Owner, paths: [String])] = []
        for path in places.written + stateFiles {
            guard let owner = try? Files.owner(of: FilePath(path)) else {
                continue  // it was there a moment ago: nothing of the restore hangs on it
            }
            if let index = owners.firstIndex(where: { $0.owner == owner }) {
                owners[index].paths.append(path)
            } else {
                owners.append((owner, [path]))
            }
        }
        for (owner, paths) in owners where owner != .running {
            Output.line("owner: \(owner)" + (owners.count == 1 ? "" : ": \(paths.joined(separator: ", "))"))
            Report.note(.members(["owner": .text(owner), "paths": .texts(paths)]), in: "owners")
        }
        if case .given(let wanted) = ownership {
            for path in places.unchanged {
                if let owner = try? Files.owner(of: FilePath(path)), owner != wanted {
                    Output.warning("--owner: \(path) was already here, and stays \(owner)'s")
                }
            }
        }
    }

    /// Says what is to be done with a key that was whole on this machine.
    func announce(escrow: String, option: String, to name: String) {
        if store.location.isForWindows, let path = (places.written + places.unchanged).first {
            Output.next("carry \(path) to the CA, run certutil -restoreKey there, then destroy every copy of it")
        }
        if let database = places.untrusted {
            Output.next(
                "the database does not trust the certificate yet: certutil -M -d "
                    + "\(ShellWord.of("sql:\(database.directory)")) -n \(ShellWord.of(database.nickname ?? "")) -t CT,C,C"
            )
        }
        if places.isForRootAlone {
            Output.next(
                "the token's new files are root's, and no other user finds the key: in their directory, "
                    + "chown -h --reference=token.object *"
            )
        }
        Output.next(
            "the whole key was on this machine: escrow it again: "
                + "ca-escrow backup \(ShellWord.path(escrow))\(option) "
                + "--from \(ShellWord.of(places.location?.description ?? name)) "
                + "--occasion after-restore -i \(manifest.approval.officers[0].name).identity"
        )
    }
}

extension Restore.State {
    /// Says what was put back, and what to do before the CA issues again.
    func show() {
        written.forEach { Output.line("written: \($0)") }
        kept.forEach { Output.line("already here: \($0)") }
        differing.forEach { Output.warning("\($0): differs from the archive's, and stays as it is") }
        skipped.forEach { Output.warning("not taken from the archive: \($0): a place of the key and its certificates") }
        Output.line("the CA's state is that of \(created): \(figures.words)")
        Report.note([
            "state": .members([
                "created": .text(created), "differing": .texts(differing), "skipped": .texts(skipped),
                "unchanged": .texts(kept), "written": .texts(written),
            ])
        ])
        comparison.adviceAfterRestore(since: created.description).forEach(Output.next)
    }
}
