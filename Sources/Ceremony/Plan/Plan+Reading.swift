// SPDX-License-Identifier: Apache-2.0

package import Custody
import Escrow

extension Plan {
    /// What kind of file it is: its member `format`, and the namespace of signatures over it.
    package static let format = DocumentFormat.plan

    /// How many bytes of a plan are read.
    package static let byteLimit = 256 << 10

    /// Reads a plan from the bytes of a file with JSON in any layout, to the last member.
    ///
    /// - Throws: ``PlanError``
    package init(json bytes: [UInt8]) throws(PlanError) {
        try self.init(checking: try Self.value(of: bytes))
    }

    private static func value(of bytes: [UInt8]) throws(PlanError) -> JSONValue {
        do {
            return try JSONValue(anyLayout: bytes)
        } catch {
            throw .syntax(error)
        }
    }

    private init(checking value: JSONValue) throws(PlanError) {
        do {
            try self.init(value)
        } catch let error as DocumentError {
            throw .document(error)
        } catch let error as PlanError {
            throw error
        } catch {
            preconditionFailure("only these two are thrown: \(error)")
        }
        try checkPeople()
    }

    private init(_ value: JSONValue) throws {
        var fields = try Fields(value)
        try fields.format(expecting: Self.format)
        try fields.checkNames([
            "kind", "title", "rehearsal", "date", "standby", "place", "ca", "escrow", "tool", "people", "inventory",
            "media",
        ])
        kind = Kind(rawValue: try fields.word("kind", among: Kind.allCases.map(\.rawValue))) ?? .backup
        title = try fields.text("title")
        isRehearsal = fields.has("rehearsal") ? try fields.boolean("rehearsal") : false
        date = try fields.timestamp("date")
        standby = try fields.timestamp("standby")
        place = try fields.text("place")
        authority = try Authority(try fields.object("ca"))
        escrow = try EscrowTerms(try fields.object("escrow"))
        var tool = try fields.object("tool")
        try tool.checkNames(["sha256"])
        self.tool = try tool.take("sha256", .partedDigest)
        try tool.finish()
        people = try fields.list("people") { (value, path) throws(DocumentError) in try Participant(value, at: path) }
        inventory = try fields.optionalText("inventory")
        media = try fields.list("media") { (value, path) throws(DocumentError) in try Medium(value, at: path) }
        try fields.finish()
    }

    /// What holds between the parts of a plan, before any card is looked at.
    private func checkPeople() throws(PlanError) {
        guard date < standby else {
            throw .standbyNotLater
        }
        // A rehearsal may make a CA of its own.
        let mayLackStore = kind == .drill || (kind == .backup && isRehearsal)
        guard escrow.store == nil ? mayLackStore : kind != .drill else {
            throw .store(kind, isGiven: escrow.store != nil)
        }
        guard escrow.occasion == nil || (kind == .backup && escrow.store != nil) else {
            throw .occasion
        }
        guard inventory == nil || kind != .backup else {
            throw .inventory(kind)
        }
        for (field, count) in [("people", people.count), ("media", media.count)] where count > Self.memberLimit {
            throw .tooMany(field: field, count: count, limit: Self.memberLimit)
        }
        try Self.checkPeople(people)
        try Self.checkOnce(media.map(\.label), in: "media")
        for role in [Role.administrator, .operator, .witness] {
            let found = people(with: role)
            guard !found.isEmpty else {
                throw .nobody(role: role)
            }
            guard found.count == 1 || role == .witness else {
                throw .several(role: role, found.map(\.name))
            }
        }
        for medium in media where participant(medium.holder) == nil {
            throw .document(.wrongValue(field: "media \(medium.label.quoted).holder", expected: "one of the people"))
        }
    }

    /// How many people, and how many media, a plan may have.
    package static let memberLimit = 1000

    /// The people of a file that holds nothing but `people`, or those of a whole plan.
    ///
    /// - Throws: ``PlanError``
    package static func people(json bytes: [UInt8]) throws(PlanError) -> [Participant] {
        let value = try value(of: bytes)
        if case .object(let members) = value, members["format"] != nil {
            return try Plan(checking: value).people
        }
        let people: [Participant]
        do {
            var fields = try Fields(value)
            try fields.checkNames(["people"])
            people = try fields.list("people") { (value, path) throws(DocumentError) in try Participant(value, at: path)
            }
            try fields.finish()
        } catch {
            throw .document(error)
        }
        try checkPeople(people)
        return people
    }

    private static func checkPeople(_ people: [Participant]) throws(PlanError) {
        try checkOnce(people.map(\.name.description), in: "people")
    }

    private static func checkOnce(_ words: [String], in field: String) throws(PlanError) {
        var seen: Set<String> = []
        for word in words where !seen.insert(word).inserted {
            throw .twice(field: field, word)
        }
    }
}

extension Plan.Authority {
    fileprivate init(_ fields: consuming Fields) throws {
        var fields = fields
        try fields.checkNames(["certificate", "sha256"])
        certificate = try fields.text("certificate")
        sha256 = try fields.take("sha256", .partedDigest)
        try fields.finish()
    }
}

extension Plan.EscrowTerms {
    fileprivate init(_ fields: consuming Fields) throws {
        var fields = fields
        try fields.checkNames(["path", "store", "occasion", "policy", "officers", "pkcs12", "purpose"])
        path = try fields.text("path")
        store = try fields.optionalText("store")
        let occasions = Backup.givenOccasions.map(\.rawValue)
        occasion = fields.has("occasion") ? Occasion(rawValue: try fields.word("occasion", among: occasions)) : nil
        policy = try Self.policy("policy", &fields)
        officers = try Self.policy("officers", &fields)
        pkcs12 = try fields.optionalText("pkcs12")
        purpose = try fields.optionalText("purpose")
        try fields.finish()
    }

    private static func policy(_ key: String, _ fields: inout Fields) throws -> PolicyText {
        let field = fields.field(key)
        let text = try fields.string(key)
        do {
            return try PolicyText(text)
        } catch {
            throw PlanError.policy(field: field, error)
        }
    }
}

extension Plan.Participant {
    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        try fields.checkNames([
            "name", "fullName", "roles", "alternateFor", "card", "sha256", "identity", "site", "organisation", "line",
        ])
        name = try fields.name("name")
        fullName = try fields.text("fullName")
        roles = try fields.list("roles") { (value, path) throws(DocumentError) in
            try Role(value, at: path, among: Role.allCases)
        }
        alternateFor = try fields.optionalList("alternateFor") { (value, path) throws(DocumentError) in
            try Role(value, at: path, among: Role.leading)
        }
        for (field, list) in [("roles", roles), ("alternateFor", alternateFor)] where Set(list).count != list.count {
            throw .wrongValue(field: fields.field(field), expected: "each role once")
        }
        guard !(roles + alternateFor).isEmpty else {
            throw .wrongValue(field: fields.field("roles"), expected: "at least one role, here or in alternateFor")
        }
        card = try fields.optionalText("card")
        sha256 = fields.has("sha256") ? try fields.take("sha256", .partedDigest) : nil
        guard card != nil || sha256 == nil else {
            throw .wrongValue(field: fields.field("sha256"), expected: "a card that it is of")
        }
        identity = try fields.optionalText("identity")
        site = try fields.text("site")
        organisation = try fields.optionalText("organisation")
        line = try fields.optionalText("line")
        try fields.finish()
    }
}

extension Plan.Medium {
    /// How many characters a label has: it stands in texts of the transcript, and on the bag.
    private static let labelLengths = 1...60

    fileprivate init(_ value: JSONValue, at path: String) throws(DocumentError) {
        var fields = try Fields(value, at: path)
        try fields.checkNames(["label", "content", "holder", "site", "serial"])
        label = try fields.string("label")
        guard Self.labelLengths.contains(label.utf8.count) else {
            throw .wrongValue(field: fields.field("label"), expected: "1 to 60 characters")
        }
        content = Content(rawValue: try fields.word("content", among: Content.allCases.map(\.rawValue))) ?? .manifest
        holder = try fields.name("holder")
        site = try fields.text("site")
        serial = try fields.optionalText("serial")
        try fields.finish()
    }
}

extension Role {
    fileprivate init(_ value: JSONValue, at path: String, among roles: [Role]) throws(DocumentError) {
        self = Role(rawValue: try Form.word(among: roles.map(\.rawValue)).read(value, path)) ?? .custodian
    }
}
