// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import Files
import SecretMemory

/// One export out of a token: find the certification authority's keys, and take them out under a one-time key.
struct TokenExport {
    private let session: TokenSession
    private let certificates: [(entry: TokenCertificate, numbers: PublicNumbers?)]
    private let keys: [TokenKey]

    /// - Throws: ``TokenError``
    init(_ session: TokenSession) throws(TokenError) {
        self.session = session
        certificates = try session.certificates().map { ($0, PublicNumbers(of: $0.certificate)) }
        keys = try session.keys(CK_OBJECT_CLASS(CKO_PRIVATE_KEY))
    }

    /// A key with the certificates that are for it; what lies in the token twice, under two names, counts once.
    private struct Pair {
        /// All objects with this one key: those that may be taken out come first.
        let copies: [TokenKey]
        /// Every object, for its name.
        let certificates: [TokenCertificate]

        var key: TokenKey { copies[0] }

        /// The newest certificate, a certification authority's if there is one.
        var newest: Certificate? {
            let all = certificates.map(\.certificate)
            return (all.filter(\.isCA).newestFirst() + all.newestFirst()).first
        }

        /// What people may call it: in NSS the certificate has the name.
        var name: String { key.label.isEmpty ? certificates.first?.label ?? key.name : key.name }
    }

    /// - Parameters:
    ///   - label: Of the key, or of a certificate for it.
    ///   - identifier: CKA_ID.
    /// - Throws: ``TokenError``
    func material(label: String?, identifier: [UInt8]?) throws(TokenError) -> CAMaterial {
        let pairs = try pairs()
        let family = try family(of: try chosen(pairs, label, identifier), among: pairs)
        // Newest first, as a CA issues.
        let sorted = family.sorted { ($0.newest?.notBefore ?? 0) > ($1.newest?.notBefore ?? 0) }
        var extractable: [Pair] = []
        var leftOut: [LeftOutGeneration] = []
        for pair in sorted {
            guard let newest = pair.newest else {
                throw .noCertificate(key: pair.name)
            }
            guard try mayLeave(pair.key) else {
                guard !extractable.isEmpty else {
                    throw .notExtractable(key: pair.name)
                }
                leftOut.append(LeftOutGeneration(newest, .notExtractable))
                continue
            }
            extractable.append(pair)
        }
        var others = UnescrowedContent()
        let ours = family.flatMap(\.copies).map(\.object)
        others.privateKeys = pairs.filter { !ours.contains($0.key.object) }.map(\.name) + (try keysOfOtherKinds())
        let generations = try session.withWrappingKey { wrapping, secret throws(TokenError) in
            var generations: [KeyGeneration] = []
            for pair in extractable {
                generations.append(try generation(of: pair, under: wrapping, secret))
            }
            return generations
        }
        let own = Set(sorted.flatMap { $0.certificates.map(\.certificate) })
        leftOut += withoutKey(of: sorted, besides: own)
        do throws(CAMaterialError) {
            return try CAMaterial(
                generations: generations,
                chain: chain(above: own, leftOut),
                leftOut: leftOut,
                unescrowed: others
            )
        } catch {
            throw .noSuchKey(present: keys.map(\.name))
        }
    }

    /// What private keys that are neither RSA nor on a curve are called.
    private func keysOfOtherKinds() throws(TokenError) -> [String] {
        let known = keys.map(\.object)
        var names: [String] = []
        for object in try session.find([.number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_PRIVATE_KEY))])
        where !known.contains(object) {
            let label = try session.text(CK_ATTRIBUTE_TYPE(CKA_LABEL), of: object) ?? ""
            let identifier = try session.bytes(CK_ATTRIBUTE_TYPE(CKA_ID), of: object) ?? []
            names.append(label.isEmpty ? "id \(OpenSSL.hex(identifier))" : label)
        }
        return names
    }

    /// NSS hands over keys that say they must not be: what they say counts.
    private func mayLeave(_ key: TokenKey) throws(TokenError) -> Bool {
        try session.bytes(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), of: key.object) != [0]
    }

    private func pairs() throws(TokenError) -> [Pair] {
        var pairs: [Pair] = []
        for key in keys {
            let own = certificates.filter { entry, numbers in
                numbers.map { key.matches($0, identifier: entry.identifier) } ?? false
            }.map(\.entry)
            let spki = own.first?.certificate.spki
            guard
                let index = pairs.firstIndex(where: { spki != nil && $0.certificates.first?.certificate.spki == spki })
            else {
                pairs.append(Pair(copies: [key], certificates: own))
                continue
            }
            let known = pairs[index]
            let (mayLeave, mayKnownLeave) = (try mayLeave(key), try mayLeave(known.key))
            let isBetter = mayLeave && !mayKnownLeave
            // One that shows no public key has only the certificates of its identifier.
            let more = own.filter { !known.certificates.contains($0) }
            pairs[index] = Pair(
                copies: isBetter ? [key] + known.copies : known.copies + [key],
                certificates: known.certificates + more
            )
        }
        return pairs
    }

    private func chosen(_ pairs: [Pair], _ label: String?, _ identifier: [UInt8]?) throws(TokenError) -> [Pair] {
        let named = pairs.filter { pair in
            pair.copies.contains { key in
                (label.map { key.label.isEqual(bytesOf: $0) || pair.certificates.map(\.label).contains(bytesOf: $0) }
                    ?? true)
                    && (identifier == nil || key.identifier == identifier)
            }
        }
        guard !named.isEmpty else {
            throw .noSuchKey(present: pairs.map(\.name).distinctByBytes())
        }
        let certified = named.filter { !$0.certificates.isEmpty }
        guard !certified.isEmpty else {
            throw .noCertificate(key: named[0].name)
        }
        let authorities = certified.filter { $0.newest?.isCA == true }
        guard !authorities.isEmpty else {
            throw .notACA(subject: certified[0].newest?.subject ?? certified[0].name)
        }
        return authorities
    }

    /// The keys chosen, and all others whose certificates have the same subject: the generations.
    private func family(of chosen: [Pair], among pairs: [Pair]) throws(TokenError) -> [Pair] {
        let subjects = Set(chosen.compactMap { $0.newest?.subjectName })
        guard subjects.count == 1 else {
            let names = chosen.compactMap { $0.newest?.subjectName }.toldApart()
            let shown = zip(chosen, names).map { "'\($0.name)' (\($1))" }
            throw .severalAuthorities(shown.distinctByBytes())
        }
        return pairs.filter { pair in
            pair.certificates.contains { $0.certificate.isCA && subjects.contains($0.certificate.subjectName) }
        }
    }

    private func generation(
        of pair: Pair,
        under wrapping: CK_OBJECT_HANDLE,
        _ secret: borrowing SecretBytes
    ) throws(TokenError) -> KeyGeneration {
        let all = pair.certificates.map(\.certificate).distinct
        var refused: TokenError?
        // What the second mechanism does depends on the token: KeyWrapping tries both.
        for mechanism in [CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_KWP), CK_MECHANISM_TYPE(CKM_AES_KEY_WRAP_PAD)] {
            let wrapped: [UInt8]
            do throws(TokenError) {
                wrapped = try session.wrap(pair.key.object, under: wrapping, mechanism)
            } catch .refused(_, let status) {
                refused = .notWrapped(key: pair.name, TokenError.name(of: status))
                continue
            }
            let key = KeyWrapping.unwrap(wrapped, under: secret) { key in key.matches(all[0]) }
            refused = .notUnderstood(key: pair.name)
            guard let key else {
                continue
            }
            do throws(CAMaterialError) {
                return try KeyGeneration(key: key, certificates: all, name: pair.name)
            } catch {
                throw .notUnderstood(key: pair.name)
            }
        }
        throw refused ?? .notUnderstood(key: pair.name)
    }

    /// Certificates of the same authority whose keys are not here, one for each key.
    private func withoutKey(of family: [Pair], besides own: Set<Certificate>) -> [LeftOutGeneration] {
        guard let subject = family.first?.newest?.subjectName else {
            return []
        }
        let rest = certificates.map(\.entry.certificate).filter {
            $0.isCA && $0.subjectName == subject && !own.contains($0)
        }
        var seen: Set<[UInt8]> = []
        return rest.newestFirst().filter { seen.insert($0.spki).inserted }.map { LeftOutGeneration($0, .noKey) }
    }

    /// The issuers' certificates as far as they are here: a token may hold those of strangers as well.
    private func chain(above own: Set<Certificate>, _ leftOut: [LeftOutGeneration]) -> [Certificate] {
        let subjects = Set(own.map(\.subjectName))
        var chain: [Certificate] = []
        var issuers = Set(own.map(\.issuerName))
        while true {
            let next = certificates.map(\.entry.certificate).filter { candidate in
                let subject = candidate.subjectName
                return candidate.isCA && issuers.contains(subject) && !subjects.contains(subject)
                    && !chain.contains(candidate)
            }
            guard !next.isEmpty else {
                return chain
            }
            for certificate in next where !chain.contains(certificate) {
                chain.append(certificate)
            }
            issuers = Set(next.map(\.issuerName))
        }
    }
}

extension TokenSession {
    /// Lends an AES-256 key that is known on both sides, and lives only as long.
    ///
    /// - Throws: ``TokenError``
    func withWrappingKey<Result>(
        _ body: (CK_OBJECT_HANDLE, borrowing SecretBytes) throws(TokenError) -> Result
    ) throws(TokenError) -> Result {
        let secret = SecretAttributes(
            bytes: .random(count: KeyWrapping.keyByteCount),
            fields: [(CK_ATTRIBUTE_TYPE(CKA_VALUE), 0..<KeyWrapping.keyByteCount)]
        )
        let key = try create(
            [
                .number(CK_ATTRIBUTE_TYPE(CKA_CLASS), CK_ULONG(CKO_SECRET_KEY)),
                .number(CK_ATTRIBUTE_TYPE(CKA_KEY_TYPE), CK_ULONG(CKK_AES)),
                .flag(CK_ATTRIBUTE_TYPE(CKA_TOKEN), false),
                .flag(CK_ATTRIBUTE_TYPE(CKA_SENSITIVE), true),
                .flag(CK_ATTRIBUTE_TYPE(CKA_EXTRACTABLE), false),
                .flag(CK_ATTRIBUTE_TYPE(CKA_WRAP), true),
                .flag(CK_ATTRIBUTE_TYPE(CKA_UNWRAP), true),
            ],
            secret
        )
        // A token that will not destroy it is gone, or says so at the next call; it ends with the session at the latest.
        defer { try? destroy(key) }
        return try body(key, secret.bytes)
    }
}
