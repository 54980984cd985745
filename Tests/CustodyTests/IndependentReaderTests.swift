// SPDX-License-Identifier: Apache-2.0

import SecretMemory
import Testing

@testable import Custody
@testable import Encoding

/// What somebody does who has the files and the format's description, libsodium and Python, but not this program.
@Suite("An independent reader")
struct IndependentReaderTests {
    static let program = """
        import base64, ctypes, hashlib, json, sys
        sodium = ctypes.CDLL("libsodium.so.23")
        assert sodium.sodium_init() >= 0
        file = json.load(open("alice.identity"))
        [unlock], size = file["unlocks"], ctypes.c_ulonglong
        key = ctypes.create_string_buffer(32)
        if unlock["kind"] == "passphrase":
            kdf = unlock["kdf"]
            word = open("passphrase", "rb").read()
            assert 0 == sodium.crypto_pwhash(key, size(32), word, size(len(word)), bytes.fromhex(kdf["salt"]),
                                             size(kdf["passes"]), ctypes.c_size_t(kdf["memory"]), 2)
        sealed = base64.b64decode(unlock.pop("ciphertext"))
        bound = (json.dumps(file, indent=2, sort_keys=True, ensure_ascii=False) + "\\n").encode()
        seed = ctypes.create_string_buffer(32)
        assert 0 == sodium.crypto_aead_xchacha20poly1305_ietf_decrypt(
            seed, None, None, sealed, size(len(sealed)), bound, size(len(bound)), bytes.fromhex(unlock["nonce"]), key)
        subkey, public, secret = (ctypes.create_string_buffer(n) for n in (32, 32, 32))
        sodium.crypto_kdf_derive_from_key(subkey, ctypes.c_size_t(32), ctypes.c_uint64(1), b"caescrow", seed)
        sodium.crypto_box_seed_keypair(public, secret, subkey)
        assert public.raw.hex() == file["sealingKey"]
        box, payload = open("box", "rb").read(), ctypes.create_string_buffer(144)
        assert 0 == sodium.crypto_box_seal_open(payload, box, size(len(box)), public, secret)
        assert payload.raw[:8] == b"CAES" + bytes([1, 1, 0, 0]) and payload.raw[80:112] == public.raw
        print(payload.raw[112:].hex())
        """

    @Test("Python and libsodium open an identity and a box", arguments: [true, false])
    func open(hasPassphrase: Bool) throws {
        let folder = try TemporaryFolder()
        let identity = try Identity.test()
        let passphrase = hasPassphrase ? SecretBytes("correct horse") : nil
        let file = try identity.sealed(passphrase: passphrase, cost: .minimum)
        let header = BoxTests.header(identity.sealingKey)
        try folder.write(file.encoded(), to: "alice.identity")
        try folder.write("correct horse", to: "passphrase")
        try folder.write(try SealedPayload.seal(value: SecretBytes(BoxTests.value), header: header), to: "box")
        let result = try folder.run(["python3", "-c", Self.program])
        #expect(String(decoding: result.output, as: UTF8.self) == Hex.encode(BoxTests.value) + "\n")
    }

    @Test("the identity file is frozen, to the byte")
    func frozen() throws {
        let digest = SHA256Digest(of: try IdentityTests.file().encoded()).description
        #expect(digest == "64362498d5336488eaba9e0ffcae38f5b2507e47a1fc6665eb6379a483a5a854")
    }
}

@Suite("Traps")
struct TrapTests {
    @Test("what no document may hold is never written")
    func documents() async {
        await #expect(processExitsWith: .failure) { _ = JSONValue.array([]).encoded() }
        await #expect(processExitsWith: .failure) { _ = JSONValue.string("a\nb").encoded() }
        await #expect(processExitsWith: .failure) { _ = JSONValue.integer(1 << 53).encoded() }
        await #expect(processExitsWith: .failure) { _ = JSONValue.object(["a b": .integer(1)]).encoded() }
    }

    @Test("zero is never sealed as a share")
    func zeroShare() async {
        await #expect(processExitsWith: .failure) {
            let header = BoxTests.header([9] + [UInt8](repeating: 0, count: 31))
            _ = try? SealedPayload.seal(value: SecretBytes([UInt8](repeating: 0, count: 32)), header: header)
        }
    }
}
