// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Files
import KeyStores
import SecretMemory
import SystemPackage
import Testing

@testable import Custody
@testable import Encoding
@testable import Escrow

/// An attendance that answers as it was told beforehand, and keeps what it was asked and told.
final class Script: Attendance {
    /// Whatever is asked.
    enum Question: Equatable {
        case identity(count: Int, [Name])
        case passphrase(WantedPassphrase)
        case text(WantedText)
        case decision(Decision)
    }

    private var identities: [FilePath]
    private let passphrase: String?
    private let texts: (WantedText) -> String?
    private let isAgreed: Bool
    let isAnybodyThere: Bool
    private(set) var asked: [Question] = []
    private(set) var told: [Notice.Fact] = []
    /// What other programs see of it.
    private(set) var events: [Notice.Event] = []
    private var isInformed = false

    /// - Parameters:
    ///   - identities: Files that come one after the other.
    ///   - passphrase: Whenever one is asked for.
    ///   - texts: What somebody types.
    init(
        bringing identities: [FilePath] = [],
        passphrase: String? = nil,
        agreeing isAgreed: Bool = true,
        isAnybodyThere: Bool = true,
        typing texts: @escaping (WantedText) -> String? = { _ in nil }
    ) {
        (self.identities, self.passphrase, self.texts) = (identities, passphrase, texts)
        (self.isAgreed, self.isAnybodyThere) = (isAgreed, isAnybodyThere)
    }

    /// Somebody who types the digest of a manifest, or of a request, whichever is asked for.
    convenience init(knowing manifest: SHA256Digest, request: SHA256Digest? = nil, agreeing isAgreed: Bool = true) {
        self.init(agreeing: isAgreed) { wanted in
            switch wanted {
            case .manifestDigest: "\(manifest)"
            case .requestDigest: request.map { ComparisonCode(of: $0).words.joined(separator: " ") }
            default: nil
            }
        }
    }

    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath? {
        asked.append(.identity(count: count, candidates))
        try checkPresence()
        return identities.isEmpty ? nil : identities.removeFirst()
    }

    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes? {
        asked.append(.passphrase(wanted))
        try checkPresence()
        return passphrase.map { secret($0) }
    }

    func text(_ wanted: WantedText) throws(Absence) -> String? {
        asked.append(.text(wanted))
        try checkPresence()
        return texts(wanted)
    }

    func agrees(to decision: Decision) throws(Absence) -> Bool {
        asked.append(.decision(decision))
        switch decision {
        case .acknowledge, .prove, .answerEnrolment: break  // asked by answer, which no other program does
        default:
            if !isInformed {
                Issue.record("nobody who agrees has been shown anything: \(decision)")
            }
        }
        isInformed = false
        try checkPresence()
        return isAgreed
    }

    func tell(_ notice: Notice) {
        told.append(notice.fact)
        if let event = notice.event {
            events.append(event)
            if case .shown = event {
                isInformed = true
            }
        }
        if Self.holdsKey(notice) {
            Issue.record("a key goes up with \(kinds.last ?? "")")
        }
    }

    /// Whether somebody who keeps a value keeps a CA's key with it: by reflection, however deep it lies.
    static func holdsKey(_ value: Any) -> Bool {
        guard !(value is any RestoredSigner), !(value is CAMaterial) else {
            return true
        }
        return !(value is [UInt8]) && Mirror(reflecting: value).children.contains { holdsKey($0.value) }
    }

    private func checkPresence() throws(Absence) {
        guard isAnybodyThere else {
            throw Absence("nobody is here")
        }
    }

    /// What was told, by its kind, without what takes long.
    var kinds: [String] {
        told.map { notice in
            let fact: Any =
                switch notice {
                case .begun, .ended: notice
                case .disclosed(let disclosure): disclosure
                case .custodian(let notice): notice
                case .done(let outcome): outcome
                case .backup(let notice): notice
                }
            return String(String(describing: fact).prefix { $0 != "(" })
        }.filter { !["begun", "ended"].contains($0) }
    }

    /// The lines that other programs may show before somebody agrees.
    var shown: [String] {
        events.flatMap { (event) -> [String] in if case .shown(let lines) = event { lines.map(\.text) } else { [] } }
    }

    /// Why things could not be done, as it was told.
    var failures: [EscrowError] {
        told.compactMap { if case .done(.failed(let failure)) = $0 { failure.fact } else { nil } }
    }
}

extension World {
    /// Somebody's identity as a file: without a passphrase, unless one is given.
    func onDisk(_ name: Name, passphrase: String? = nil) throws -> IdentityOnDisk {
        try onDisk(cast[name], passphrase: passphrase)
    }

    func onDisk(_ somebody: Somebody, passphrase: String? = nil) throws -> IdentityOnDisk {
        let path = folder("people/\(somebody.name).identity")
        if (try? folder.read(path)) == nil {
            let file =
                if let passphrase {
                    try somebody.identity.sealed(passphrase: secret(passphrase), cost: .minimum)
                } else {
                    try somebody.identity.sealed(passphrase: nil, cost: .minimum)
                }
            try folder.write(file.encoded(), to: path)
        }
        return try IdentityOnDisk(at: path.string)
    }

    /// The names in a directory of epoch 1.
    func names(in directory: String) -> [String] {
        (try? Files.names(in: epoch.appending(directory))) ?? []
    }
}
