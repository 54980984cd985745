// SPDX-License-Identifier: Apache-2.0

import CSodium
import Glibc

/// A secret of fixed length that has one owner and is erased when that owner lets go.
///
/// The bytes lie between guard pages in memory from libsodium that is locked against swapping and left out of core
/// dumps. Locking is checked: a process that cannot lock ends with exit status 71 rather than go on with less. What C
/// libraries keep in registers and on their own stacks is beyond this type.
///
/// Swift will not copy, print or interpolate a noncopyable value, so neither can a caller by accident. An allocation
/// costs some 30 µs and a locked page: this is for what rests, arithmetic runs inside one of them.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    private let storage: UnsafeMutableBufferPointer<UInt8>

    /// Allocates `count` bytes and lets `fill` write them; afterwards they are writable inside ``update(_:)`` alone.
    ///
    /// - Parameters:
    ///   - count: The length of the secret in bytes, at least 1.
    ///   - fill: Writes the secret into a span of `count` zero bytes.
    /// - Throws: Whatever `fill` throws, once the bytes are erased.
    package init<Failure: Error>(
        count: Int,
        filledBy fill: (inout MutableSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        self.init(allocating: count)
        try write(fill)
        let isProtected = unsafe sodium_mprotect_readonly(storage.baseAddress!) == 0
        precondition(isProtected, "a secret must not stay writable")
    }

    /// Copies bytes whose owner keeps them, such as a part of another secret.
    ///
    /// - Parameter source: At least 1 byte.
    public init(copying source: Span<UInt8>) {
        self.init(count: source.count) { bytes in
            bytes.put(source)
        }
    }

    /// Draws `count` bytes from libsodium's random generator.
    package static func random(count: Int) -> SecretBytes {
        SecretBytes(count: count) { bytes in
            unsafe bytes.withUnsafeMutableBufferPointer { unsafe randombytes_buf($0.baseAddress!, $0.count) }
        }
    }

    private init(allocating count: Int) {
        precondition(count > 0, "a secret has at least one byte")
        precondition(sodium_init() >= 0, "libsodium could not start")
        // sodium_malloc asks for locked memory but does not say when it got none: ask again, and check.
        guard let region = unsafe sodium_malloc(count), unsafe sodium_mlock(region, count) == 0 else {
            ProcessHardening.stopForLackOfLockedMemory()
        }
        unsafe sodium_memzero(region, count)
        unsafe storage = UnsafeMutableBufferPointer(
            start: region.bindMemory(to: UInt8.self, capacity: count),
            count: count
        )
    }

    /// Changes the secret where it lies: for sums, whose every term would need a place of its own otherwise.
    package mutating func update(_ change: (inout MutableSpan<UInt8>) -> Void) {
        let isWritable = unsafe sodium_mprotect_readwrite(storage.baseAddress!) == 0
        precondition(isWritable, "an owner can write to its secret")
        write(change)
        let isProtected = unsafe sodium_mprotect_readonly(storage.baseAddress!) == 0
        precondition(isProtected, "a secret must not stay writable")
    }

    private func write<Failure: Error>(
        _ fill: (inout MutableSpan<UInt8>) throws(Failure) -> Void
    ) throws(Failure) {
        var span = unsafe storage.mutableSpan
        try fill(&span)
    }

    deinit {
        unsafe sodium_free(storage.baseAddress)
    }

    /// The length of the secret in bytes.
    package var count: Int { unsafe storage.count }

    /// The secret, readable for as long as it is borrowed.
    package var span: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(storage.span, borrowing: self)
        }
    }

    /// Lends the secret to `body`: for a temporary, or a secret inside a class, where ``span`` does not compile.
    package func withSpan<Result: ~Copyable, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(span)
    }

    /// Whether both hold the same bytes, in time that depends only on their lengths.
    package func isEqual(to other: borrowing SecretBytes) -> Bool {
        guard count == other.count else {
            return false
        }
        return unsafe sodium_memcmp(storage.baseAddress!, other.storage.baseAddress!, count) == 0
    }

    /// These bytes with a zero byte behind them, as C functions want a password.
    package func terminated() -> SecretBytes {
        let source = span
        return SecretBytes(count: source.count + 1) { bytes in
            bytes.put(source)
        }
    }
}

extension MutableSpan<UInt8> {
    /// Copies bytes into this span, from a position on.
    package mutating func put(_ bytes: Span<UInt8>, at start: Int = 0) {
        for index in bytes.indices {
            self[start + index] = bytes[index]
        }
    }
}
