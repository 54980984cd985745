// SPDX-License-Identifier: Apache-2.0

import Custody
package import Encoding
import Files
package import SecretSharing

/// What the QR codes on a share's envelope say: docs/format.md, section 5.10.
///
/// Everything in it is public: the sealed share lies in the manifest as well. A value is well formed; ``EnvelopeCheck``
/// holds it against an escrow.
package struct EnvelopeCode: Hashable, Sendable {
    package let kind: Kind
    package let set: SetIdentifier
    /// 1, 2, ….
    package let epoch: Int
    package let path: Path
    package let custodian: Name
    /// The digest of the manifest that the envelope was printed from.
    package let manifest: SHA256Digest
    /// The 192 bytes of the sealed share; nothing on a label.
    package let box: [UInt8]?
    /// Whether the checksum holds; else a field is not as it was printed, or the checksum itself.
    package let isWhole: Bool

    /// The two kinds of code.
    package enum Kind: String, CaseIterable, Sendable {
        /// With the sealed share, on the sheet in the bag.
        case share
        /// Without it, for the outside of the bag.
        case label
    }

    /// The code for a custodian of an epoch.
    ///
    /// - Returns: `nil` for somebody who is no custodian of it.
    package init?(_ kind: Kind, for custodian: Name, of epoch: EpochDocument) {
        guard let share = epoch.manifest.share(of: custodian) else {
            return nil
        }
        self.kind = kind
        set = epoch.manifest.set
        self.epoch = epoch.manifest.epoch
        path = share.path
        self.custodian = custodian
        manifest = epoch.digest
        box = kind == .share ? share.box : nil
        isWhole = true
    }

    /// What the QR code holds: upper-case ASCII.
    package var payload: String {
        let fields = [
            Self.product, Self.version, kind.rawValue, set.description, "\(epoch)", path.description,
            custodian.description, manifest.description,
        ]
        let body = (fields + (box.map { [Base32.encode($0)] } ?? [])).map(Self.upperCase).joined(separator: "/")
        return "\(body)/\(Self.checksum(of: body))"
    }

    /// Reads what a scanner read; in lower case as well, which is how scanners type while Caps Lock is on.
    ///
    /// - Throws: ``EnvelopeCodeError``
    package init(_ scanned: String) throws(EnvelopeCodeError) {
        let text = Self.upperCase(scanned)
        guard text.hasPrefix(bytesOf: "\(Self.product)/") else {
            throw text.hasPrefix(bytesOf: "CA") && text.contains(bytesOf: "ESCRO") ? .keyboard : .notOurs
        }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw .characters
        }
        let fields = text.parts(between: "/")
        guard fields[1] == Self.version else {
            throw .version(fields[1])
        }
        let kind = Kind.allCases.first { fields.count > 2 && Self.upperCase($0.rawValue) == fields[2] }
        guard let kind else {
            throw .kind(fields.count > 2 ? fields[2] : "")
        }
        let needed = kind == .share ? 10 : 9
        guard fields.count == needed else {
            throw .fieldCount(found: fields.count, needed: needed)
        }
        self.kind = kind
        set = try Self.read(.set, fields[3]) { Self.hex($0, byteCount: 16).map(SetIdentifier.init) }
        epoch = try Self.read(.epoch, fields[4]) { text in
            Int(text).flatMap { $0 > 0 && "\($0)" == text ? $0 : nil }
        }
        path = try Self.read(.path, fields[5]) { $0.isEmpty ? nil : Path($0) }
        custodian = try Self.read(.custodian, fields[6]) { try? Name($0.lowercasedASCII) }
        manifest = try Self.read(.manifest, fields[7]) { Self.hex($0, byteCount: 32).flatMap(SHA256Digest.init) }
        box =
            kind == .label
            ? nil
            : try Self.read(.box, fields[8]) { text in
                Base32.decode(text).flatMap { $0.count == Self.boxByteCount ? $0 : nil }
            }
        isWhole = fields[needed - 1] == Self.checksum(of: fields.dropLast().joined(separator: "/"))
    }

    /// The fields that an escrow can be asked about.
    package enum Field: String, CaseIterable, Sendable {
        case set, epoch, path, custodian, manifest, box

        /// What it has to be.
        var expected: String {
            switch self {
            case .set: "32 hexadecimal digits"
            case .epoch: "a number from 1 on"
            case .path: "numbers with full stops between, such as 2.1"
            case .custodian: "a custodian's name"
            case .manifest: "64 hexadecimal digits"
            case .box: "308 characters of base32"
            }
        }
    }

    /// The fields in which another code says something else, the manifest among them.
    func differences(from other: EnvelopeCode) -> [Field] {
        Field.allCases.filter { field in
            switch field {
            case .set: set != other.set
            case .epoch: epoch != other.epoch
            case .path: path != other.path
            case .custodian: custodian != other.custodian
            case .manifest: manifest != other.manifest
            case .box: box != other.box
            }
        }
    }

    private static func read<Value>(
        _ field: Field,
        _ text: String,
        _ value: (String) -> Value?
    ) throws(EnvelopeCodeError) -> Value {
        guard let value = value(text) else {
            throw .field(field, found: text)
        }
        return value
    }

    private static func hex(_ text: String, byteCount: Int) -> [UInt8]? {
        Hex.decode(text.lowercasedASCII).flatMap { $0.count == byteCount ? $0 : nil }
    }

    /// The first 8 hexadecimal digits of the SHA-256 of all that stands before.
    private static func checksum(of body: String) -> String {
        upperCase(SHA256Digest(of: Array(body.utf8)).short)
    }

    /// The text with a to z in upper case and all else as it is: a letter that merely resembles one stays another.
    private static func upperCase(_ text: String) -> String {
        let letters = UInt8(ascii: "a")...UInt8(ascii: "z")
        return String(decoding: text.utf8.map { letters.contains($0) ? $0 & ~0x20 : $0 }, as: UTF8.self)
    }

    private static let product = "CA-ESCROW"
    private static let version = "V1"
    private static let boxByteCount = 192
}

/// Why a text is no code of an envelope.
package enum EnvelopeCodeError: Error, Equatable, CustomStringConvertible {
    /// It does not start as our codes do: whatever a bag, a parcel service or somebody else has printed.
    case notOurs
    /// Our first letters among other signs: a scanner that takes itself for a keyboard of another country.
    case keyboard
    case version(String)
    case kind(String)
    /// A character that none of our codes holds.
    case characters
    case fieldCount(found: Int, needed: Int)
    case field(EnvelopeCode.Field, found: String)

    package var description: String {
        switch self {
        case .notOurs: "no code of an envelope"
        case .keyboard: "a code that was typed in another keyboard layout than the scanner's"
        case .version(let version): "a code of version \(version.quoted): this program reads V1"
        case .kind(let kind): "a code of the kind \(kind.quoted): there are SHARE and LABEL"
        case .characters: "a character that is not printable ASCII"
        case .fieldCount(let found, let needed): "\(found) fields: \(needed) are needed"
        case .field(let field, let found): "\(field.rawValue): \(found.quoted): \(field.expected) needed"
        }
    }
}
