// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Properties

extension Reader {
    /// One execution of a fuzz target: what libFuzzer's entry point calls.
    ///
    /// Ends the process, which libFuzzer reports with the input, when something does not hold, and when it took more than a
    /// second of the processor's time: libFuzzer's own clock runs on while others have the processor.
    public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
        let bytes = [UInt8](UnsafeBufferPointer(start: start, count: count))
        let before = clock()
        do {
            try check(bytes)
        } catch {
            fatalError("\(name): \(error)")
        }
        let ticks = clock() - before
        guard ticks < CLOCKS_PER_SEC else {
            fatalError("\(name): \(count) bytes took \(ticks * 1000 / CLOCKS_PER_SEC) ms")
        }
        return 0
    }
}
