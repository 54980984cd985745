// SPDX-License-Identifier: Apache-2.0

package import Encoding
import Files
package import Pages
import SecretSharing
package import SystemPackage

/// An officer writes the page of an epoch's envelopes: a sheet for each custodian, to print.
package struct PrintEnvelopes {
    private let escrow: FilePath
    private let epoch: EpochSelector?
    private let custodians: [Name]
    private let paper: Paper
    private let program: String
    private let out: FilePath?

    /// - Parameters:
    ///   - epoch: Another than the one in force.
    ///   - custodians: Only these; all of them when there are none.
    ///   - program: This program and its version.
    ///   - out: A new file, or a directory for it; the working directory when not given.
    package init(
        of escrow: FilePath,
        _ epoch: EpochSelector?,
        only custodians: [Name],
        on paper: Paper,
        by program: String,
        to out: FilePath?
    ) {
        (self.escrow, self.epoch, self.custodians) = (escrow, epoch, custodians)
        (self.paper, self.program, self.out) = (paper, program, out)
    }

    /// A page.
    package struct Printed: Sendable {
        package let path: FilePath
        /// Whether the same page was there before.
        package let isThere: Bool
        package let epoch: Int
        /// In the order of the policy.
        package let custodians: [Name]
    }

    /// - Parameter searchPath: Such as `PATH`: codes are drawn by `qrencode`.
    /// - Throws: ``PersonFault/notACustodian(path:_:)``, ``EscrowError/file(_:)``, ``DirectoryFault/insideEscrow(path:escrow:)``,
    ///   ``EscrowError/code(_:)``
    package func run(searching searchPath: String, attended attendance: any Attendance) throws(EscrowError) -> Printed {
        let directory = try EscrowDirectory(at: escrow)
        let approval = try directory.approval(of: epoch)
        let document = approval.document
        let names = try names(in: document)
        let stem = directory.path.lastComponent?.stem ?? directory.name
        let place = try place(for: "\(stem)-envelopes-\(document.digest.short).html")
        if !approval.isApproved {
            attendance.tell(.isNotInForce(approval))
        } else if case let current = try directory.approval(of: nil).document, current.digest != document.digest {
            attendance.tell(.isSuperseded(document, by: current))
        }
        let qrencode = try orThrow(CodeProgram.qrencode(in: searchPath), as: EscrowError.code)
        var sheets: [EnvelopePage.Sheet] = []
        for name in names {
            if document.card(of: name) == nil {
                attendance.tell(.cardIsNotOfManifest(document.cardPath(of: name)))
            }
            sheets.append(try orThrow(Self.sheet(of: name, in: document, qrencode), as: EscrowError.code))
        }
        let page = EnvelopePage(escrow: directory, epoch: document, paper: paper, sheets: sheets, program: program)
        let isNew = try FreeName.create(place, page.bytes, permissions: .publicFile)
        return Printed(path: place, isThere: !isNew, epoch: document.manifest.epoch, custodians: names)
    }

    /// Those who are asked for, in the order of the policy.
    private func names(in document: EpochDocument) throws(EscrowError) -> [Name] {
        for name in custodians where document.manifest.person(named: name) == nil {
            throw .person(.notACustodian(path: document.manifestPath.string, name))
        }
        return document.manifest.policy.leaves.map(\.custodian)
            .filter { custodians.isEmpty || custodians.contains($0) }
    }

    /// Where the page goes; never into an escrow, and never in the place of another file.
    private func place(for name: String) throws(EscrowError) -> FilePath {
        var place = out ?? FilePath(name)
        if out != nil, try orThrow(Files.kind(of: place)) == .directory {
            place.append(name)
        }
        try EscrowDirectory.refuseInside(place, as: place.string)
        return place
    }

    private static func sheet(
        of name: Name,
        in document: EpochDocument,
        _ qrencode: CodeProgram
    ) throws(CodeProgramError) -> EnvelopePage.Sheet {
        guard let share = EnvelopeCode(.share, for: name, of: document),
            let label = EnvelopeCode(.label, for: name, of: document)
        else {
            preconditionFailure("every leaf has a share")
        }
        return EnvelopePage.Sheet(
            card: document.card(of: name),
            code: share,
            share: try qrencode.symbol(of: share.payload),
            label: try qrencode.symbol(of: label.payload)
        )
    }
}
