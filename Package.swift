// swift-tools-version: 6.2
import PackageDescription

// Everyday builds use the debug configuration, in which swift-syntax builds in a fifth of its release time; what runs
// inside training loops and drawing loops is optimised all the same.
let optimised: [SwiftSetting] = [
  .unsafeFlags(["-O"], .when(configuration: .debug)),
  // Otherwise every square root in a loop is a call of the C library, for the sake of errno.
  .unsafeFlags(["-Xcc", "-fno-math-errno"]),
]

let package = Package(
  name: "Labbook",
  products: [
    .executable(name: "labbook", targets: ["Launcher"]),
    .executable(name: "labbook-runner", targets: ["Runner"]),
    .library(name: "LabbookCell", type: .dynamic, targets: ["Cell", "Core", "Plot"]),
  ]
    // For Benchmarks, a package of its own.
    + ["COpenBLAS", "Core", "Numerics", "Plot"].map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    .systemLibrary(
      name: "CCairo", pkgConfig: "pangocairo cairo cairo-pdf cairo-svg",
      providers: [.apt(["libcairo2-dev", "libpango1.0-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(
      name: "CMarkdown", pkgConfig: "libcmark-gfm",
      providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"])]),
    .systemLibrary(
      name: "CPixbuf", pkgConfig: "gdk-pixbuf-2.0", providers: [.apt(["libgdk-pixbuf-2.0-dev", "librsvg2-common"])]),
    .systemLibrary(name: "CStandardOutput"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    // Not linked: libopenblas-dev is loaded when it is needed.
    .target(name: "COpenBLAS"),
    .target(name: "CKernels", exclude: ["products.inc", "rows.inc"], cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "ONNXFormat", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "onnx.proto"]),
    // A value takes dozens of small calls and accesses to the encoder's state, which is never shared. (More than no threads,
    // as the compiler else wants one index for all files.)
    .target(
      name: "CBOR",
      swiftSettings: optimised + [
        .unsafeFlags(["-enforce-exclusivity=unchecked", "-whole-module-optimization", "-num-threads", "1"])
      ]),
    .target(name: "Basics", swiftSettings: optimised),
    .target(name: "Numerics", dependencies: ["Basics", "CKernels", "COpenBLAS"], swiftSettings: optimised),
    .target(
      name: "Core", dependencies: ["Basics", "CBOR", "Numerics", "CCrypto", "COpenBLAS", "ONNXFormat"],
      swiftSettings: optimised),
    .target(name: "Plot", dependencies: ["Basics", "CCairo", "CDeflate"], swiftSettings: optimised),
    .target(
      name: "Cell", dependencies: ["Basics", "CBOR", "Core", "Plot", "CCrypto", "CStandardOutput"],
      swiftSettings: optimised),
    .target(name: "Receipt", swiftSettings: optimised),
    .executableTarget(name: "Launcher", dependencies: ["Receipt"], swiftSettings: optimised),
    .executableTarget(
      name: "Runner",
      dependencies: [
        "Basics", "CBOR", "Cell", "Core", "Plot", "Receipt", "CCairo", "CCrypto", "CMarkdown", "CPixbuf",
        "CStandardOutput", "CZlib",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "SwiftIDEUtils", package: "swift-syntax"),
        .product(name: "SwiftLexicalLookup", package: "swift-syntax"),
        .product(name: "SwiftParser", package: "swift-syntax"),
        .product(name: "SwiftSyntax", package: "swift-syntax"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"]),
    .testTarget(name: "CBORTests", dependencies: ["CBOR"]),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"]),
    .testTarget(name: "CoreTests", dependencies: ["CBOR", "Core", "Numerics"]),
    .testTarget(name: "ReceiptTests", dependencies: ["Receipt"]),
    .testTarget(name: "PlotTests", dependencies: ["Plot"], exclude: ["Pictures"]),
    .testTarget(
      name: "RunnerTests", dependencies: ["CBOR", "Runner", "Cell", "Core", "Plot"], exclude: ["Snapshots"]),
  ],
  swiftLanguageModes: [.v6]
)
