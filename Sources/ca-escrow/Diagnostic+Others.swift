// SPDX-License-Identifier: Apache-2.0

import Ceremony
import Escrow
import Files
import SystemPackage

// Errors of files, of other programs, and of ceremonies.
extension Diagnostic {
    init(_ error: FileError) {
        let status: ExitStatus
        switch error {
        case .system(_, .noSuchFileOrDirectory): status = .noInput
        case .system(_, .notDirectory), .system(_, .noData): status = .data
        case .busy: status = .unavailable
        case .system(_, .isDirectory), .symbolicLink, .notRegular, .tooLarge: status = .data
        case .system: status = .inputOutput
        case .cannotCreate(_, .noSpace): status = .inputOutput
        case .cannotCreate, .cannotGive, .exists, .cannotPublish: status = .cannotCreate
        }
        let hint: String? =
            switch error {
            case .cannotPublish: "write to a local disk, then copy the result"
            case .cannotGive: "--owner \(Owner.running) leaves it yours"
            default: nil
            }
        self.init("\(error)", hint: hint, status)
    }

    init(_ error: ProgramError) {
        switch error {
        case .cannotStart: self.init("\(error)", .unavailable)
        case .tookTooLong, .wroteTooMuch, .died, .system: self.init("\(error)", .inputOutput)
        }
    }

    init(_ error: CodeProgramError) {
        switch error {
        case .notFound(_, let package): self.init("\(error)", hint: "apt install \(package)", .unavailable)
        case .program(let error): self.init(error)
        case .drewNothing: self.init("\(error)", .unavailable)
        case .file(let error): self.init(error)
        case .noCode:
            self.init(
                "\(error)",
                hint: "the whole code with its white margin, sharp and evenly lit; 300 dpi from a scanner",
                .data
            )
        case .neitherPictureNorText:
            self.init("\(error)", hint: "save other pictures, and scans in PDF, as PNG or JPEG", .data)
        case .picture, .notRead, .emptyText, .anotherFile: self.init("\(error)", .data)
        }
    }

    init(_ error: CollectError) {
        switch error {
        case .escrow(let error): self.init(fact: error)
        case .enrolment: self.init("\(error)", hint: "ca-escrow enrol verify FILE", .data)
        case .pkcs12, .secret, .stateArchive, .signatureOfNothing, .stampOfNothing, .cardOfNobody, .unknown,
            .releaseBox, .notInParcel, .notWhole:
            self.init("\(error)", .data)
        case .plan: self.init("\(error)", hint: "ca-escrow collect PLAN FILE", .data)
        case .doesNotFollow: self.init("\(error)", .failed)
        }
    }
}

extension CeremonyError {
    var status: ExitStatus {
        switch self {
        case .interrupted: .notYet
        case .planHasErrors: .failed
        case .abandoned, .notIdentity, .notOnCard, .notMadeWithKey, .notAnOfficer: .refused
        case .unreadable: .software
        case .signature: .data
        }
    }
}

extension BundleError {
    var status: ExitStatus {
        switch self {
        case .transcript: .failed
        case .plan: .data
        case .differs, .taken, .ofAnotherPlan, .notClosed, .insideBundle: .refused
        }
    }

    var hint: String? {
        switch self {
        case .differs: "bring the original back, or hold another ceremony: --bundle DIR"
        case .taken: "move it away, and run the ceremony again"
        case .ofAnotherPlan: "--bundle DIR for another ceremony"
        case .transcript, .notClosed, .plan, .insideBundle: nil
        }
    }
}

extension OwnerError {
    var status: ExitStatus {
        switch self {
        case .unknownUser, .unknownGroup, .noAccount: .usage
        case .notRoot: .refused
        }
    }
}
