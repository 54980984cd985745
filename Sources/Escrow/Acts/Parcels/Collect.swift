// SPDX-License-Identifier: Apache-2.0

import Files
package import SystemPackage

/// Whoever has an escrow files what others sent, once it verifies; what is wrong is left out, and the rest is filed.
package struct Collect {
    private let files: [FilePath]
    private let escrow: FilePath

    package init(_ files: [FilePath], into escrow: FilePath) {
        (self.files, self.escrow) = (files, escrow)
    }

    /// What became of a file, or of a part of a parcel.
    package struct Outcome {
        package let file: FilePath
        /// The part's name in the parcel.
        package let part: String?
        /// Where the parcel was laid out for reading, which tells nobody anything.
        package let laidOut: FilePath?
        /// Nothing for a parcel of which all is here already.
        package let result: Result<Collected, CollectError>?
    }

    /// - Parameter tell: Told of each file and part, in the order of filing.
    /// - Throws: ``EscrowError`` when the escrow cannot be read.
    package func run(_ tell: (Outcome) -> Void) throws(EscrowError) {
        for file in files {
            // Read anew each time: what was filed a moment ago counts.
            let directory = try EscrowDirectory(at: escrow)
            func note(_ result: Result<Collected, CollectError>?, _ part: String? = nil, _ laidOut: FilePath? = nil) {
                tell(Outcome(file: file, part: part, laidOut: laidOut, result: result))
            }
            do throws(CollectError) {
                guard let parcel = try Self.parcel(file) else {
                    note(.success(try directory.collect(file)))
                    continue
                }
                var isNew = false
                try directory.collect(parcel, at: file, temporary: UnpackedParcel.temporary) { part, result, laidOut in
                    if case .success(.alreadyHere) = result {
                        return
                    }
                    isNew = true
                    note(result, part, laidOut)
                }
                if !isNew {
                    note(nil)
                }
            } catch {
                note(.failure(error))
            }
        }
    }

    /// The parcel that a file is, if it is one.
    private static func parcel(_ file: FilePath) throws(CollectError) -> Parcel? {
        do throws(EscrowError) {
            return try Parcel(ifAt: file)
        } catch .file {
            return nil  // said when it is read as something else
        } catch {
            throw .escrow(error)
        }
    }
}
