// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// A package of its own: `-enable-testing`, which shows it the modules, would build everything anew.
let package = Package(
    name: "InProcess",
    dependencies: [.package(name: "ca-escrow", path: "../../..")],
    targets: [
        .executableTarget(
            name: "InProcess",
            dependencies: [.product(name: "SharingModules", package: "ca-escrow")],
            path: "Sources",
            swiftSettings: [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]
        )
    ]
)
