// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

/// What every target of ours is built with.
let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// Tests are not optimized in any build: that would take longer than they run.
let testSettings = settings + [.unsafeFlags(["-Onone"])]

let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let system = Target.Dependency.product(name: "SystemPackage", package: "swift-system")

let package = Package(
    name: "ca-escrow",
    products: [
        .executable(name: "ca-escrow", targets: ["ca-escrow"]),
        // What other programs use: acts, and the vocabulary of their signatures.
        .library(
            name: "Escrow",
            targets: ["Audit", "Escrow", "KeyStores", "Custody", "Encoding", "SecretMemory"]
        ),
        .library(
            name: "EscrowModules",
            targets: [
                "Ceremony", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding",
                "SecretSharing",
                "Ristretto255",
                "Files", "SecretMemory",
            ]
        ),
        // What ConstantTime looks at, without OpenSSL.
        .library(
            name: "SharingModules",
            targets: ["Custody", "Encoding", "SecretSharing", "Ristretto255", "SecretMemory"]
        ),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium", providers: [.apt(["libsodium-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CLinux"),
        // The header alone, without p11-kit's pkg-config: that would link libp11-kit.
        .systemLibrary(name: "CPKCS11", providers: [.apt(["libp11-kit-dev"])]),

        .target(
            name: "SecretMemory",
            dependencies: ["CSodium", "CLinux"],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")]
        ),
        .target(name: "Files", dependencies: ["CLinux", "SecretMemory", system], swiftSettings: settings),
        .target(name: "Ristretto255", dependencies: ["CSodium", "SecretMemory"], swiftSettings: settings),
        .target(name: "SecretSharing", dependencies: ["Ristretto255", "SecretMemory"], swiftSettings: settings),
        .target(name: "Encoding", dependencies: ["CSodium", "Files"], swiftSettings: settings),
        .target(
            name: "Custody",
            dependencies: ["CSodium", "Encoding", "Files", "SecretMemory"],
            swiftSettings: settings
        ),
        .target(
            name: "CertificateAuthority",
            dependencies: ["COpenSSL", "Files", "SecretMemory"],
            swiftSettings: settings
        ),
        .target(
            name: "KeyStores",
            dependencies: ["CPKCS11", "CertificateAuthority", "Encoding", "Files", "SecretMemory", system],
            swiftSettings: settings
        ),
        .target(name: "Pages", dependencies: ["Encoding", "Files"], swiftSettings: settings),
        .target(
            name: "Escrow",
            dependencies: [
                "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing", "Ristretto255",
                "Files",
                "SecretMemory",
                system,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Audit",
            dependencies: [
                "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing",
                "Ristretto255",
                "Files", system,
            ],
            swiftSettings: settings
        ),
        .target(
            name: "Ceremony",
            dependencies: [
                "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding", "SecretSharing",
                "Files",
                "SecretMemory", system,
            ],
            swiftSettings: settings
        ),
        .executableTarget(
            name: "ca-escrow",
            dependencies: [
                "Ceremony", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding",
                "SecretSharing",
                "Ristretto255",
                "Files", "SecretMemory",
                arguments, system,
            ],
            swiftSettings: settings
        ),

        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: testSettings),
        .testTarget(name: "ArchitectureTests", swiftSettings: testSettings),
        .testTarget(name: "SecretMemoryTests", dependencies: ["SecretMemory"], swiftSettings: testSettings),
        .testTarget(
            name: "SecretSharingTests",
            dependencies: ["TestSupport", "SecretSharing", "Ristretto255", "SecretMemory"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CustodyTests",
            dependencies: ["TestSupport", "Custody", "Encoding", "Files", "SecretMemory"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CertificateAuthorityTests",
            dependencies: [
                "TestSupport", "KeyStores", "CertificateAuthority", "Custody", "Encoding", "Files", "SecretMemory",
                system,
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "EscrowTests",
            dependencies: [
                "TestSupport", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody", "Encoding",
                "SecretSharing",
                "Ristretto255",
                "Files", "SecretMemory",
                system,
            ],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CeremonyTests",
            dependencies: [
                "TestSupport", "Ceremony", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Pages", "Custody",
                "Encoding",
                "SecretSharing",
                "Files",
                "SecretMemory",
                system,
            ],
            swiftSettings: testSettings
        ),
        // What the fuzz targets check, here with their seeds and what they found: no mutator, and no build of its own.
        .testTarget(
            name: "ReaderTests",
            dependencies: [
                "Ceremony", "Audit", "Escrow", "KeyStores", "CertificateAuthority", "Custody", "Encoding",
                "SecretSharing", "Files",
                "SecretMemory",
                system,
            ],
            path: "Tests/Fuzzing",
            exclude: ["Package.swift", "Harness", "Targets", "Seeds", "Found", "Dictionaries", "fuzz.sh"],
            sources: ["Properties", "Replay"],
            swiftSettings: testSettings
        ),
        .testTarget(
            name: "CommandLineTests",
            dependencies: ["TestSupport", "ca-escrow"],
            resources: [.copy("Transcripts")],
            swiftSettings: testSettings
        ),
    ]
)

// `make docs` alone needs it.
if Context.environment["CA_ESCROW_DOCS"] != nil {
    package.dependencies.append(.package(url: "https://github.com/swiftlang/swift-docc-plugin", exact: "1.5.0"))
}
