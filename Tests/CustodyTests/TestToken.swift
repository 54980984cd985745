// SPDX-License-Identifier: Apache-2.0

import CSodium

@testable import Custody
@testable import Encoding

/// A FIDO token in software: it signs as `sk-ssh-ed25519@openssh.com` does, with flags of the test's choice.
struct TestToken {
    private let secretKey: [UInt8]
    let key: SigningKey
    private static let application = Array("ssh:".utf8)

    init() {
        var (secret, point) = ([UInt8](repeating: 0, count: 64), [UInt8](repeating: 0, count: 32))
        unsafe crypto_sign_seed_keypair(&point, &secret, [UInt8](repeating: 9, count: 32))
        secretKey = secret
        key = .securityKey(point, application: Self.application)
    }

    func sign(_ message: [UInt8], namespace: String, flags: UInt8, counter: UInt32 = 7) -> SSHSignature {
        let data = SSHSignature.dataToSign(message, namespace: namespace)
        let signed =
            Hashing.sha256(Self.application) + [flags] + Wire.uint32(counter) + Hashing.sha256(data)
        var bytes = [UInt8](repeating: 0, count: 64)
        unsafe crypto_sign_detached(&bytes, nil, signed, UInt64(signed.count), secretKey)
        let token = SSHSignature.TokenState(flags: flags, counter: counter)
        return SSHSignature(signer: key, namespace: namespace, bytes: bytes, token: token)
    }
}
