// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// Another program that uses the library, as a stranger would: nothing but its public face is seen from here.
let package = Package(
    name: "LibraryUse",
    dependencies: [
        .package(name: "ca-escrow", path: "../.."),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
    ],
    targets: [
        .executableTarget(
            name: "LibraryUse",
            dependencies: [
                .product(name: "Escrow", package: "ca-escrow"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: [.treatAllWarnings(as: .error)]
        )
    ]
)
