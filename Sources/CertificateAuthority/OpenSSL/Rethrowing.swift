// SPDX-License-Identifier: Apache-2.0

/// Does something, with its error as that of somebody else, such as a case that holds it.
package func rethrowing<Success: ~Copyable, Cause: Error, Failure: Error>(
    as failure: (Cause) -> Failure,
    _ body: @autoclosure () throws(Cause) -> Success
) throws(Failure) -> Success {
    do {
        return try body()
    } catch {
        throw failure(error)
    }
}
