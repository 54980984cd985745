// SPDX-License-Identifier: Apache-2.0

import Harness
import Properties

/// What libFuzzer calls with each input.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt { Reader.proof.fuzz(start, count) }
