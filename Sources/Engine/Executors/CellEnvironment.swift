import Core
import Foundation

/// Environment variables that every cell's process gets; the user's own settings win.
package struct CellEnvironment: Sendable {
  /// How many threads one cell may keep busy.
  package var threads: Int

  package var variables: [String: String] {
    let user = ProcessInfo.processInfo.environment
    var variables = [
      "OPENBLAS_NUM_THREADS": String(threads),
      // Sets and dictionaries then have the same order in every run, and what is printed or stored from them is the
      // same.
      "SWIFT_DETERMINISTIC_HASHING": "1",
      "SWIFT_BACKTRACE": CrashReport.backtraceSettings,
    ]
    variables["OPENBLAS_CORETYPE"] = Self.kernels(
      flags: Self.processorFlags, chosen: MatrixKernels.name)
    return variables.filter { user[$0.key] == nil }
  }

  /// The OpenBLAS kernels to ask for, or nil to leave it to OpenBLAS. Releases before 0.3.22 don't know recent AMD
  /// cores and fall back to kernels for AVX2 where the processor has AVX-512, at half the speed.
  /// - Parameters:
  ///   - flags: The processor's features as `/proc/cpuinfo` names them.
  ///   - chosen: The kernels OpenBLAS chose by itself.
  package static func kernels(flags: Set<String>, chosen: String) -> String? {
    guard ["haswell", "zen", "sandybridge", "prescott"].contains(chosen.lowercased()) else { return nil }
    guard flags.isSuperset(of: ["avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd"]) else { return nil }
    return flags.contains("avx512_bf16") ? "COOPERLAKE" : "SKYLAKEX"
  }

  package static let processorFlags: Set<String> = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = information.split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
    return Set(line.split(separator: " ").map(String.init))
  }()
}
