// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

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
    operands = answer.split(separator: " ").map(String.init)
}

private func ask(forEscrow operand: inout String) throws {
    try ask(for: &operand, "The escrow", as: "<escrow>")
}

private func ask(forEscrows operands: inout [String]) throws {
    try ask(for: &operands, "Escrows", as: "<escrow>")
}

extension Acknowledge: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension AddCertificate: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &certificates, "The renewed certificates", as: "<file>")
    }
}

extension Answer: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &files, "Parcels", as: "<file>") }
}

extension AuditCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Backup: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &escrow, "The escrow's directory", as: "<escrow>") }
}

extension ChallengeCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Check: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Collect: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &files, "Parcels, cards, signatures or documents", as: "<file>")
    }
}

extension EnvelopeCommand.Print: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

extension EnvelopeCommand.Check: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &scans, "Pictures of codes, or '-' to type one", as: "<scan>")
    }
}

extension Enrol.Challenge: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &cards, "Cards, or a directory of them", as: "<card>") }
}

extension Enrol.Verify: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &files, "Parcels, directories or cards", as: "<file>") }
}

extension Drill: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &opening.escrow) }
}

extension IdentityCommand.Create: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &name, "Your name in escrows, such as bob", as: "<name>") }
}

extension IdentityCommand.ChangePassphrase: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &file, "The identity", as: "<file>") }
}

extension Pack: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Prove: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Refuse: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

extension Rekey: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrows: &escrows) }
}

extension Release: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

extension RequestCommand: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

extension Restore: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &opening.escrow) }
}

extension Rotate.Open: AsksForOperands {
    mutating func askForOperands() throws { try ask(forEscrow: &escrow) }
}

extension Show: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &paths, "Files or escrows", as: "<path>") }
}

extension Sign: AsksForOperands {
    mutating func askForOperands() throws { try ask(for: &paths, "Escrows, or documents in them", as: "<path>") }
}

extension Suspend: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(forEscrow: &escrow)
        try ask(for: &name, "The custodian's name", as: "<name>")
    }
}

extension Words: AsksForOperands {
    mutating func askForOperands() throws {
        try ask(for: &subject, "A file, an escrow or a digest", as: "<path|digest>")
    }
}
