// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Files

/// A command whose operands are asked for on a terminal when they are left out; elsewhere they are a usage error.
protocol AsksForOperands: ParsableCommand {
    /// Asks for each operand that is missing.
    ///
    /// - Throws: ``Diagnostic``
    mutating func askForOperands() throws
}

/// Asks for one operand, unless it is there.
private func ask(for operand: inout String, _ question: String, as name: String) throws {
    guard operand.isEmpty else {
        return
    }
    guard Question.isPossible, let answer = try Question.text(question, for: name, else: name) else {
        throw Diagnostic(
            "Missing expected argument '\(name)'",
            hint: "'ca-escrow help' lists the commands and options",
            .usage
        )
    }
    operand = answer
}

/// Asks for operands of which there may be several, with blanks between them, unless there are some.
private func ask(for operands: inout [String], _ question: String, as name: String) throws {
    guard operands.isEmpty else {
        return
    }
    var answer = ""
    try ask(for: &answer, question, as: "\(name) ...")
    operands = answer.words(between: " ")
}

private func ask(forEscrow operand: inout String) throws {
    try ask(for: &operand, "The escrow", as: "<escrow>")
}

/// A command about one escrow.
protocol AsksForEscrow: AsksForOperands {
    var escrow: String { get set }
}

extension AsksForEscrow {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

/// A command about a custodian of an escrow.
protocol AsksForCustodian: AsksForEscrow {
    var name: String { get set }
}

extension AsksForCustodian {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &name, "The custodian's name", as: "<name>")
    }
}

/// A command about escrows.
protocol AsksForEscrows: AsksForOperands {
    var escrows: [String] { get set }
}

extension AsksForEscrows {
    mutating func askForOperands() throws { try ask(for: &escrows, "Escrows", as: "<escrow>") }
}

extension EnvelopeCommand.Print: AsksForEscrow {}
extension RefuseCommand: AsksForEscrow {}
extension ReleaseCommand: AsksForEscrow {}
extension RequestCommand: AsksForEscrow {}
extension RotateCommand.Open: AsksForEscrow {}
extension VoidCommand: AsksForEscrow {}
extension WithdrawCommand: AsksForEscrow {}

extension ReinstateCommand: AsksForCustodian {}
extension SuspendCommand: AsksForCustodian {}

extension AcknowledgeCommand: AsksForEscrows {}
extension AuditCommand: AsksForEscrows {}
extension ChallengeCommand: AsksForEscrows {}
extension CheckCommand: AsksForEscrows {}
extension PackCommand: AsksForEscrows {}
extension ProveCommand: AsksForEscrows {}
extension RekeyCommand: AsksForEscrows {}
extension StampCommand: AsksForEscrows {}

extension AddCertificateCommand: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &certificates, "The renewed certificates", as: "<file>")
    }
}

extension AnswerCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &files, "Parcels", as: "<file>") }
}

extension BackupCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &escrow, "The escrow's directory", as: "<escrow>") }
}

extension CollectCommand: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &files, "Parcels, cards, signatures or documents", as: "<file>")
    }
}

extension EnvelopeCommand.Check: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &scans, "Pictures of codes, or '-' to type one", as: "<scan>")
    }
}

extension EnrolCommand.Challenge: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &cards, "Cards, or a directory of them", as: "<card>") }
}

extension EnrolCommand.Verify: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &files, "Parcels, directories or cards", as: "<file>") }
}

extension DrillCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &opening.escrow) }
}

extension IdentityCommand.Create: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &name, "Your name in escrows, such as bob", as: "<name>") }
}

extension IdentityCommand.ChangePassphrase: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &file, "The identity", as: "<file>") }
}

extension RestoreCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &opening.escrow) }
}

extension ShowCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &paths, "Files or escrows", as: "<path>") }
}

extension SignCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &paths, "Escrows, or documents in them", as: "<path>") }
}

extension WordsCommand: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(for: &subject, "A file, an escrow or a digest", as: "<path|digest>")
    }
}
