// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
import Custody
package import Encoding
import Files
import Ristretto255
import SecretMemory
import SecretSharing
import SystemPackage

/// What a ceremony checks before it trusts a machine: known answers, versions, and protection of memory.
package struct SelfCheck: Sendable {
    package struct Result: Sendable {
        package let name: String
        package let isPassed: Bool
        /// What helps where it is not so.
        package var remedy =
            "install this program, libsodium and OpenSSL again, from copies whose digests are known"
    }

    package let results: [Result]

    /// Names and versions of the libraries that were loaded.
    package static var libraries: [(name: String, version: String)] {
        [("libsodium", Libraries.sodiumVersion), ("OpenSSL", OpenSSL.version)]
    }

    /// The program's version, the commit that it was built from, and the libraries that were loaded.
    package static var versions: [String] {
        [
            "ca-escrow \(Version.text)",
            "commit: \(Version.commit ?? "not recorded: built from a checkout")",
        ] + libraries.map { "\($0.name): \($0.version)" }
    }

    /// Runs every check.
    package static func run() -> SelfCheck {
        SelfCheck(
            results: [
                Result(name: "RFC 9496, Appendix A.1: multiples of the generator", isPassed: multiples()),
                Result(name: "RFC 9591, Appendix E.3: shares rebuild the secret", isPassed: sharing()),
                Result(name: "ca-escrow v1: the password made from a secret", isPassed: password()),
                Result(name: "a share that was altered is refused", isPassed: alteredShare()),
                Result(
                    name: "CVE-2025-69277: a point of mixed order is no signing key",
                    isPassed: refusesMixedOrder { SigningKey.isPoint($0) }
                ),
                Result(name: "two draws of the random generator differ", isPassed: randomness()),
                Result(
                    name: "memory can be locked",
                    isPassed: ProcessHardening.canLockMemory,
                    remedy: "ulimit -l 16384, LimitMEMLOCK=16M, docker --ulimit memlock=16777216"
                ),
                Result(
                    name: "core dumps are off",
                    isPassed: ProcessHardening.areCoresOff,
                    remedy: "ulimit -c 0; echo core > /proc/sys/kernel/core_pattern"
                ),
                Result(
                    name: "other processes cannot read this one's memory",
                    isPassed: ProcessHardening.areDumpsOff,
                    remedy: "run it by itself: under no debugger, and in no container that forbids prctl"
                ),
            ]
        )
    }

    /// The digest of the program that runs, or nothing when it cannot be read.
    package static func programDigest() -> SHA256Digest? {
        guard let bytes = try? Files.read("/proc/self/exe", limit: ByteLimit.program, followingLinks: true) else {
            return nil
        }
        return SHA256Digest(of: bytes)
    }

    private static func multiples() -> Bool {
        let five = "e882b131016b52c1d3337080187cf768423efccbb517bb495ab812c4160ff44e"
        return Hex.encode(Element(generatorTimes: PublicScalar(5)).bytes) == five
    }

    private static let secret = "1b25a55e463cfd15cf14a5d3acc3d15053f08da49c8afcf3ab265f2ebc4f970b"
    private static let shares = [
        "5c3430d391552f6e60ecdc093ff9f6f4488756aa6cebdbad75a768010b8f830e",
        "f17e505f0e2581c6acfe54d3846a622834b5e7b50cad9a2109a97ba7a80d5c04",
    ]
    private static let commitments = [
        "e2a62f39eede11269e3bd5a7d97554f5ca384f9f6d3dd9c3c0d05083c7254f57",
        "4262ec299d418d5dcc99136fb3d0dd60e0052230819c61e406378bb2ab16520e",
    ]

    private static func sharing() -> Bool {
        do {
            let rebuilt = try reconstruct(shares)
            let expected = try scalar(secret)
            return rebuilt.bytes.isEqual(to: expected.bytes)
        } catch {
            return false
        }
    }

    private static func alteredShare() -> Bool {
        do {
            _ = try reconstruct([shares[1], shares[1]])
            return false
        } catch {
            return error as? SecretSharingError == .shareDoesNotMatchCommitments(Path.root.member(1))
        }
    }

    /// Shares 1 and 3 of the RFC's sharing.
    private static func reconstruct(_ shares: [String]) throws -> Scalar {
        let elements = try commitments.map { try Element(canonical: Hex.decode($0) ?? []) }
        let indices = [try ShareIndex(1), try ShareIndex(3)]
        var reconstruction = try Reconstruction(of: .root, commitments: Commitments(elements), from: Set(indices))
        for (index, share) in zip(indices, shares) {
            try reconstruction.add(try scalar(share), at: index)
        }
        return try reconstruction.finish()
    }

    private static func scalar(_ hex: String) throws -> Scalar {
        let bytes = Hex.decode(hex) ?? []
        return try Scalar(canonical: bytes.span)
    }

    private static func password() -> Bool {
        let expected = Array("lhgcnhog4mthnls7gp46hhvnnh".utf8)
        let bytes = Hex.decode(secret) ?? []
        return ArchivePassword.derive(from: bytes.span).isEqual(to: SecretBytes(copying: expected.span))
    }

    /// The base point of Ed25519 plus the point of order 2, (0, -1): on the curve, and not in the group that it generates.
    ///
    /// libsodium took such points for valid until the end of 2025 (CVE-2025-69277).
    static let pointOfMixedOrder: [UInt8] = [0x95] + [UInt8](repeating: 0x99, count: 31)

    /// Whether a check of points passes the base point, and not ``pointOfMixedOrder``.
    ///
    /// - Parameter isPoint: Gets the 32 bytes of a point's encoding.
    static func refusesMixedOrder(_ isPoint: ([UInt8]) -> Bool) -> Bool {
        isPoint([0x58] + [UInt8](repeating: 0x66, count: 31)) && !isPoint(pointOfMixedOrder)
    }

    private static func randomness() -> Bool {
        !SecretBytes.random(count: 32).isEqual(to: SecretBytes.random(count: 32))
    }
}
