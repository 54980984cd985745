// SPDX-License-Identifier: Apache-2.0

import KeyStores

extension Diagnostic {
    init(_ error: StateError) {
        let status: ExitStatus
        switch error {
        case .file(let error):
            self.init(error)
            return
        case .store(let error):
            self.init(error)
            return
        case .noState: status = .usage
        case .nothingThere, .missing: status = .noInput
        case .index, .number, .overlap, .fileName, .nameTooLong, .tooDeep, .sameName, .privateKey, .secretSetting,
            .incomplete,
            .tooManyEntries, .tooManyBytes, .archive, .archivedConfiguration:
            status = .data
        case .changed: status = .inputOutput
        case .archiveIsAnother, .archiveChanged: status = .failed
        case .anotherStore, .noPlace, .configuredElsewhere, .unusualPlace, .notEmpty, .newer: status = .refused
        }
        self.init("\(error)", hint: error.hint, status)
    }
}

extension StateError {
    fileprivate var hint: String? {
        switch self {
        case .changed: "stop the CA's software, or let it come to rest, and run this again"
        case .incomplete: "move it out of the CA's directory, or escrow the key alone, without --with-state"
        case .privateKey: "keep keys out of the CA's database: move it to another directory, and run this again"
        case .secretSetting:
            "take the setting out, so that the CA's software asks or reads a file elsewhere, and run this again"
        case .sameName: "rename one of them: not every file system tells them apart"
        case .missing, .nothingThere, .index, .number: "without --with-state the key alone is escrowed"
        case .overlap: "give each a directory of its own in the CA's configuration"
        case .archiveIsAnother: "it lies beside the PKCS#12 file: --pkcs12 names another place for both"
        case .noPlace, .configuredElsewhere, .archivedConfiguration, .anotherStore:
            "unpack it with tar, as docs/ca-state.md says, and restore without --with-state"
        case .unusualPlace: "put that file of the archive back with tar first: what is there already stays"
        case .notEmpty: "move it away, or restore without --with-state: what is there stays as it is then"
        case .newer: "restore without --with-state: it stays as it is then"
        default: nil
        }
    }
}
