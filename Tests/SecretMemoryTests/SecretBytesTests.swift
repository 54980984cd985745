// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import SecretMemory

@Suite("SecretBytes")
struct SecretBytesTests {
    enum Stop: Error, Equatable { case here }

    @Test("a secret holds what filled it")
    func holds() {
        let secret = SecretBytes(count: 3) { bytes in
            for index in 0..<3 {
                bytes[index] = UInt8(index + 1)
            }
        }
        #expect(secret.count == 3)
        let bytes = secret.withSpan { span in span.indices.map { span[$0] } }
        #expect(bytes == [1, 2, 3])
    }

    @Test("an error while filling is passed on")
    func passesErrorsOn() {
        #expect(throws: Stop.here) {
            _ = try SecretBytes(count: 8) { (_: inout MutableSpan<UInt8>) throws(Stop) in throw .here }
        }
    }

    @Test("equal bytes are equal, other bytes and other lengths are not")
    func equality() {
        let one = SecretBytes(copying: [1, 2, 3].span)
        let rows: [([UInt8], Bool)] = [
            ([1, 2, 3], true), ([1, 2, 4], false), ([1, 2], false), ([1, 2, 3, 0], false),
        ]
        for (bytes, expected) in rows {
            let other = SecretBytes(copying: bytes.span)
            let isEqual = one.isEqual(to: other)
            #expect(isEqual == expected, "\(bytes)")
        }
    }

    @Test("a terminated copy ends in one zero byte")
    func terminated() {
        let bytes = SecretBytes(copying: [7, 8].span).terminated().withSpan { span in span.indices.map { span[$0] } }
        #expect(bytes == [7, 8, 0])
    }

    @Test("two random secrets differ")
    func random() {
        let isEqual = SecretBytes.random(count: 32).isEqual(to: SecretBytes.random(count: 32))
        #expect(!isEqual)
    }

    @Test("writing to a finished secret ends the process")
    func isReadOnly() async {
        await #expect(processExitsWith: .failure) {
            let secret = SecretBytes(copying: [1].span)
            unsafe secret.span.withUnsafeBufferPointer { buffer in
                unsafe UnsafeMutablePointer(mutating: buffer.baseAddress!).pointee = 2
            }
        }
    }

    @Test("reading past the end of a secret ends the process")
    func guardPage() async {
        await #expect(processExitsWith: .failure) {
            let secret = SecretBytes(copying: [UInt8](repeating: 1, count: 64).span)
            let after = unsafe secret.span.withUnsafeBufferPointer { unsafe $0.baseAddress!.advanced(by: 64).pointee }
            print(after)
        }
    }
}
