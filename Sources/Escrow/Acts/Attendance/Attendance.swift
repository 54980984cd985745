// SPDX-License-Identifier: Apache-2.0

public import Encoding
public import SecretMemory
public import SystemPackage

/// Whoever is at hand while something is done: asked a few questions, and told what happens.
///
/// The terminal is one, the live ceremony another, which writes down what it passes on; tests have a script. Everything
/// runs on the caller's thread, and a question returns when it is answered. Nothing secret goes up; a passphrase comes
/// down as `SecretBytes`.
public protocol Attendance: AnyObject {
    /// Whether there is anybody to ask.
    var isAnybodyThere: Bool { get }

    /// Whether somebody has agreed beforehand to whatever is put to them, be they there or not.
    var isAgreedBeforehand: Bool { get }

    /// The identity file of whoever comes next; nothing when nobody else comes.
    ///
    /// - Parameters:
    ///   - count: How many more are needed.
    ///   - candidates: Who may come.
    func identity(_ count: Int, moreOf candidates: [Name]) throws(Absence) -> FilePath?

    /// A passphrase; nothing when whoever was asked gives up.
    func passphrase(_ wanted: WantedPassphrase) throws(Absence) -> SecretBytes?

    /// What somebody types or reads out; nothing when they stop.
    func text(_ wanted: WantedText) throws(Absence) -> String?

    /// Whether they go on.
    func agrees(to decision: Decision) throws(Absence) -> Bool

    /// Tells what has happened; it cannot stop the act.
    func tell(_ notice: Notice)
}

extension Attendance {
    /// Nobody has.
    public var isAgreedBeforehand: Bool { false }

    /// Tells what people call a place in which something was laid out for now.
    package func call(_ place: FilePath, _ shown: FilePath) { tell(.laidOut("\(place)", shown: "\(shown)")) }

    package func tell(_ fact: Notice.Fact) { tell(Notice(fact)) }

    package func tell(_ disclosure: Notice.Disclosure) { tell(.disclosed(disclosure)) }

    package func tell(_ outcome: Notice.Outcome) { tell(.done(outcome)) }

    package func tell(_ notice: CustodianNotice) { tell(.custodian(notice)) }

    func tell(_ notice: BackupNotice) { tell(.backup(notice)) }

    /// Runs work that takes a second or more, and says so before and after.
    package func during<Result: ~Copyable, Failure: Error>(
        _ work: LongWork,
        _ body: () throws(Failure) -> Result
    ) throws(Failure) -> Result {
        tell(.begun(work))
        defer { tell(.ended) }
        return try body()
    }

    /// - Throws: ``EscrowError/notConfirmed`` unless they go on.
    package func confirm(_ decision: Decision) throws(EscrowError) {
        guard try orThrow(agrees(to: decision), as: EscrowError.absent) else {
            throw .notConfirmed
        }
    }

    /// A new passphrase of an identity, or of a request's key.
    ///
    /// - Throws: ``PersonFault/noNewPassphrase``, ``PersonFault/passphraseIsShort(characterCount:)``
    func newPassphrase(_ wanted: WantedPassphrase) throws(EscrowError) -> SecretBytes {
        guard let typed = try orThrow(passphrase(wanted), as: EscrowError.absent) else {
            throw .person(.noNewPassphrase)
        }
        guard typed.characterCount >= EscrowError.fewestPassphraseCharacters else {
            throw .person(.passphraseIsShort(characterCount: typed.characterCount))
        }
        return typed
    }

    /// Why somebody acts: as it was said beforehand, or an answer.
    ///
    /// - Throws: ``EscrowError/text(_:)`` unless ``TextRule`` allows it.
    func reason(_ given: String?, for wanted: WantedText) throws(EscrowError) -> String {
        var answer = given
        for attempt in 1...3 where answer.map(TextRule.allows) != true && given == nil {
            if attempt > 1 {
                tell(.failed(EscrowFailure(.text(wanted))))
            }
            answer = try orThrow(text(wanted), as: EscrowError.absent)
            guard answer != nil else {
                break
            }
        }
        guard let answer, TextRule.allows(answer) else {
            throw .text(wanted)
        }
        return answer
    }
}

extension TextRule {
    /// Holds what somebody said beforehand against it, before anything is asked for or made.
    ///
    /// - Parameters:
    ///   - field: What a reader of the document calls it.
    ///   - path: What it is said about.
    /// - Throws: ``EscrowError/document(path:_:)``
    static func check(_ text: String?, field: String, of path: String) throws(EscrowError) {
        guard let text else {
            return
        }
        try orThrow(check(text, field: field)) { .document(path: path, $0) }
    }
}
