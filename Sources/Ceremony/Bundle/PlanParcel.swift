// SPDX-License-Identifier: Apache-2.0

import Custody
import Encoding
package import Escrow
import Files
package import SystemPackage

/// A plan on its way to officers who are elsewhere: docs/format.md, section 4.21.
extension PlanFiles {
    /// Writes a parcel of the plan, of its signatures, and of what it names, as a ceremony's bundle keeps it.
    ///
    /// - Returns: How many files are in it.
    /// - Throws: ``FileError``, ``BundleError``, ``EscrowError``
    package func pack(to place: FilePath) throws -> Int {
        try Files.requireNothing(at: place)
        let scratch = try TemporaryDirectory(in: UnpackedParcel.temporary)
        let bundle = try Bundle.make(at: scratch.path.appending("bundle"), for: self)
        let cards = try Files.names(in: bundle.cards).map { "\(Bundle.cardsName)/\($0)" }
        let names = try Files.names(in: bundle.path) + cards
        let files = try names.filter(PlanPlace.isKnown).map { name in
            Parcel.File(plan: name, try Files.read(bundle.path.appending(name), limit: ByteLimit.document))
        }
        _ = consume scratch
        let about = "a ceremony's plan: ca-escrow sign FILE, then ca-escrow collect PLAN FILE"
        try Files.create(place, Parcel(about: about, files: files).encoded(), permissions: .publicFile)
        return files.count
    }
}

/// A plan that came in a parcel, laid out for as long as this lives.
package final class SentPlan {
    private let unpacked: UnpackedParcel
    /// The parcel.
    package let path: FilePath

    /// The plan and what it names, as a bundle.
    package var bundle: FilePath { unpacked.path(of: PlanPlace.parcelName) }

    /// - Returns: Nothing for another file than a parcel of a plan.
    /// - Throws: ``EscrowError``
    package init?(ifAt path: FilePath, attended attendance: any Attendance) throws {
        guard let parcel = try Parcel(ifAt: path), parcel.files.contains(where: \.isOfPlan) else {
            return nil
        }
        self.path = path
        unpacked = try UnpackedParcel(parcel, only: PlanPlace.parcelName, in: UnpackedParcel.temporary, shownAs: path)
        attendance.call(bundle, path)
    }
}

/// Whoever has a plan files the signatures that officers sent, once they verify.
package struct CollectPlan {
    private let plan: PlanFiles
    private let files: [FilePath]

    package init(_ files: [FilePath], beside plan: PlanFiles) {
        (self.files, self.plan) = (files, plan)
    }

    /// - Parameter tell: Told of each signature.
    package func run(_ tell: (Collect.Outcome) -> Void) {
        for file in files {
            do throws(CollectError) {
                for (part, bytes) in try Self.signatures(in: file) {
                    let shown = part.map { "\(file): \($0)" } ?? file.string
                    let result = Result { () throws(CollectError) in try collect(bytes, at: shown) }
                    tell(Collect.Outcome(file: file, part: part, result: result))
                }
            } catch {
                tell(Collect.Outcome(file: file, part: nil, result: .failure(error)))
            }
        }
    }

    /// The signatures of a parcel with their places, or the one that a file is.
    private static func signatures(in file: FilePath) throws(CollectError) -> [(part: String?, bytes: [UInt8])] {
        do throws(EscrowError) {
            guard let parcel = try Parcel(ifAt: file) else {
                do throws(FileError) {
                    return [(nil, try Files.read(file, limit: ByteLimit.signature))]
                } catch {
                    throw .file(error)
                }
            }
            let signatures = parcel.files.filter {
                $0.isOfPlan && $0.path.hasPrefix(bytesOf: PlanPlace.planName) && $0.path.hasSuffix(bytesOf: ".sig")
            }
            if !signatures.isEmpty {
                return signatures.map { ($0.path, $0.content) }
            }
        } catch {
            throw .escrow(error)
        }
        throw .signatureOfNothing(path: file.string)
    }

    private func collect(_ bytes: [UInt8], at shown: String) throws(CollectError) -> Collected {
        let signature: SSHSignature
        do {
            signature = try SSHSignature(armored: bytes)
        } catch {
            throw .escrow(.signature(path: shown, error))
        }
        guard let officer = plan.approval.officers.first(where: { $0.key == signature.signer }) else {
            throw .signatureOfNothing(path: shown)
        }
        do {
            try signature.verify(plan.bytes, namespace: Plan.format.namespace)
        } catch {
            throw .escrow(.signature(path: shown, error))
        }
        let place = FiledSignature.path(of: plan.path, by: officer.name)
        do throws(FileError) {
            if try Files.kind(of: place) != nil, try Files.read(place, limit: ByteLimit.signature) == bytes {
                return .alreadyHere(place)
            }
            try Files.create(place, bytes, permissions: .publicFile)
            return .signature(officer, of: plan.path)
        } catch {
            throw .escrow(.file(error))
        }
    }
}
