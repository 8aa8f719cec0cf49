// swift-tools-version: 6.2
import PackageDescription

// The benchmarks are built as in everyday use: in the debug configuration, with the hot targets optimised.
let optimised: [SwiftSetting] = [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// The program `NAMEBenchmark` of the folder NAME, which uses modules of the main package.
func benchmark(_ name: String, uses modules: [String]) -> Target {
  .executableTarget(
    name: "\(name)Benchmark", dependencies: modules.map { .product(name: $0, package: "Labbook") }, path: name,
    swiftSettings: optimised)
}

let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "Labbook", path: "..")],
  targets: [
    benchmark("Charts", uses: ["Plot"]),
    benchmark("GCN", uses: ["Core", "COpenBLAS"]),
    benchmark("Networks", uses: ["Core", "Networks"]),
    benchmark("Values", uses: ["LabbookCell"]),
    benchmark("Tape", uses: ["Core", "Numerics"]),
    benchmark("Families", uses: ["Core", "Numerics"]),
  ],
  swiftLanguageModes: [.v6]
)
