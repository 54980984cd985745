// SPDX-License-Identifier: Apache-2.0

import Files
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// How people make their identities, and change their passphrases.
@Suite("Identities")
struct IdentityActTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func create(isWithoutPassphrase: Bool = false, _ script: Script) throws -> CreateIdentity.Made {
        try CreateIdentity("bob", CardDetails(), in: folder(""), isWithoutPassphrase: isWithoutPassphrase)
            .run(attended: script)
    }

    @Test("an identity and its card are made, both or neither, over nothing else")
    func created() throws {
        let script = Script(passphrase: "a long passphrase")
        let made = try create(script)
        #expect(script.asked == [.passphrase(.newIdentity("bob"))])
        let identity = try IdentityOnDisk(at: made.identity.string)
        #expect(try Card(canonical: folder.read(made.cardPath)) == made.card)
        #expect(identity.file.signingKey == made.card.signingKey)
        #expect(try folder.permissions(made.identity) == 0o600)
        #expect(throws: EscrowError.file(.exists(path: made.identity.string))) { _ = try create(script) }
        try folder.remove(made.identity)
        #expect(throws: EscrowError.file(.exists(path: made.cardPath.string))) { _ = try create(script) }
        #expect(try Files.kind(of: made.identity) == nil)
    }

    @Test("a passphrase is as long as it must be, or there is none at all")
    func passphrases() throws {
        #expect(throws: EscrowError.person(.passphraseIsShort(characterCount: 5))) {
            _ = try create(Script(passphrase: "short"))
        }
        // What is demanded is what is counted: these are 22 bytes.
        #expect(throws: EscrowError.person(.passphraseIsShort(characterCount: 11))) {
            _ = try create(Script(passphrase: String(repeating: "é", count: 11)))
        }
        #expect(throws: EscrowError.person(.noNewPassphrase)) { _ = try create(Script()) }
        #expect(throws: EscrowError.absent(Absence("nobody is here"))) {
            _ = try create(Script(isAnybodyThere: false))
        }
        #expect(try folder.listing().isEmpty)
        let script = Script()
        let made = try create(isWithoutPassphrase: true, script)
        #expect(script.asked.isEmpty)
        #expect(try IdentityOnDisk(at: made.identity.string).file.isWithoutPassphrase)
    }

    @Test("the same keys go under another passphrase, into another file")
    func changed() throws {
        let made = try create(isWithoutPassphrase: true, Script())
        let old = try IdentityOnDisk(at: made.identity.string)
        let place = folder("new.identity")
        let act = ChangePassphrase(of: old, to: place)
        #expect(throws: EscrowError.person(.passphraseIsShort(characterCount: 3))) {
            try act.run(attended: Script(passphrase: "abc"))
        }
        let script = Script(passphrase: "another passphrase")
        try act.run(attended: script)
        #expect(script.asked == [.passphrase(.renewedIdentity("bob"))])
        let new = try IdentityOnDisk(at: place.string)
        #expect(!new.file.isWithoutPassphrase)
        #expect(new.signer == old.signer)
        try new.use(attended: script) { #expect($0.name == "bob") }
        #expect(throws: EscrowError.file(.exists(path: place.string))) { try act.run(attended: script) }
    }
}
