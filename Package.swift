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
    .target(
      name: "CKernels", exclude: ["products.inc", "rows.inc", "tape.inc", "tape_single.inc", "tape_double.inc"],
      cSettings: [.unsafeFlags(["-O3"])]),
    .target(
      name: "ONNXFormat", dependencies: [.product(name: "SwiftProtobuf", package: "swift-protobuf")],
      exclude: ["README.md", "onnx.proto"]),
    .target(name: "Basics", swiftSettings: optimised),
    .target(name: "Numerics", dependencies: ["Basics", "CKernels", "COpenBLAS"], swiftSettings: optimised),
    .target(
      name: "Core", dependencies: ["Basics", "Numerics", "CCrypto", "COpenBLAS", "ONNXFormat"],
      swiftSettings: optimised),
    .target(name: "Plot", dependencies: ["Basics", "CCairo", "CDeflate"], swiftSettings: optimised),
    .target(name: "Wire", dependencies: ["Basics", "Core", "Plot", "CCrypto"], swiftSettings: optimised),
    .target(
      name: "Cell", dependencies: ["Basics", "Core", "Plot", "Wire", "CStandardOutput"], swiftSettings: optimised),
    .target(name: "Markup", dependencies: ["Basics", "Core", "CMarkdown"]),
    .target(
      name: "Engine",
      dependencies: [
        "Basics", "Core", "Markup", "Plot", "Wire", "CStandardOutput",
        .product(name: "SwiftIDEUtils", package: "swift-syntax"),
        .product(name: "SwiftLexicalLookup", package: "swift-syntax"),
        .product(name: "SwiftParser", package: "swift-syntax"),
        .product(name: "SwiftSyntax", package: "swift-syntax"),
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "Yams", package: "Yams"),
      ]),
    .target(
      name: "Report",
      dependencies: [
        "Basics", "Core", "Engine", "Markup", "Plot", "Wire",
        .product(name: "SwiftIDEUtils", package: "swift-syntax"),
        .product(name: "SwiftParser", package: "swift-syntax"),
      ]),
    .target(
      name: "Paper", dependencies: ["Basics", "Core", "Engine", "Markup", "Plot", "Report", "CCairo", "CPixbuf"]),
    .target(
      name: "Proof",
      dependencies: [
        "Basics", "Core", "Engine", "Markup", "Plot", "Report", "Wire", "CZlib",
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "Receipt", swiftSettings: optimised),
    .executableTarget(name: "Launcher", dependencies: ["Receipt"], swiftSettings: optimised),
    .executableTarget(
      name: "Runner",
      dependencies: [
        "Basics", "Core", "Engine", "Markup", "Paper", "Plot", "Proof", "Receipt", "Report", "Wire", "CStandardOutput",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"]),
    .testTarget(name: "NumericsTests", dependencies: ["Numerics"]),
    .testTarget(name: "CoreTests", dependencies: ["Core", "Numerics"], exclude: ["OldPredictors"]),
    .testTarget(name: "ReceiptTests", dependencies: ["Receipt"]),
    .testTarget(name: "PlotTests", dependencies: ["Plot"], exclude: ["Pictures"]),
    // What tests of several targets share.
    .testTarget(
      name: "TestSupport", dependencies: ["Core", "Engine", "Markup", "Plot", "Report"], path: "Tests/TestSupport"),
    .testTarget(name: "CellTests", dependencies: ["Cell"]),
    .testTarget(name: "MarkupTests", dependencies: ["Markup"]),
    .testTarget(name: "EngineTests", dependencies: ["Core", "Engine", "Plot", "TestSupport", "Wire"]),
    .testTarget(
      name: "ReportTests", dependencies: ["Core", "Engine", "Markup", "Plot", "Report", "TestSupport", "Wire"],
      exclude: ["Snapshots"]),
    .testTarget(
      name: "PaperTests", dependencies: ["Core", "Engine", "Markup", "Paper", "Plot", "Report", "TestSupport"],
      exclude: ["Snapshots"]),
    .testTarget(
      name: "ProofTests",
      dependencies: ["Core", "Engine", "Plot", "Proof", "Report", "Runner", "TestSupport", "Wire"]),
    .testTarget(
      name: "RunnerTests",
      dependencies: [
        "Basics", "Cell", "Core", "Engine", "Markup", "Paper", "Plot", "Proof", "Receipt", "Report", "Runner",
        "TestSupport", "Wire",
      ]
    ),
  ],
  swiftLanguageModes: [.v6]
)
