// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// One target for each reader; `fuzz.sh` builds and runs them.
let readers = [
    "Card", "Certificates", "Challenge", "Enrolment", "Envelope", "ForeignJSON", "Identity", "Keys", "Manifest",
    "Parcel",
    "PKCS12", "Plan", "Policy", "Proof", "Receipt", "Record", "Release", "Request", "Signature", "Signers", "State",
    "Store", "Transcript",
]

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
]

// A package of its own: its flags would build everything anew. What it checks is in `Properties`, which the project's own
// tests compile too.
let package = Package(
    name: "Fuzzing",
    dependencies: [
        .package(name: "ca-escrow", path: "../.."),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .target(
            name: "Properties",
            dependencies: [
                .product(name: "EscrowModules", package: "ca-escrow"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Properties",
            swiftSettings: settings
        ),
        .target(name: "Harness", dependencies: ["Properties"], path: "Harness", swiftSettings: settings),
    ]
        + readers.map { reader in
            .executableTarget(
                name: "Fuzz\(reader)",
                dependencies: ["Harness", "Properties"],
                path: "Targets/\(reader)",
                swiftSettings: settings
            )
        }
)
