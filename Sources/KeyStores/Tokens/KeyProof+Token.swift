// SPDX-License-Identifier: Apache-2.0

extension KeyProof {
    /// What is wrong with a key that stays in its token; nothing when it is whole.
    ///
    /// - Throws: ``TokenError`` when it is the token that failed.
    static func fault(of signer: TokenSigner) throws(TokenError) -> KeyFault? {
        do throws(StoreError) {
            return try signer.proves(statement()) ? nil : KeyFault(of: signer.newest, .wrongSignature)
        } catch .token(_, .refused(let call, let status)) {
            return KeyFault(of: signer.newest, .refused(call: call, status))
        } catch .token(_, let error) {
            throw error
        } catch {
            return KeyFault(of: signer.newest, .wrongSignature)
        }
    }
}
