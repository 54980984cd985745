// SPDX-License-Identifier: Apache-2.0

import CPKCS11
import CertificateAuthority
import Files
import SystemPackage

/// A PKCS#11 token or an NSS database as a store: which module, which token in it, which objects.
struct TokenStore {
    enum Place {
        case pkcs11(PKCS11URI)
        case nss(NSSDatabase)
    }

    let place: Place

    private var isNSS: Bool {
        if case .nss = place { true } else { false }
    }

    /// The name that objects are to have, or have.
    private var label: String? {
        switch place {
        case .pkcs11(let uri): uri.object
        case .nss(let database): database.nickname
        }
    }

    private var identifier: [UInt8]? {
        if case .pkcs11(let uri) = place { uri.id } else { nil }
    }

    /// What errors name: the database, the token once it is known, the module before.
    func subject(_ token: Token?) -> String {
        switch place {
        case .pkcs11(let uri): token.map { "token '\($0.label)'" } ?? uri.modulePath ?? "the modules of p11-kit"
        case .nss(let database): database.directory
        }
    }

    // MARK: Opening

    private func session(forWriting: Bool) throws(StoreError) -> TokenSession {
        let turn = forWriting ? try turn() : nil
        let (module, token) = try find(forWriting: forWriting)
        return try named(token) { () throws(TokenError) in
            guard !forWriting || !token.isWriteProtected else {
                throw .writeProtected
            }
            return try TokenSession(module, token, forWriting: forWriting, turn)
        }
    }

    /// This process's turn: of two restores at once, both would find that the key is not there, and write it.
    private func turn() throws(StoreError) -> TokenTurn {
        let path =
            switch place {
            case .pkcs11(let uri): try P11Kit.module(of: uri)
            case .nss(let database): database.directory
            }
        return try stored(TokenTurn(at: FilePath(path)))
    }

    private func find(forWriting: Bool) throws(StoreError) -> (TokenModule, Token) {
        let (path, parameters): (String, String?)
        switch place {
        case .pkcs11(let uri): (path, parameters) = (try P11Kit.module(of: uri), nil)
        case .nss(let database):
            try database.check(forWriting: forWriting)
            (path, parameters) = (try NSSDatabase.module(), database.parameters(forWriting: forWriting))
        }
        let module: TokenModule
        do throws(TokenError) {
            module = try TokenModule(path: path, parameters: parameters)
        } catch .refused where isNSS {
            throw .notNSS(path: subject(nil))
        } catch {
            throw .token(subject: subject(nil), error)
        }
        return try named(nil) { () throws(TokenError) in
            let present = try module.tokens()
            let fitting = present.filter(fits)
            guard let token = fitting.first else {
                throw .noSuchToken(present: present.filter { $0.isInitialised || isNSS }.map(\.label))
            }
            guard fitting.count == 1 else {
                throw .severalTokens(fitting.map { "\($0.label) (serial \($0.serial))" }.sortedByBytes())
            }
            return (module, token)
        }
    }

    private func fits(_ token: Token) -> Bool {
        switch place {
        case .pkcs11(let uri):
            token.isInitialised && token.label.isEqual(bytesOf: uri.token ?? token.label)
                && token.manufacturer.isEqual(bytesOf: uri.manufacturer ?? token.manufacturer)
                && token.model.isEqual(bytesOf: uri.model ?? token.model)
                && token.serial.isEqual(bytesOf: uri.serial ?? token.serial) && uri.slot ?? token.slot == token.slot
        // Beside it stands a token for arithmetic alone.
        case .nss: token.label.hasSuffix(bytesOf: "Certificate DB")
        }
    }

    /// Asks for the PIN where one is needed, and tries it once.
    private func logIn(_ session: TokenSession, _ ask: KeyStore.PassphraseSource) throws(StoreError) {
        let token = session.token
        guard token.needsPIN else {
            return
        }
        try named(token) { () throws(TokenError) in
            guard !token.isPINLocked else {
                throw .pinLocked
            }
            guard token.hasPIN else {
                throw .pinNotInitialised
            }
        }
        let request = KeyStore.PassphraseRequest(subject: subject(token), attempt: 1, pin: token.tries)
        guard !token.hasKeypad else {
            _ = try ask(KeyStore.PassphraseRequest(subject: subject(token), attempt: 1, pin: .typedAtToken))
            return try named(token) { () throws(TokenError) in try session.logInAtToken() }
        }
        guard let pin = try ask(request) else {
            throw isNSS ? .noPassphrase(path: subject(token)) : .token(subject: subject(token), .noPIN)
        }
        do throws(TokenError) {
            try session.logIn(pin)
        } catch .wrongPIN where isNSS {
            throw .wrongPassphrase(path: subject(token))
        } catch {
            throw .token(subject: subject(token), error)
        }
    }

    private func named<Value>(_ token: Token?, _ body: () throws(TokenError) -> Value) throws(StoreError) -> Value {
        try rethrowing(as: { StoreError.token(subject: subject(token), $0) }, body())
    }

    // MARK: A backup

    /// - Throws: ``StoreError``
    func export(_ ask: KeyStore.PassphraseSource) throws(StoreError) -> (CAMaterial, subject: String) {
        let session = try session(forWriting: false)
        try logIn(session, ask)
        let material = try named(session.token) { () throws(TokenError) in
            try TokenExport(session).material(label: label, identifier: identifier)
        }
        return (material, subject(session.token))
    }

    /// The certificates of one certification authority, without a PIN; at least one.
    ///
    /// - Throws: ``StoreError``
    func certificates() throws(StoreError) -> [Certificate] {
        let session = try session(forWriting: false)
        return try named(session.token) { () throws(TokenError) in
            let all = try session.certificates().filter(\.certificate.isCA)
            let isNamed = { (name: String) in label.map(name.isEqual(bytesOf:)) ?? false }
            let identifiers = try session.keys(CK_OBJECT_CLASS(CKO_PUBLIC_KEY)).filter { isNamed($0.label) }
                .map(\.identifier)
            // A token may call only the key by the name that is given.
            var named = all.filter { label == nil || isNamed($0.label) || identifiers.contains($0.identifier) }
            if let identifier {
                named = named.filter { $0.identifier == identifier }
            }
            let subjects = Set(named.map(\.certificate.subjectName))
            guard let subject = subjects.first else {
                throw .noCertificates
            }
            // Without its key, nothing tells a certification authority's own certificate from its issuer's.
            guard subjects.count == 1 else {
                let names = named.map(\.certificate.subjectName).toldApart()
                let shown = zip(named, names).map { "'\($0.label)' (\($1))" }
                throw .severalAuthorities(shown.distinctByBytes())
            }
            return all.map(\.certificate).distinct.filter { $0.subjectName == subject }.newestFirst()
        }
    }

    // MARK: A restore

    /// Looks whether something is in the way, as far as it shows without a PIN.
    ///
    /// - Parameter certificates: Of all generations, newest first.
    /// - Throws: ``StoreError``
    func preflight(for certificates: [Certificate]) throws(StoreError) {
        try look(try session(forWriting: true), for: certificates)
    }

    /// Rehearses with the PIN, which is tried here first; a key that is there already signs, and everything that is to be
    /// written is tried with other keys, and taken away again.
    ///
    /// - Throws: ``StoreError``
    func rehearse(
        for certificates: [Certificate],
        isPlain: Bool,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) {
        let session = try session(forWriting: true)
        try checkProtection(session, isPlain: isPlain)
        try logIn(session, ask)
        let plan = try look(session, for: certificates)
        for generation in plan.generations {
            let fault = try named(session.token) { () throws(TokenError) in
                try generation.fault(in: session)
            }
            if let fault {
                throw .damagedKey(path: subject(session.token), fault)
            }
        }
        try named(session.token) { () throws(TokenError) in
            let subject = subject(session.token)
            try TokenRehearsal(session: session, plan: plan, subject: subject, time: certificates[0].notBefore).run()
        }
    }

    @discardableResult
    private func look(_ session: TokenSession, for certificates: [Certificate]) throws(StoreError) -> TokenPlan {
        let generations = certificates.generations.map { $0.newestFirst() }
        return try named(session.token) { () throws(TokenError) in
            try TokenPlan(generations, session, label: label, identifier: identifier, isNSS: isNSS)
        }
    }

    /// A database without a password keeps a key in clear, which only somebody may have who asked for it.
    private func checkProtection(_ session: TokenSession, isPlain: Bool) throws(StoreError) {
        guard isPlain == session.token.needsPIN else {
            return
        }
        throw isPlain
            ? .plainKeyInToken(subject: subject(session.token))
            : .token(subject: subject(session.token), .noPassword)
    }

    /// - Throws: ``StoreError``
    func restore(
        _ material: CAMaterial,
        isPlain: Bool,
        _ ask: KeyStore.PassphraseSource
    ) throws(StoreError) -> RestoredKey {
        let session = try session(forWriting: true)
        try checkProtection(session, isPlain: isPlain)
        try logIn(session, ask)
        let done = try named(session.token) { () throws(TokenError) in
            var restore = try TokenRestore(
                material,
                session,
                label: label,
                identifier: identifier,
                isNSS: isNSS,
                subject: subject(session.token)
            )
            return try restore.run()
        }
        var restored = RestoredKey(
            signers: done.signers,
            places: RestoredPlaces(
                written: done.written,
                unchanged: done.unchanged,
                notWritten: done.notWritten,
                remarks: done.remarks
            )
        )
        restored.places.untrusted = untrusted(session, material, restored.places)
        restored.places.isForRootAlone =
            session.token.isSoftHSM && Owner.running.isRoot && !restored.places.written.isEmpty
        restored.places.location = location(of: done.newest.label, done.newest.identifier)
        return restored
    }

    /// The store with the name that the key has there, whatever was asked for.
    private func location(of label: String?, _ identifier: [UInt8]) -> StoreURI {
        switch place {
        case .pkcs11(let uri): .pkcs11(uri.naming(label, identifier))
        case .nss(let database): .nss(NSSDatabase(directory: database.directory, nickname: label))
        }
    }

    /// The certificate, when this run brought it in: what was there already is trusted or not, as its owner said.
    private func untrusted(
        _ session: TokenSession,
        _ material: CAMaterial,
        _ restored: RestoredPlaces
    ) -> NSSDatabase? {
        guard case .nss(let database) = place,
            restored.written.contains(where: { $0.contains(bytesOf: ": certificate ") })
        else {
            return nil
        }
        let entry = (try? session.certificates())?.first { $0.certificate == material.newest }
        return NSSDatabase(directory: database.directory, nickname: entry?.label ?? database.nickname)
    }
}

extension Token {
    /// How many wrong PINs it still takes, as far as it says.
    fileprivate var tries: KeyStore.PINTries { isPINAtLastTry ? .last : isPINCountLow ? .few : .notSaid }
}
