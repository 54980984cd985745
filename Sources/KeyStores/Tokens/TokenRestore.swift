// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority

/// What a restore into a token did.
struct TokenRestored {
    /// Newest first.
    let signers: [TokenSigner]
    /// The objects that were made.
    let written: [String]
    /// Those that were there already.
    let unchanged: [String]
    /// Certificates that the database cannot hold beside what is there.
    let notWritten: [Certificate]
    /// What is different about each key now, for people.
    let remarks: [String]
    /// The newest generation's key: what it is called, when it has a name, and its CKA_ID.
    let newest: (label: String?, identifier: [UInt8])
}

/// One restore into a token: everything that the plan misses, or nothing.
struct TokenRestore {
    private let session: TokenSession
    private let material: CAMaterial
    private let plan: TokenPlan
    /// What messages call the token.
    private let subject: String
    private var writer: TokenWriter
    /// Certificates that the database cannot hold beside what is there.
    private var notWritten: [Certificate] = []
    private var unchanged: [String] = []

    /// - Throws: ``TokenError``
    init(
        _ material: CAMaterial,
        _ session: TokenSession,
        label: String?,
        identifier: [UInt8]?,
        isNSS: Bool,
        subject: String
    ) throws(TokenError) {
        self.session = session
        self.material = material
        self.subject = subject
        writer = TokenWriter(session, isNSS: isNSS)
        plan = try TokenPlan(
            material.generations.map(\.certificates),
            session,
            label: label,
            identifier: identifier,
            isNSS: isNSS
        )
    }

    /// Writes, and lets every key sign; what this run made is taken away again when anything goes wrong.
    ///
    /// - Throws: ``TokenError``
    mutating func run() throws(TokenError) -> TokenRestored {
        do throws(TokenError) {
            return try write()
        } catch {
            guard let (left, _) = writer.takeBack() else {
                throw error
            }
            throw .leftBehind(left, after: error)
        }
    }

    private mutating func write() throws(TokenError) -> TokenRestored {
        for generation in plan.generations {
            try writeCertificates(of: generation)
        }
        for (certificate, name) in plan.missing(of: material.chain) {
            guard plan.hasRoom(for: certificate) else {
                notWritten.append(certificate)
                continue
            }
            let place = TokenWriter.Place(name: name, identifier: PublicNumbers(of: certificate)?.identifier ?? [])
            try writer.write(certificate, at: place, "certificate '\(name)'")
        }
        var signers: [TokenSigner] = []
        var remarks: [String] = []
        for (index, generation) in plan.generations.enumerated() {
            let key = try key(of: generation, material.generations[index])
            let signer = TokenSigner(session, key, generation.certificates, subject: subject)
            try signer.prove(or: .doesNotSign(key: generation.name))
            signers.append(signer)
            remarks.append(try remark(on: key, generation.name))
        }
        return TokenRestored(
            signers: signers,
            written: writer.made.map { "\(subject): \($0.what)" },
            unchanged: unchanged.map { "\(subject): \($0)" },
            notWritten: notWritten,
            remarks: remarks,
            newest: newest
        )
    }

    private var newest: (label: String?, identifier: [UInt8]) {
        let generation = plan.generations[0]
        let isNameless = !plan.isNSS && generation.key?.label.isEmpty == true
        return (isNameless ? nil : generation.name, generation.identifier)
    }

    // MARK: Objects

    private mutating func writeCertificates(of generation: TokenPlan.Generation) throws(TokenError) {
        for certificate in generation.certificates {
            let place = plan.place(of: certificate, in: generation)
            let what = "certificate '\(place.name)', serial \(certificate.serial)"
            if generation.missing.contains(certificate) {
                try writer.write(certificate, at: place, what)
            } else {
                unchanged.append(what)
            }
        }
    }

    private mutating func key(
        of generation: TokenPlan.Generation,
        _ source: KeyGeneration
    ) throws(TokenError) -> CK_OBJECT_HANDLE {
        let key: CK_OBJECT_HANDLE
        if let known = generation.key {
            unchanged.append(TokenWriter.what(privateKeyAt: generation.place))
            key = known.object
        } else {
            key = try writer.writePrivateKey(of: source, generation.numbers, at: generation.place)
        }
        // Also beside a key that is here: a run before this one may have been cut off between the two.
        if !generation.hasPublicKey, !plan.isNSS {
            try writer.writePublicKey(generation.numbers, at: generation.place)
        }
        return key
    }

    // MARK: Afterwards

    /// What the token will say of this key for ever, as it was not made there.
    private func remark(on key: CK_OBJECT_HANDLE, _ name: String) throws(TokenError) -> String {
        let attributes: [(String, CK_ATTRIBUTE_TYPE)] = [
            ("CKA_ALWAYS_SENSITIVE", CK_ATTRIBUTE_TYPE(CKA_ALWAYS_SENSITIVE)),
            ("CKA_NEVER_EXTRACTABLE", CK_ATTRIBUTE_TYPE(CKA_NEVER_EXTRACTABLE)),
            ("CKA_LOCAL", CK_ATTRIBUTE_TYPE(CKA_LOCAL)),
        ]
        var lost: [String] = []
        for (attribute, type) in attributes where try !session.flag(type, of: key) {
            lost.append(attribute)
        }
        let isExtractable = try session.flag(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), of: key)
        let kept = isExtractable ? "extractable, so that it can be escrowed again" : "not extractable"
        return "\(subject): private key '\(name)': \(kept)"
            + (lost.isEmpty ? "" : "; a restored key never regains \(lost.joined(separator: ", "))")
    }
}
