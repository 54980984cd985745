// SPDX-License-Identifier: Apache-2.0

extension Transcript {
    /// Holds the acts against the script: steps are begun in its order, each after the one before is done.
    ///
    /// - Throws: ``TranscriptError/step(line:found:expected:)``, ``TranscriptError/notClosed``
    package func check(against script: CeremonyScript, mustBeClosed: Bool) throws(TranscriptError) {
        var position = 0
        for line in lines where ![.opened, .resumed, .exception, .abandoned].contains(line.act.word) {
            guard position < script.steps.count else {
                throw .step(line: line.sequence, found: line.step, expected: "nothing more")
            }
            let expected = script.steps[position].identifier
            guard line.step == expected else {
                throw .step(line: line.sequence, found: line.step, expected: expected)
            }
            if line.act == .done {
                position += 1
            }
        }
        guard !mustBeClosed || lines.last?.act == .closed || lines.last?.act == .abandoned else {
            throw .notClosed
        }
    }
}
