// SPDX-License-Identifier: Apache-2.0

import COpenSSL
import Files

/// A walk through a PKCS#12 file that derives nothing: it finds how the parts are protected and refuses what would cost
/// too much.
struct PKCS12Survey {
    private(set) var mac: String?
    private(set) var macIterations: Int?
    private(set) var protections: [PasswordProtection] = []
    private(set) var findings: Set<PKCS12Facts.Finding> = []
    /// What the key derivations of the whole file may cost.
    private var iterationBudget = PKCS12Limits.totalIterations
    private var iterationCount = 0
    private var partCount = 0

    var facts: PKCS12Facts {
        let iterations = protections.map(\.iterations) + [macIterations].compactMap(\.self)
        return PKCS12Facts(
            encryption: Self.joined(protections.map(\.encryption)),
            kdf: Self.joined(protections.map(\.kdf)),
            mac: mac ?? "none",
            iterations: iterations.min() ?? 0,
            findings: PKCS12Facts.Finding.allCases.filter(findings.contains)
        )
    }

    /// Notes the MAC of a `PKCS12 *`.
    mutating func visit(macOf file: OpaquePointer) throws(PKCS12Error) {
        guard unsafe PKCS12_mac_present(file) == 1 else {
            findings.insert(.noMAC)
            return
        }
        var algorithm: UnsafePointer<X509_ALGOR>?
        var iterations: UnsafePointer<ASN1_INTEGER>?
        unsafe PKCS12_get0_mac(nil, &algorithm, nil, &iterations, file)
        let object = unsafe algorithm?.pointee.algorithm
        // OpenSSL would take the OID for that of a digest, and call the password wrong.
        guard unsafe OBJ_obj2nid(object) != NID_pbmac1 else {
            throw .pbmac1
        }
        guard let word = unsafe AlgorithmWords.mac(object) else {
            throw .unsupportedAlgorithm(unsafe OpenSSL.name(of: object))
        }
        mac = word
        // One iteration is what is meant when nothing is said.
        let count = unsafe iterations == nil ? 1 : try PasswordProtection.iterations(iterations, part: "MAC")
        macIterations = count
        try spend(count)
    }

    /// Visits the safes of a file, `STACK_OF(PKCS7) *`, and the bags that anyone can see.
    mutating func visit(safes: OpaquePointer) throws(PKCS12Error) {
        for index in 0..<(unsafe COpenSSL_sk_PKCS7_num(safes)) {
            try count()
            guard let safe = unsafe COpenSSL_sk_PKCS7_value(safes, index) else {
                throw .contentMissing
            }
            switch unsafe OBJ_obj2nid(safe.pointee.type) {
            case NID_pkcs7_data:
                let bags = try unsafe PKCS12SafeContents.bags(of: safe)
                defer { unsafe COpenSSL_sk_PKCS12_SAFEBAG_free(bags) }
                try unsafe visit(bags: bags)
            case NID_pkcs7_encrypted:
                try add(try unsafe Self.protection(of: safe))
            case NID_pkcs7_enveloped: throw .notPasswordProtected
            default: throw .contentMissing
            }
        }
    }

    /// Visits bags that anyone can see, or that the password has opened.
    ///
    /// They are a `STACK_OF(PKCS12_SAFEBAG) *`; those that came out of an encrypted safe are no finding.
    mutating func visit(bags: OpaquePointer, isEncrypted: Bool = false, depth: Int = 0) throws(PKCS12Error) {
        guard depth <= PKCS12Limits.depth else {
            throw .nestedTooDeeply(limit: PKCS12Limits.depth)
        }
        for index in 0..<(unsafe COpenSSL_sk_PKCS12_SAFEBAG_num(bags)) {
            try count()
            guard let bag = unsafe COpenSSL_sk_PKCS12_SAFEBAG_value(bags, index) else {
                throw .contentMissing
            }
            switch unsafe PKCS12_SAFEBAG_get_nid(bag) {
            case NID_keyBag where !isEncrypted: findings.insert(.clearKey)
            case NID_certBag where !isEncrypted: findings.insert(.clearCertificate)
            case NID_pkcs8ShroudedKeyBag: try add(try unsafe Self.protection(ofKeyIn: bag))
            case NID_safeContentsBag:
                guard let nested = unsafe PKCS12_SAFEBAG_get0_safes(bag) else {
                    throw .contentMissing
                }
                try unsafe visit(bags: nested, isEncrypted: isEncrypted, depth: depth + 1)
            default: break
            }
        }
    }

    /// How an encrypted safe is protected.
    static func protection(of safe: UnsafeMutablePointer<PKCS7>) throws(PKCS12Error) -> PasswordProtection {
        // Any of these may be missing in a file from outside; OpenSSL's own tests have one.
        guard let content = unsafe safe.pointee.d.encrypted?.pointee.enc_data,
            unsafe content.pointee.enc_data != nil,
            let algorithm = unsafe content.pointee.algorithm
        else {
            throw .contentMissing
        }
        return try unsafe PasswordProtection(algorithm, part: "safe")
    }

    /// How the key in a shrouded bag is protected.
    static func protection(ofKeyIn bag: OpaquePointer) throws(PKCS12Error) -> PasswordProtection {
        var algorithm: UnsafePointer<X509_ALGOR>?
        guard let shrouded = unsafe PKCS12_SAFEBAG_get0_pkcs8(bag) else {
            throw .contentMissing
        }
        unsafe X509_SIG_get0(shrouded, &algorithm, nil)
        guard let algorithm = unsafe algorithm else {
            throw .contentMissing
        }
        return try unsafe PasswordProtection(algorithm, part: "key")
    }

    /// Holds what was seen so far against another budget.
    mutating func limit(iterations: Int) throws(PKCS12Error) {
        iterationBudget = iterations
        try spend(0)
    }

    private mutating func add(_ protection: PasswordProtection) throws(PKCS12Error) {
        protections.append(protection)
        try spend(protection.iterations)
    }

    private mutating func spend(_ iterations: Int) throws(PKCS12Error) {
        iterationCount += iterations
        guard iterationCount <= iterationBudget else {
            throw .tooCostly(limit: iterationBudget)
        }
    }

    private mutating func count() throws(PKCS12Error) {
        partCount += 1
        guard partCount <= PKCS12Limits.parts else {
            throw .tooManyParts(limit: PKCS12Limits.parts)
        }
    }

    /// Different names once, in the order of the file.
    private static func joined(_ names: [String]) -> String {
        var distinct: [String] = []
        for name in names where !distinct.contains(bytesOf: name) {
            distinct.append(name)
        }
        return distinct.isEmpty ? "none" : distinct.joined(separator: "+")
    }
}
