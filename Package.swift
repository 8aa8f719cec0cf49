// swift-tools-version: 6.2
import Foundation
import PackageDescription

// Everyday builds use the debug configuration, in which swift-syntax builds in a fifth of its release time. Targets
// with training loops and drawing loops are optimised nevertheless.
let optimised: [SwiftSetting] = [
  .unsafeFlags(["-O"], .when(configuration: .debug)),
  // Without this option, every square root in a loop calls the C library, which may set errno.
  .unsafeFlags(["-Xcc", "-fno-math-errno"]),
]

// The folder of the toolchain's own SwiftSyntax, which is optimised shared libraries. Labbook links these, since it
// needs this toolchain for its cells anyway, and the package swift-syntax takes minutes to build. If a toolchain has no
// such libraries, or with LABBOOK_SWIFT_SYNTAX=package in the environment, the package is built instead.
let toolchainSyntax: String? = {
  guard Context.environment["LABBOOK_SWIFT_SYNTAX"] != "package",
    // This manifest runs with a library of the toolchain that builds the package, so the process's memory map contains
    // the toolchain's path. FileHandle reads the map to its end; Data(contentsOf:) would return only its first part.
    let maps = try? FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/maps")).readToEnd(),
    let line = String(decoding: maps, as: UTF8.self).split(separator: "\n").first(where: {
      $0.hasSuffix("/lib/swift/pm/ManifestAPI/libPackageDescription.so")
    }),
    let start = line.firstIndex(of: "/"), let end = line.range(of: "/pm/ManifestAPI/")
  else { return nil }
  let folder = line[start..<end.lowerBound] + "/host"
  let modules = ["SwiftIDEUtils", "SwiftParser", "SwiftSyntax"]
  let needed = modules.flatMap { ["\(folder)/\($0).swiftmodule", "\(folder)/lib\($0).so"] }
  guard needed.allSatisfy(FileManager.default.fileExists) else { return nil }
  // The compiler would find modules of the package from an earlier build before the toolchain's, so they are removed.
  for module in modules + ["SwiftDiagnostics"] {
    let left = "\(Context.packageDirectory)/.build/debug/Modules/\(module).swiftmodule"
    try? FileManager.default.removeItem(atPath: left)
  }
  return String(folder)
}()

/// The compiler settings of targets that import SwiftSyntax, and of test targets that import these.
let syntaxSettings: [SwiftSetting] = toolchainSyntax.map { [.unsafeFlags(["-I", $0])] } ?? []
let syntaxLinking: [LinkerSetting] =
  toolchainSyntax.map { [.unsafeFlags(["-L", $0, "-Xlinker", "-rpath", "-Xlinker", $0])] } ?? []
let syntaxProducts: [Target.Dependency] =
  toolchainSyntax != nil
  ? []
  : ["SwiftIDEUtils", "SwiftParser", "SwiftSyntax"].map { .product(name: $0, package: "swift-syntax") }

let package = Package(
  name: "Labbook",
  products: [
    .executable(name: "labbook", targets: ["Launcher"]),
    .executable(name: "labbook-runner", targets: ["Runner"]),
    .library(name: "LabbookCell", type: .dynamic, targets: ["Cell", "Core", "Measure", "Networks", "ONNX", "Plot"]),
  ]
    // These libraries are for Benchmarks, which is a separate package.
    + ["COpenBLAS", "Core", "Networks", "Numerics", "Plot"].map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ] + (toolchainSyntax == nil ? [.package(url: "https://github.com/swiftlang/swift-syntax", from: "603.0.1")] : []),
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
    // OpenBLAS isn't linked; it is loaded when it is first used.
    .target(name: "COpenBLAS"),
    // Loaded when it is needed, too. The layers around oneDNN's convolutions are as free in their arithmetic as it is.
    .target(name: "COneDNN", cSettings: [.unsafeFlags(["-O3", "-fno-math-errno"])]),
    .target(name: "CPictures"),
    // No multiplication is fused with an addition unless the source says so.
    .target(
      name: "CKernels",
      exclude: [
        "products.inc", "rows.inc", "tape.inc", "tape_double.inc", "tape_single.inc", "vectors.inc",
      ],
      cSettings: [.unsafeFlags(["-O3", "-ffp-contract=off", "-fno-math-errno"])]),
    // MPFR isn't linked; it is loaded when it is first used.
    .target(name: "CElementary", cSettings: [.unsafeFlags(["-O2", "-ffp-contract=off"])]),
    // System calls for Landlock, seccomp, prctl, affinity and writeback.
    .target(name: "CProcess"),
    .target(name: "Basics", swiftSettings: optimised),
    // Encoding a value takes dozens of small calls and accesses to the encoder's state, which is never shared, so the
    // target is compiled as a whole and without exclusivity checks. (With -num-threads 0 the compiler would expect one
    // index for all files.)
    .target(
      name: "CBOR",
      swiftSettings: optimised + [
        .unsafeFlags(["-enforce-exclusivity=unchecked", "-whole-module-optimization", "-num-threads", "1"])
      ]),
    .target(name: "Numerics", dependencies: ["Basics", "CElementary", "CKernels"], swiftSettings: optimised),
    .target(
      name: "Core", dependencies: ["Basics", "CBOR", "Numerics", "CCrypto", "CDeflate"],
      swiftSettings: optimised + [.unsafeFlags(["-whole-module-optimization", "-num-threads", "2"])]),
    .target(name: "ONNX", dependencies: ["Basics", "Core"], swiftSettings: optimised),
    .target(
      name: "Networks", dependencies: ["Basics", "Numerics", "Core", "ONNX", "COneDNN", "CPictures"],
      swiftSettings: optimised),
    .target(name: "Plot", dependencies: ["Basics", "Numerics", "CCairo", "CDeflate"], swiftSettings: optimised),
    .target(name: "Wire", dependencies: ["Basics", "Core", "Plot", "CCrypto", "CProcess"], swiftSettings: optimised),
    // The agent's files are embedded in the library, because a cell's process has no resource bundle.
    .target(
      name: "Measure",
      dependencies: [
        "Basics", "Core", "Networks", "ONNX", "Wire", "CProcess",
        .product(name: "Yams", package: "Yams"),
      ],
      resources: [
        "begin", "runtime_onnxruntime", "runtime_mnn", "runtime_ncnn", "runtime_litert", "system", "worker", "serve",
      ].map { .embedInCode("Connection/Agent/\($0).py") }, swiftSettings: optimised),
    .target(
      name: "Cell",
      dependencies: ["Basics", "CBOR", "Core", "Measure", "Networks", "ONNX", "Plot", "Wire", "CStandardOutput"],
      swiftSettings: optimised),
    .target(name: "Markup", dependencies: ["Basics", "Core", "Plot", "CMarkdown"]),
    .target(
      name: "Engine",
      dependencies: [
        "Basics", "Core", "Markup", "Plot", "Wire", "CCrypto", "CProcess", "CStandardOutput",
        .product(name: "Subprocess", package: "swift-subprocess"),
        .product(name: "Yams", package: "Yams"),
      ] + syntaxProducts, swiftSettings: syntaxSettings, linkerSettings: syntaxLinking),
    .target(
      name: "Report",
      dependencies: [
        "Basics", "Core", "Engine", "Markup", "Plot", "Wire",
      ] + syntaxProducts, swiftSettings: syntaxSettings),
    .target(
      name: "Paper", dependencies: ["Basics", "Core", "Engine", "Markup", "Plot", "Report", "CCairo", "CPixbuf"],
      swiftSettings: syntaxSettings),
    .target(
      name: "Proof",
      dependencies: [
        "Basics", "CBOR", "Core", "Engine", "Markup", "Plot", "Report", "Wire", "CZlib",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: syntaxSettings),
    .target(name: "Receipt", swiftSettings: optimised),
    .executableTarget(name: "Launcher", dependencies: ["Receipt"], swiftSettings: optimised),
    .executableTarget(
      name: "Runner",
      dependencies: [
        "Basics", "Core", "Engine", "Markup", "Measure", "ONNX", "Paper", "Plot", "Proof", "Receipt", "Report", "Wire",
        "CStandardOutput",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "FlyingFox", package: "FlyingFox"),
        .product(name: "FlyingSocks", package: "FlyingFox"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ], swiftSettings: syntaxSettings),
    .testTarget(name: "BasicsTests", dependencies: ["Basics"]),
    .testTarget(name: "NumericsTests", dependencies: ["CElementary", "Numerics"]),
    .testTarget(name: "CBORTests", dependencies: ["CBOR"]),
    .testTarget(name: "CoreTests", dependencies: ["CBOR", "Core", "Numerics"], exclude: ["OldPredictors"]),
    .testTarget(name: "ONNXTests", dependencies: ["Basics", "CBOR", "Core", "ONNX"]),
    .testTarget(name: "ReceiptTests", dependencies: ["Receipt"]),
    .testTarget(name: "PlotTests", dependencies: ["Plot", "CCairo"], exclude: ["Pictures"]),
    // Support code that the tests of several targets share.
    .testTarget(
      name: "TestSupport", dependencies: ["Core", "Engine", "Markup", "Plot", "Report"], path: "Tests/TestSupport",
      swiftSettings: syntaxSettings),
    .testTarget(
      name: "NetworksTests", dependencies: ["Core", "COneDNN", "Networks", "Numerics", "ONNX", "TestSupport"],
      swiftSettings: syntaxSettings),
    .testTarget(name: "WireTests", dependencies: ["Wire"]),
    .testTarget(
      name: "MeasureTests", dependencies: ["Basics", "Core", "Measure", "Networks", "ONNX", "TestSupport", "Wire"],
      swiftSettings: syntaxSettings),
    .testTarget(name: "CellTests", dependencies: ["CBOR", "Cell", "Plot", "Wire"]),
    .testTarget(name: "MarkupTests", dependencies: ["Markup", "Numerics"]),
    .testTarget(
      name: "EngineTests", dependencies: ["Core", "Engine", "Plot", "Receipt", "TestSupport", "Wire"],
      swiftSettings: syntaxSettings),
    .testTarget(
      name: "ReportTests",
      dependencies: ["Basics", "Core", "Engine", "Markup", "Numerics", "Plot", "Report", "TestSupport", "Wire"],
      exclude: ["Snapshots"], swiftSettings: syntaxSettings),
    .testTarget(
      name: "PaperTests",
      dependencies: ["Basics", "Core", "Engine", "Markup", "Paper", "Plot", "Report", "TestSupport"],
      exclude: ["Snapshots"], swiftSettings: syntaxSettings),
    .testTarget(
      name: "ProofTests",
      dependencies: ["CBOR", "Core", "Engine", "Markup", "Plot", "Proof", "Report", "Runner", "TestSupport", "Wire"],
      swiftSettings: syntaxSettings),
    .testTarget(
      name: "RunnerTests",
      dependencies: [
        "Basics", "Cell", "Core", "Engine", "Markup", "Paper", "Plot", "Proof", "Receipt", "Report", "Runner",
        "TestSupport", "Wire",
      ], swiftSettings: syntaxSettings),
  ],
  swiftLanguageModes: [.v6]
)
