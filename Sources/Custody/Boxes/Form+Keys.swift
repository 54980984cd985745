// SPDX-License-Identifier: Apache-2.0

package import Encoding

extension Form where Value == [UInt8] {
    /// An X25519 public key in hexadecimal digits, to which boxes can be sealed.
    package static var sealingKey: Form {
        hex(byteCount: SealedPayload.keyByteCount).only(
            where: SealedPayload.isAcceptable,
            expected: "an X25519 key in canonical form and of full order"
        )
    }
}

extension Form where Value == SigningKey {
    /// An OpenSSH public key without comment: `ssh-ed25519 B64` or `sk-ssh-ed25519@openssh.com B64`.
    package static var signingKey: Form {
        Form<String>.any.standing(
            for: { text in
                (try? SigningKey(openSSH: text)).flatMap { $0.openSSH.utf8.elementsEqual(text.utf8) ? $0 : nil }
            },
            \.openSSH,
            expected: "an Ed25519 key of OpenSSH without comment"
        )
    }
}
