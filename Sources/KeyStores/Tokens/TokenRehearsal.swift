// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority

/// A restore with keys that are made for it: what a token would refuse at the end, it refuses before anybody opens a share.
///
/// All that the restore will write is written, with a key of the same kind and length in place of each that is to come,
/// which signs; then everything is taken away again. So a full token, a curve or attribute that it does not take, and a
/// mechanism that it lacks cost no quorum.
struct TokenRehearsal {
    let session: TokenSession
    let plan: TokenPlan
    /// What messages call the token.
    let subject: String
    /// Now, in seconds since 1970.
    let time: Int

    /// - Throws: ``TokenError``
    func run() throws(TokenError) {
        var writer = TokenWriter(session, isNSS: plan.isNSS)
        do throws(TokenError) {
            try write(&writer)
        } catch {
            guard let (left, _) = writer.takeBack() else {
                throw error
            }
            throw .leftBehind(left, after: error)
        }
        if let (left, cause) = writer.takeBack() {
            throw .leftBehind(left, after: cause)
        }
    }

    private func write(_ writer: inout TokenWriter) throws(TokenError) {
        for generation in plan.generations {
            for certificate in generation.missing {
                let place = plan.place(of: certificate, in: generation)
                try writer.write(certificate, at: place, "certificate '\(place.name)', serial \(certificate.serial)")
            }
        }
        for generation in plan.generations {
            if generation.key == nil {
                try writeStandIn(for: generation.certificates[0], &writer)
            } else if !generation.hasPublicKey, !plan.isNSS {
                try writer.writePublicKey(generation.numbers, at: generation.place)
            }
        }
    }

    /// A key under a name and an identifier of its own: it can be in nobody's way, also when it has to stay.
    private func writeStandIn(for certificate: Certificate, _ writer: inout TokenWriter) throws(TokenError) {
        let kind = certificate.keyKind?.description ?? "another kind of key"
        let standIn: KeyGeneration
        do throws(KeyError) {
            standIn = try ThrowawayCA.standIn(for: certificate, at: time)
        } catch {
            throw .keyKind("\(kind): \(error)")
        }
        guard let numbers = PublicNumbers(of: standIn.key) else {
            throw .keyKind(kind)
        }
        let place = TokenWriter.Place(name: Self.name, identifier: numbers.identifier)
        do throws(TokenError) {
            let object = try writer.writePrivateKey(of: standIn, numbers, at: place)
            let signer = TokenSigner(session, object, standIn.certificates, subject: subject)
            try signer.prove(or: .kindNotTaken(kind, reason: "it signs wrongly with one", isNSS: plan.isNSS))
            if !plan.isNSS {
                try writer.writePublicKey(numbers, at: place)
            }
        } catch .refused(let call, let status) {
            throw .kindNotTaken(kind, reason: "\(call): \(TokenError.name(of: status))", isNSS: plan.isNSS)
        }
    }

    /// What a key that has to stay is called.
    static let name = "ca-escrow rehearsal"
}
