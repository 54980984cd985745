// SPDX-License-Identifier: Apache-2.0

import Custody
import Escrow
import Glibc
import SecretMemory
import SystemPackage

@testable public import Encoding
@testable import SecretSharing

/// A person with an opened identity and the card that belongs to it.
final class Somebody: @unchecked Sendable {
    let identity: Identity
    let card: Card

    init(_ name: Name, _ details: CardDetails? = nil) throws {
        identity = Identity(generatingFor: name)
        card = Card.make(for: identity, details: try details ?? CardDetails())
    }

    var name: Name { identity.name }
    var officer: Signer { Signer(name: name, key: identity.signingKey) }
    /// What errors call the identity's file.
    var path: String { "\(name).identity" }

    func sign(_ bytes: [UInt8], _ format: DocumentFormat = .manifest) -> (signer: Name, signature: SSHSignature) {
        (name, identity.sign(bytes, namespace: format.namespace))
    }
}

/// People by name, with their cards in a folder.
final class Cast: Sendable {
    private let people: [Name: Somebody]
    private let folder: TemporaryFolder
    let cards: FilePath

    init(_ people: [Somebody]) throws {
        self.people = Dictionary(uniqueKeysWithValues: people.map { ($0.name, $0) })
        folder = try TemporaryFolder()
        cards = folder("cards")
        for person in people {
            try folder.write("cards/\(person.name).card", person.card.bytes)
        }
    }

    subscript(name: Name) -> Somebody {
        guard let somebody = people[name] else {
            preconditionFailure("nobody is called \(name)")
        }
        return somebody
    }

    /// Everyone of these names, newly born: other keys under the same names.
    convenience init(named names: [Name]) throws {
        try self.init(names.map { try Somebody($0) })
    }

    /// Those whom most tests are about.
    static var regular: Cast { get throws { try made.get() } }

    static let custodians: [Name] = ["alice", "bob", "carol", "dave", "erin", "frank", "grace"]
    static let officers: [Name] = ["olga", "omar", "otto"]

    private static let made = Result {
        // Kept to the end of the process, where no deinit runs.
        atexit { Cast.removeRegular() }
        return try Cast(named: custodians + officers)
    }

    private static func removeRegular() {
        if case .success(let cast) = made {
            try? cast.folder.remove(FilePath(cast.folder.path))
        }
    }
}

extension Name: ExpressibleByStringLiteral {
    /// A name in a test, which follows the grammar.
    public init(stringLiteral text: String) {
        do {
            self = try Name(text)
        } catch {
            preconditionFailure("\(error)")
        }
    }
}

extension Path: ExpressibleByStringLiteral {
    /// A path in a test, such as `2.1`.
    public init(stringLiteral text: String) {
        guard let path = Path(text) else {
            preconditionFailure("\(text) is no path")
        }
        self = path
    }
}

extension Timestamp: ExpressibleByStringLiteral {
    /// A moment in a test.
    public init(stringLiteral text: String) {
        guard let time = Timestamp(text) else {
            preconditionFailure("\(text) is no time")
        }
        self = time
    }
}

func secret(_ text: String) -> SecretBytes {
    let bytes = Array(text.utf8)
    return SecretBytes(copying: bytes.span)
}

func secret(_ bytes: [UInt8]) -> SecretBytes { SecretBytes(copying: bytes.span) }

/// The bytes of a secret, to compare them: test data only.
func bytes(_ secret: borrowing SecretBytes) -> [UInt8] { secret.withSpan { span in span.indices.map { span[$0] } } }

extension Somebody {
    /// Why an escrow that this officer signed in another's name is refused, by a file whose first line is that other's.
    func posing(as other: Somebody) -> EscrowError {
        .trust(
            .anotherKeyInSigners(
                path: "acme.escrow",
                signers: "signers",
                line: 1,
                officer: officer,
                found: other.officer.key
            )
        )
    }
}
