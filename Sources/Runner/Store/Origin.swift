import Core
import Foundation

/// When and on which machine a result was made.
struct Origin: Codable, Hashable, Sendable {
  /// Coordinated universal time, ISO 8601: `2023-11-16T09:30:00Z`.
  var date: String
  var processor: String
  /// The instructions that matrices were multiplied with. No result depends on them.
  var kernels: String

  /// Now, on this machine.
  static var here: Origin {
    Origin(date: Self.text(Date()), processor: Self.processor, kernels: Self.kernels)
  }

  static func text(_ date: Date) -> String {
    date.formatted(.iso8601)
  }

  /// The kernels that cells get here.
  static let kernels = MatrixKernels.instructions

  static let processor: String = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "–"
  }()
}
