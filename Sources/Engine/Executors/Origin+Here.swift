import Core
import Foundation

extension Origin {
  /// The current time and this machine.
  package static var here: Origin {
    Origin(date: Self.text(Date()), processor: Self.processor, host: Self.host, kernels: Self.kernels)
  }

  /// The matrix kernels that cells use on this machine.
  package static let kernels = MatrixKernels.instructions

  package static let host = ProcessInfo.processInfo.hostName

  package static let processor: String = {
    let information = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    let line = information.split(separator: "\n").first { $0.hasPrefix("model name") }
    return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "–"
  }()
}
