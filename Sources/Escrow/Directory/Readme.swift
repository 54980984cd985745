// SPDX-License-Identifier: Apache-2.0

import CertificateAuthority
package import Encoding

/// `README.txt`: what lies here and how to restore from it, for someone who has never heard of it.
///
/// It is made from the manifest and nothing else, so that an auditor can compare it byte for byte. Epoch 1's lies at the
/// top of the escrow, a later epoch's in its own directory, since nothing is ever overwritten. Whoever finds the escrow in
/// a safe needs nothing of ours: the text has the whole way from identities to the key.
package enum Readme {
    /// The text of one epoch, UTF-8, ending in a newline.
    package static func text(of manifest: Manifest, digest: SHA256Digest) -> [UInt8] {
        let rows = [
            ("certification authority", manifest.certificate.subject),
            ("certificate SHA-256", SHA256Digest(of: manifest.certificate.der).grouped),
            ("certificates kept", "\(manifest.certificates.count)"),
            ("title", manifest.title ?? "none"),
            ("set", manifest.set.description),
            ("epoch", "\(manifest.epoch), made \(manifest.created) (\(manifest.occasion.rawValue))"),
            ("manifest SHA-256", digest.description),
            ("key file", manifest.pkcs12.name),
            ("key file SHA-256", manifest.pkcs12.sha256.description),
            ("who restores", manifest.policy.text),
            ("who approves", manifest.approval.text),
        ]
        let table = rows.map { name, value in
            "  " + name + String(repeating: " ", count: 26 - name.utf8.count) + value
        }
        let rehearsal = manifest.isRehearsal ? "THIS IS A REHEARSAL: the key in it is a test key.\n\n" : ""
        let number = EpochDirectory.name(of: manifest.epoch, digest)
        return Array(
            """
            Escrow of a certification authority's private key, made by ca-escrow.

            \(rehearsal)\(table.joined(separator: "\n"))

            This text is about the directory \(number). If there is a directory with a
            higher number, it takes the place of this one: read README.txt in it. Which of
            two with one number is the right one, the officers know.

            Everything here is public, may be copied, and opens nothing. The private key is
            in the key file, which is kept elsewhere, and whose password nobody knows: each
            person who restores holds a share of it, sealed to a key of their own.

            \(instructions)
            """.utf8
        )
    }

    /// What to do with it, with this program and without: the same in every epoch.
    private static let instructions = """
        To check this escrow, with no secret (ask the officers for officers.signers, on
        paper or on a known number; never take it from where you found this):

            ca-escrow audit DIRECTORY --signers officers.signers --certificate CA.crt

        To restore the key, with the key file, CA.crt, and enough of the people above
        with their identity files:

            ca-escrow restore DIRECTORY --pkcs12 KEYFILE --certificate CA.crt \\
                --signers officers.signers --to pem:ca.key,ca.crt

        To restore without ca-escrow, take an offline machine, libsodium (crypto_...
        below), openssl and Python. || joins bytes; u16 and u32 are big-endian. Numbers
        are modulo q = 2^252 + 27742317777372353535851937790883648493, as 32 bytes
        little-endian; points are of ristretto255. Words in quotes are members of JSON
        files, which hold bytes as hexadecimal, or as base64 where it is said.

        1. Files. The SHA-256 of manifest.json and of the key file must be those above.
           canonical(d) is what Python gives: (json.dumps(d, indent=2, sort_keys=True,
           ensure_ascii=False) + "\\n").encode(). Each JSON file read here must be
           canonical byte for byte, and its "format" is ca-escrow/v1/KIND, with the KIND
           manifest, identity, request, release-box (NAME.release) or release (in that).
        2. Each identity file. Any u of its "unlocks" that opens will do. For "kind"
           none, key = 32 zero bytes; for passphrase, key = crypto_pwhash(32 bytes, the
           passphrase as typed (UTF-8, no line end), "salt", opslimit "passes", memlimit
           "memory" (bytes) of "kdf", ALG_ARGON2ID13). ad = canonical(the file with u
           alone in "unlocks", and u without "ciphertext"). seed =
           crypto_aead_xchacha20poly1305_ietf_decrypt(u."ciphertext" (base64), ad,
           u."nonce", key), 32 bytes. k = crypto_kdf_derive_from_key(32 bytes, id 1,
           context caescrow, seed). (public, secret) = crypto_box_seed_keypair(k).
           public must be its "sealingKey" and, except in 5, that of its "name" in
           "people".
        3. "policy" is a gate: it has "threshold" t, "commitments" A_0 to A_(t-1), and
           "members" numbered 1, 2, ... in order; each has "custodian", a name, or is a
           gate. A path such as 2.1 is these numbers from the top down. X of member j of
           a gate is A_0 + j A_1 + j^2 A_2 + ... (crypto_scalarmult_ristretto255 and
           crypto_core_ristretto255_add). A_0 of an inner gate must be its own X.
        4. Share. In the entry of "shares" with the "path" that this name has in 3, open
           "box" (base64): p = crypto_box_seal_open(box, public, secret), 144 bytes,
           must be ASCII CAES || hex 01010000 || "set" || u32 "sealedIn" || path || 12
           zero bytes || head || public || y. path is four u16: its numbers, then 0
           (2.1: 2, 1, 0, 0). head is the SHA-256 of canonical(the manifest of epoch
           "sealedIn" without "shares"). That is this manifest or an older one, in a
           directory beside it: "sha256" of "previous" is that of the manifest.json
           before, and so on. If that is lost, take other people or, in need, do not
           check head: y shows that it is right. y must be below q, which libsodium does
           not check, and not 0; crypto_scalarmult_ristretto255_base(y) must be X of path.
        5. Share from afar. A file NAME.release has in base64 "box", "signature" (not
           needed) and "statement", a JSON file: its "box" is the SHA-256 of that box,
           "manifest" that of manifest.json, "request" that of a file in requests/
           beside it, and "custodian" is at its "path" in 3. Open the box as in 4 with
           the request's identity file; its "sealingKey" must be "restoreKey" of the
           request and in no "people". p has hex 01020000 for 01010000, "epoch" of this
           manifest for "sealedIn", and the SHA-256 of the request for head.
        6. Add up, from the innermost gates to the top. Take the shares y_i of exactly t
           members i of a gate: its secret is the sum over i of y_i times the product
           over the other members j of j / (j - i), modulo q: pow(j - i, -1, q). Then
           crypto_scalarmult_ristretto255_base(secret) must be its A_0. This secret is
           the gate's own share in the gate around it; that of the topmost gate is s.
        7. The password is the first 26 characters of base32 (RFC 4648), in lower case,
           of SHA-256(ASCII ca-escrow/v1/password || hex 00 || s), s as 32 bytes. Put it
           into a file PW in memory (/dev/shm), where keys.pem goes as well. If CA.crt
           is lost: it is that of "certificates" (base64) with the SHA-256 above.

            openssl pkcs12 -in KEYFILE -passin file:PW -nocerts -nodes -out keys.pem
            openssl pkcs12 -in KEYFILE -passin file:PW -nokeys -out certs.pem
            openssl pkey -in keys.pem -pubout        # the newest key is the first in it
            openssl x509 -in CA.crt -noout -pubkey   # must be the same

        8. Erase all else, and escrow the key anew under a new password.

        To check an officer's signature, with officers.signers from the officers (where
        others have signed, the manifest.json of the epoch before has their keys):

            ssh-keygen -Y verify -f officers.signers -I OFFICER \\
                -n ca-escrow-manifest-v1 -s manifest.json.OFFICER.sig < manifest.json

        """
}
