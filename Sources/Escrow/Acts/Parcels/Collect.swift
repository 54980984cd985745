// SPDX-License-Identifier: Apache-2.0

import Encoding
import Files
package import SystemPackage

/// Whoever has an escrow files what others sent, once it verifies; what is wrong is left out, and the rest is filed.
///
/// Files come in any order, and as often as somebody likes. An escrow that is not there is made of a parcel that holds
/// all of it.
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
        /// Nothing for a parcel of which all is here already.
        package let result: Result<Collected, CollectError>?

        package init(file: FilePath, part: String?, result: Result<Collected, CollectError>?) {
            (self.file, self.part, self.result) = (file, part, result)
        }
    }

    /// - Parameter tell: Told of each file and part: of what was filed in the order of filing, then of what is left out.
    /// - Returns: What is next of documents that officers' signatures came for.
    /// - Throws: ``EscrowError`` when the escrow cannot be read, or a new one is not wanted.
    @discardableResult
    package func run(
        attended attendance: any Attendance,
        _ tell: @escaping (Outcome) -> Void
    ) throws(EscrowError) -> [String] {
        let place = try EscrowDirectory.place(escrow)
        var filing = Filing(place: place, tell: tell)
        let isThere = try orThrow(Files.kind(of: place)) != nil
        for file in files {
            do throws(CollectError) {
                guard let parcel = try Self.parcel(file) else {
                    filing.items.append(Filing.Item(file: file, part: nil, path: file))
                    continue
                }
                let sent = try SentParcel(parcel, at: file, for: place.lastComponent?.string ?? "")
                attendance.tell(.laidOut("\(sent.root)/", shown: "\(file): "))
                filing.add(sent)
            } catch {
                filing.faults.append((Filing.Item(file: file, part: nil, path: file), error))
            }
        }
        if isThere {
            filing.directory = try EscrowDirectory(at: place)
        } else {
            try filing.make(at: escrow, attended: attendance)
        }
        let before = filing.directory?.chain().inForce
        try filing.run()
        return try filing.nextSteps(at: escrow, since: before)
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

/// What is to be filed, over and over until nothing more can be: a signature may come before what it is of.
private struct Filing {
    let place: FilePath
    let tell: (Collect.Outcome) -> Void
    /// The escrow, read anew whenever something was filed.
    var directory: EscrowDirectory?
    var items: [Item] = []
    var faults: [(Item, CollectError)] = []
    private var parcels: [SentParcel] = []
    /// Documents that an officer's signature was filed beside.
    private var signed: [FilePath] = []
    private var hasNewReceipts = false
    /// Parcels that something was said of.
    private var told: Set<FilePath> = []
    /// Directories of epochs that are left out, where they lie: one error is enough for all that is in one.
    private var leftOut: Set<FilePath> = []

    struct Item {
        let file: FilePath
        let part: String?
        /// Where it lies.
        let path: FilePath
    }

    init(place: FilePath, tell: @escaping (Collect.Outcome) -> Void) {
        (self.place, self.tell) = (place, tell)
    }

    mutating func add(_ parcel: SentParcel) {
        parcels.append(parcel)
        items += parcel.parts.map { Item(file: parcel.file, part: $0, path: parcel.path(of: $0)) }
        faults += parcel.faults.map { (Item(file: parcel.file, part: $0, path: parcel.path(of: $0)), $1) }
    }

    private mutating func note(_ item: Item, _ result: Result<Collected, CollectError>?) {
        told.insert(item.file)
        tell(Collect.Outcome(file: item.file, part: item.part, result: result))
    }

    /// Makes the escrow of the first parcel that holds all of one.
    ///
    /// - Parameter shown: What people call it.
    mutating func make(at shown: FilePath, attended attendance: any Attendance) throws(EscrowError) {
        guard !parcels.isEmpty else {
            throw .file(.system(path: shown.string, .noSuchFileOrDirectory))
        }
        try EscrowDirectory.refuseInside(place.removingLastComponent(), as: shown.string)
        var why: [(Item, CollectError)] = []
        for parcel in parcels {
            guard let sent = parcel.directory, let epochs = SentEpochs(sent, for: nil) else {
                why.append((Item(file: parcel.file, part: nil, path: parcel.file), .notWhole(path: parcel.file.string)))
                continue
            }
            var found: [EpochApproval] = []
            for epoch in epochs.new {
                do throws(CollectError) {
                    found.append(try epochs.approval(of: epoch))
                } catch {
                    why.append((Item(file: parcel.file, part: epoch.name, path: epoch.path), error))
                }
            }
            guard let newest = found.last(where: \.isApproved) ?? found.last else {
                continue
            }
            attendance.tell(.makesCopy(newest, escrow: shown, of: parcel.file))
            if attendance.isAnybodyThere {
                try attendance.confirm(.makeCopy(escrow: shown.string))
            }
            try EpochApproval.make(place, of: found)
            directory = try EscrowDirectory(at: place)
            for epoch in found {
                let name = epoch.document.path.lastComponent?.string ?? ""
                let item = Item(file: parcel.file, part: name, path: epoch.document.path)
                note(item, .success(.epoch(epoch, shown.appending(name))))
            }
            return
        }
        faults = why + faults
    }

    mutating func run() throws(EscrowError) {
        items.sort { Self.rank($0) < Self.rank($1) }
        var left: [(Item, CollectError)] = []
        var isNew = directory != nil
        while isNew {
            (left, leftOut, isNew) = ([], [], false)
            for parcel in parcels {
                isNew = try fileEpochs(of: parcel, &left) || isNew
            }
            var rest: [Item] = []
            for item in items {
                do throws(CollectError) {
                    isNew = try file(item) || isNew
                } catch {
                    left.append((item, error))
                    rest.append(item)
                }
            }
            items = rest
        }
        left.removeAll { item, _ in leftOut.contains { item.path != $0 && item.path.starts(with: $0) } }
        for (item, error) in faults + left {
            note(item, .failure(error))
        }
        for file in parcels.map(\.file) where told.insert(file).inserted {
            tell(Collect.Outcome(file: file, part: nil, result: nil))
        }
    }

    /// Who does what with documents that got signatures: an epoch that came into force is sent to its people.
    func nextSteps(at shown: FilePath, since before: EpochApproval?) throws(EscrowError) -> [String] {
        guard let directory, !signed.isEmpty || hasNewReceipts else {
            return []
        }
        let chain = directory.chain()
        let steps = try NextStep.after(signing: Set(signed), in: chain, of: directory, at: shown, since: before)
        guard steps.isEmpty, hasNewReceipts, let epoch = chain.inForce?.document else {
            return steps
        }
        return [try NextStep.afterReceipts(of: epoch, at: shown)].compactMap(\.self)
    }

    private static func rank(_ item: Item) -> Int { item.part.map(EscrowDirectory.rank) ?? 0 }

    /// - Returns: Whether any was filed.
    private mutating func fileEpochs(
        of parcel: SentParcel,
        _ left: inout [(Item, CollectError)]
    ) throws(EscrowError) -> Bool {
        guard let sent = parcel.directory, let here = directory, let epochs = SentEpochs(sent, for: here) else {
            return false
        }
        var isNew = false
        for epoch in epochs.new {
            let item = Item(file: parcel.file, part: epoch.name, path: epoch.path)
            do throws(CollectError) {
                let approval = try epochs.approval(of: epoch)
                // An old parcel does not bring back what an officer has taken back.
                guard approval.isApproved || !Withdrawal.has(epoch.name, of: place) else {
                    throw .doesNotFollow(path: epoch.path.string, .wasWithdrawn)
                }
                let filed = try orLeaveOut(
                    locked(place) { () throws(EscrowError) in try approval.file(in: place) }
                )
                note(item, .success(.epoch(approval, filed)))
                isNew = true
            } catch .escrow(.file(.exists)) {
                continue  // somebody else has filed it meanwhile
            } catch {
                leftOut.insert(epoch.path)
                left.append((item, error))
            }
        }
        if isNew {
            directory = try EscrowDirectory(at: place)
        }
        return isNew
    }

    /// - Returns: Whether something is here now that was not.
    private mutating func file(_ item: Item) throws(CollectError) -> Bool {
        guard let here = directory else {
            return false
        }
        // A document may bring a signature that is new.
        if let part = item.part, part.hasSuffix(bytesOf: ".sig"),
            let bytes = try? Files.read(item.path, limit: ByteLimit.document),
            bytes == (try? Files.read(place.appending(FilePath(part).components), limit: ByteLimit.document))
        {
            return false  // the same lies in the very place
        }
        let collected = try here.collect(item.path)
        if case .alreadyHere = collected {
            if item.part == nil {
                note(item, .success(collected))
            }
            return false
        }
        if case .signature(_, let document) = collected, !signed.contains(document) {
            signed.append(document)
        }
        if case .document(Receipt.format.kind, _) = collected {
            hasNewReceipts = true
        }
        note(item, .success(collected))
        directory = try orLeaveOut(EscrowDirectory(at: place))
        return true
    }
}
