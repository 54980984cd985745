// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// A configuration of `openssl ca` with paths written in one of the ways in which people write them.
///
/// Of a tree like this, in which `@` stands for its top: `@/home` with the configuration, `@/home/link` that leads to
/// `@/far/away`, `@/home/sub`, `@/home/a b`, `@/home/demoCA`, `@/sibling`, `@/far/beside` and `@/abs`.
struct GeneratedConfiguration {
    /// The folder of the configuration, and the configuration in it.
    let folder: String
    let name: String
    let text: String
    /// What `.include` names, by its path.
    private(set) var included: [String: String] = [:]
    /// The section to ask for, when it is not the one of `default_ca`.
    let section: String?

    static let directories = [
        "home/sub/deep", "home/a b", "home/demoCA", "home/parts", "home/\u{FC}", "sibling", "far/away", "far/beside",
        "abs",
    ]

    /// - Parameter top: The tree; `HOME` of this process is the only variable that OpenSSL sees as this process does.
    init(in top: String, using random: inout SeededGenerator) {
        let home = ProcessInfo.processInfo.environment["HOME"] ?? "/"
        let climb = home.split(separator: "/").map { _ in "/.." }.joined()
        let directory = Self.pick(
            [
                ".", "./", ".//", "./.", "././/", "demoCA", "./demoCA", "demoCA/", ".//demoCA//", "./sub/../demoCA",
                "..",
                "../", "../sibling", "../home/demoCA", "link", "./link/", "link/..", "./link/../", "link/../beside",
                "link/.././beside//", "sub/deep/../..", "a b", "\u{FC}", "\(top)/abs", "\(top)//abs/.", "/\(top)/abs",
                "\(top)/home/link/..", "\(top)/home/../abs", "$ENV::HOME\(climb)\(top)/abs",
                "${ENV::HOME}\(climb)\(top)/./home/link/../beside",
            ],
            &random
        )
        let section = Self.pick(["CA_default", "it", "my ca", "x-1.y"], &random)
        let place = Self.pick(["own", "own", "default", "other", "included", "includedAbove"], &random)
        let variable = place == "other" ? "other::dir" : "dir"
        var uses = ["$\(variable)", "${\(variable)}", "$(\(variable))"].map { "\($0)/" }
        uses += place == "other" || place == "own" ? [] : uses
        uses += ["", "./", ".//", "sub/../", "link/../beside/", "\(top)/abs/", "\(top)//home/./a\\ b/"]

        var settings: [(name: String, value: String)] = []
        for role in ["private_key", "certificate", "database", "serial", "crlnumber", "new_certs_dir"] {
            let file = role.replacing("_", with: "-")
            let between = Self.pick(["", "", "private/", "./", ".//", "private/../", "private/.//deep/", "/"], &random)
            let start = Self.pick(uses, &random)
            var value = start + (start.isEmpty && between == "/" ? "" : between) + file
            switch Int.random(in: 0..<12, using: &random) {
            case 0: value = "\"\(Self.pick(["", "./", "\(top)/abs/", "a b/"], &random))\(file) # 1\""
            case 1: value = "'\(Self.pick([".//", "link/../"], &random))\(file)'"
            case 2: value += "   # a remark"
            case 3: value += "\\ 1"
            case 4: value = value.replacing("/\(file)", with: "/\\\n\(file)")
            case 5, 6:
                if role == "private_key" || role == "certificate" {
                    let scheme = Self.pick(["file:", "FILE:", "file://", "file://localhost"], &random)
                    value = "\(scheme)\(top)/\(Self.pick(["abs/", "home/link/../", "/abs/./"], &random))\(file)"
                } else if role == "new_certs_dir" {
                    value += Self.pick(["/", "//", "/."], &random)
                }
            default: break
            }
            if Int.random(in: 0..<10, using: &random) == 0 {
                // The last one counts.
                value = "\(top)/nowhere/\(file)\n\(role) = \(value)"
            }
            settings.append((role, value))
        }

        let isNamed = Int.random(in: 0..<4, using: &random) == 0
        // Where a variable is not known yet, no line can use it.
        let isCommon = ["default", "other", "includedAbove"].contains(place) && Bool.random(using: &random)
        let moved = isCommon ? settings.indices.filter { _ in Bool.random(using: &random) } : []
        let common = moved.map { "\(settings[$0].name) = \(settings[$0].value)" }
        var own = settings.indices.filter { !moved.contains($0) }.map { "\(settings[$0].name)=\(settings[$0].value)" }
        let line = "dir = \(directory)"
        var head: [String] = []
        switch place {
        case "own": own.insert(line, at: 0)
        case "default": head = [line] + common
        case "other": head = ["[other]", line, "[default]"] + common
        case "included":
            let name = Self.pick(["parts/dir.inc", "./parts//dir.inc", "\(top)/home/parts/dir.inc", "parts"], &random)
            included[name.hasSuffix("parts") ? "home/parts/dir.cnf" : "home/parts/dir.inc"] = "\(line)\n"
            own.insert(".include \(Self.pick(["", "= "], &random))\(name)", at: 0)
        default:
            included["home/above.inc"] = "\(line)\n"
            head = [".include link/../../home/above.inc"] + common
        }
        switch Int.random(in: 0..<3, using: &random) {
        case 0: head.insert("default_ca = \(section)", at: 0)
        default: head += ["[ca]", "default_ca = \(section)"]
        }
        let needed = ["policy = any", "default_md = sha256", "unique_subject = no", "[any]", "commonName = supplied"]
        let lines = head + ["[ \(section) ]"] + own + needed
        let end = Int.random(in: 0..<8, using: &random) == 0 ? "\r\n" : "\n"
        let mark = Int.random(in: 0..<16, using: &random) == 0 ? "\u{FEFF}" : ""
        text = mark + lines.joined(separator: "\n").replacing("\n", with: end) + end
        folder = "\(top)/home"
        name = Self.pick(["openssl.cnf", "ca.cnf", "my ca.cnf"], &random)
        self.section = isNamed ? section : nil
    }

    private static func pick<Element>(_ choices: [Element], _ random: inout SeededGenerator) -> Element {
        choices[Int.random(in: choices.indices, using: &random)]
    }
}
