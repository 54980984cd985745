// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own: it needs valgrind's header, and `-enable-testing` would build everything anew.
let package = Package(
    name: "ConstantTime",
    dependencies: [.package(name: "ca-escrow", path: "../..")],
    targets: [
        .target(name: "CMemcheck", path: "Sources/CMemcheck"),
        .executableTarget(
            name: "Check",
            dependencies: ["CMemcheck", .product(name: "SharingModules", package: "ca-escrow")],
            path: "Sources/Check",
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]
        ),
    ]
)
