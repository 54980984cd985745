// SPDX-License-Identifier: Apache-2.0

import Files
import Glibc
import SystemPackage
import Testing

/// A signal that ends the process politely leaves all of what was made, or nothing.
@Suite struct InterruptionTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("a signal waits for the last of several pieces of work, in whatever order they end")
    func shields() async throws {
        await #expect(processExitsWith: .signal(SIGINT)) { [path = folder.path as String] in
            letThrough()
            let place = FilePath(path)
            var escrow = try StagedDirectory(for: place.appending("acme.escrow"))
            let state = try StagedFile(in: place, named: "acme-state.tar")
            raise(SIGINT)
            try state.publish(as: place.appending("acme-state.tar"), permissions: [.ownerReadWrite])
            try escrow.write([1], to: "manifest.json", permissions: [.ownerReadWrite])
            try escrow.publish(permissions: [.ownerReadWriteExecute])
            try Files.create(place.appending("not-reached"), [1], permissions: [.ownerReadWrite])
        }
        #expect(try folder.sh("ls -A | grep -v stderr") == "acme-state.tar\nacme.escrow\n")
    }

    @Test("long work ends when a signal waits, and nothing of it is left", arguments: [false, true])
    func longWork(isArchive: Bool) async throws {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            [path = folder.path as String, isArchive = isArchive as Bool] in
            letThrough()
            let place = FilePath(path)
            func work() throws {
                if isArchive {
                    let file = try StagedFile(in: place, named: "acme-state.tar")
                    try file.write([1].span)
                    raise(SIGTERM)
                    try file.write([1].span)
                    try file.publish(as: place.appending("acme-state.tar"), permissions: [.ownerReadWrite])
                } else {
                    var places = StagedPlaces()
                    let number = try places.add(place.appending("new/pki/issued"))
                    try places.makeFolder("", at: number, permissions: [.ownerReadWriteExecute])
                    try places.makeFile("a.crt", at: number, permissions: [.ownerReadWrite])
                    raise(SIGTERM)
                    try places.write([1].span)
                    try places.publish()
                }
            }
            try work()
        }
        #expect(try folder.sh("ls -A | grep -v stderr || true") == "")
    }

    @Test("a signal that is ignored ends nothing")
    func ignored() async throws {
        await #expect(processExitsWith: .success) { [path = folder.path as String] in
            letThrough()
            signal(SIGINT, SIG_IGN)
            let file = try StagedFile(in: FilePath(path), named: "acme-state.tar")
            raise(SIGINT)
            try file.write([1].span)
        }
    }
}

/// A test's thread holds signals back, the program's does not.
private func letThrough() {
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
}
