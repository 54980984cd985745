// SPDX-License-Identifier: Apache-2.0

// From the last use of the key to the end of the transcript.
extension Script where Phase == Achieved {
    func closeBags(_ instructions: [String]) -> Script<Bagged> {
        adding(
            "close-bags",
            "Bag what leaves",
            by: [.witness, .keeper, .custodian],
            .closeBags,
            minutes: 15,
            instructions
        )
    }
}

extension Script where Phase == Bagged {
    func attest(_ key: [String]) -> Script<Attested> {
        let handled: Script<Bagged> = adding(
            "key",
            "Deal with the key and the machine",
            by: [.operator, .witness],
            .confirm,
            minutes: 10,
            key + ["The machine is switched off at the end, its media are destroyed or bagged, under witness."]
        )
        let read: Script<Bagged> = handled.adding(
            "exceptions",
            "Read the exceptions",
            by: [.witness],
            .exceptions,
            minutes: 5,
            ["Every exception is read aloud. Unused exception sheets are crossed out."]
        )
        return read.adding(
            "attest",
            "Attest",
            by: [.administrator, .operator, .witness],
            .attest,
            minutes: 10,
            ["Everybody says whether the ceremony went as the sheet says. Not to agree is an answer, and is kept."]
        )
    }
}

extension Script where Phase == Closed {
    /// The last step's identifier.
    static var identifier: String { "close" }
}

extension Script where Phase == Attested {
    func close() -> Script<Closed> {
        adding(
            Script<Closed>.identifier,
            "Close the transcript",
            by: [.operator, .witness],
            .close,
            minutes: 5,
            ["The transcript's head is read aloud in words; operator and witness sign it."]
        )
    }
}
