// SPDX-License-Identifier: Apache-2.0

import Testing

/// The tool of the other tests: it must take whatever OpenSSL's random generator puts into a file.
@Suite("DER")
struct DERTests {
    @Test("random bytes that begin like a SEQUENCE stay what they are")
    func random() throws {
        var state: UInt32 = 1
        for _ in 0..<20_000 {
            let noise = (0..<24).map { _ in
                state = state &* 1_664_525 &+ 1_013_904_223
                return UInt8(state >> 24)
            }
            let content = [0x30] + noise
            let file = [0x30, 27, 0x04, 25] + content
            #expect(DER(file)?.bytes == file)
        }
    }

    @Test("a length that is no length is refused")
    func lengths() {
        for length in [[0x88] + [UInt8](repeating: 0xFF, count: 8), [0xFF], [0x85, 0, 0, 0, 0, 1], [5]] {
            #expect(DER([0x30] + length + [0, 0, 0]) == nil)
        }
    }
}
