// SPDX-License-Identifier: Apache-2.0

import Files
import Foundation
import Glibc
import SystemPackage
import TestSupport
import Testing

@testable import CertificateAuthority
@testable import KeyStores

/// What `openssl ca` opens for generated configurations, seen by strace, is what we would open.
///
/// A thousand in a whole run; a failure names its seed.
@Suite("Generated configurations of openssl ca")
struct ConfigurationPropertyTests {
    private static let count = 1000 / TestRun.step(10)

    let folder: TemporaryFolder

    init() throws {
        try OpenSSL.start()
        folder = try TemporaryFolder()
    }

    /// Fifty for each case, since strace and openssl can work side by side.
    private static let cases = Array(stride(from: 1, through: count, by: 50))

    @Test("openssl ca issues and looks nowhere but where we do", arguments: cases)
    func agreement(first: Int) throws {
        try folder.sh("openssl genpkey \(Sample.p256.rawValue) -out key.pem")
        try folder.sh("openssl req -x509 -new -key key.pem -subj '/CN=Acme CA' -out ca.crt")
        try folder.sh("openssl req -new -key key.pem -subj '/CN=x' -out x.csr")
        try folder.write("number", "01\n")
        try folder.write("index", "")
        var expected: [Int: Set<String>] = [:]
        var script = "HOME='\(ProcessInfo.processInfo.environment["HOME"] ?? "/")'; export HOME\n"
        for seed in first...min(first + 49, Self.count) {
            var random = SeededGenerator(seed: UInt64(seed))
            let top = try Files.resolved(FilePath(folder("\(seed)"))).string
            let configuration = try made(GeneratedConfiguration(in: top, using: &random), top)
            expected[seed] = try places(configuration, seed)
            script +=
                "( cd '\(configuration.folder)' && exec openssl ca -batch -notext -config '\(configuration.name)' "
                + (configuration.section.map { "-name '\($0)' " } ?? "")
                + "-days 1 -crldays 1 -gencrl -in '\(folder("x.csr"))' -out '\(folder("out-\(seed)"))' ) 2>> '\(folder("errors"))'"
                + " || echo \(seed) >> failed\n"
        }
        try folder.write("run.sh", script)
        try folder.sh("strace -f -qq -s 4096 -e trace=%file -o all sh run.sh; touch failed")
        // Process, call and paths; what the system's libraries open is most of it.
        let paths = #"s/^\([0-9]*\) *\([a-z0-9]*\)([^"]*"\([^"]*\)"[^"]*\("\([^"]*\)"\)*.*/\1\t\2\t\3\t\5/p"#
        let system = #"\t/\(etc\|lib\|lib64\|usr\|proc\|sys\|dev\)\(/\|\t\)"#
        try folder.sh("sed -n '\(paths)' all | grep -v \"$(printf '\(system)')\" | sort -u > trace")
        #expect(try String(decoding: folder.read("failed"), as: UTF8.self) == "", "seeds")
        let opened = try opened()
        for (seed, places) in expected {
            let difference = places.symmetricDifference(opened[seed] ?? [])
            #expect(difference == [], "seed \(seed)")
        }
    }

    /// Makes the tree and the configuration in it.
    private func made(_ configuration: GeneratedConfiguration, _ top: String) throws -> GeneratedConfiguration {
        for directory in GeneratedConfiguration.directories {
            try FileManager.default.createDirectory(atPath: "\(top)/\(directory)", withIntermediateDirectories: true)
        }
        try FileManager.default.createSymbolicLink(atPath: "\(top)/home/link", withDestinationPath: "../far/away")
        var files = configuration.included
        files["home/\(configuration.name)"] = configuration.text
        for (path, text) in files {
            try Data(text.utf8).write(to: URL(filePath: "\(top)/\(path)"))
        }
        return configuration
    }

    /// Puts everything where we say, so that `openssl ca` has it if it looks there, and says what it will look at.
    private func places(_ configuration: GeneratedConfiguration, _ seed: Int) throws -> Set<String> {
        let isNamed = configuration.name == "openssl.cnf" && seed.isMultiple(of: 2)
        let path = FilePath(isNamed ? configuration.folder : "\(configuration.folder)/\(configuration.name)")
        let ours = try OpenSSLConfiguration(at: path, section: configuration.section)
        let files = try ours.files()
        var found: Set<String> = []
        for role in ["private_key", "certificate", "database", "serial", "crlnumber", "new_certs_dir"] {
            let path: String
            switch role {
            case "private_key":
                path = files.key.string
                try link("key.pem", path)
            case "certificate":
                path = files.certificates[0].string
                try link("ca.crt", path)
            default:
                path = try #require(try ours.path(role), "seed \(seed)").string
                role == "new_certs_dir"
                    ? try makeDirectory(path) : try link(role == "database" ? "index" : "number", path)
            }
            let place = try real(path)
            found.insert(place)
            switch role {
            case "database": found.formUnion([".attr", ".new", ".attr.new", ".old", ".attr.old"].map { place + $0 })
            case "serial", "crlnumber": found.formUnion([".new", ".old"].map { place + $0 })
            case "new_certs_dir": found.insert("\(place)/01.pem")
            default: break
            }
        }
        return found
    }

    /// By the kernel alone, as `..` behind a link wants it.
    private func makeDirectory(_ path: String) throws {
        var status = unsafe mkdir(path, 0o755)
        if status != 0, errno == ENOENT, let slash = path.lastIndex(of: "/") {
            try makeDirectory(String(path[..<slash]))
            status = unsafe mkdir(path, 0o755)
        }
        guard status == 0 || errno == EEXIST else {
            throw Errno(rawValue: errno)
        }
    }

    private func link(_ name: String, _ path: String) throws {
        try makeDirectory(String(path[..<(try #require(path.lastIndex(of: "/")))]))
        guard unsafe Glibc.link(folder(name), path) == 0 else {
            throw Errno(rawValue: errno)
        }
    }

    /// The absolute path of a file in a directory that is there, by the kernel: a `FilePath` takes its time in a debug build.
    private func real(_ path: String) throws -> String {
        var path = path
        // A directory may end in a slash.
        while path.hasSuffix("/") || path.hasSuffix("/.") {
            path.removeLast()
        }
        let slash = try #require(path.utf8.lastIndex(of: UInt8(ascii: "/")))
        guard let parent = unsafe realpath(String(path[...slash]), nil) else {
            throw Errno(rawValue: errno)
        }
        defer { unsafe free(parent) }
        return unsafe String(cString: parent) + path[slash...]
    }

    /// What each run opened, made or renamed, of all that is not the system's and not ours.
    private func opened() throws -> [Int: Set<String>] {
        var byProcess: [Substring: (folder: String?, paths: Set<String>)] = [:]
        for line in String(decoding: try folder.read("trace"), as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            let paths = parts.dropFirst(2).map { String($0).replacing("\\303\\274", with: "\u{FC}") }
            switch parts[1] {
            case "execve": break
            case "chdir": byProcess[parts[0], default: (nil, [])].folder = paths[0]
            default: byProcess[parts[0], default: (nil, [])].paths.formUnion(paths)
            }
        }
        var bySeed: [Int: Set<String>] = [:]
        let top = try Files.resolved(FilePath(folder.path)).string
        for (work, paths) in byProcess.values {
            guard let work, let out = paths.first(where: { $0.hasPrefix("\(folder.path)/out-") }),
                let seed = Int(out.dropFirst("\(folder.path)/out-".count))
            else {
                continue
            }
            bySeed[seed] = []
            for path in paths {
                // A file that is called by a whole address would come first.
                let isOther =
                    path.lowercased().hasPrefix("file:") || [".cnf", ".inc", "parts"].contains { path.hasSuffix($0) }
                if !isOther {
                    bySeed[seed]?.insert(try real(path.hasPrefix("/") ? path : "\(work)/\(path)"))
                }
            }
            bySeed[seed]?.subtract(["\(top)/out-\(seed)", "\(top)/x.csr", "\(top)/errors"])
        }
        return bySeed
    }
}
