import Foundation

/// When and on which machine a result was made.
package struct Origin: Codable, Hashable, Sendable {
  /// Coordinated universal time, ISO 8601: `2023-11-16T09:30:00Z`.
  package var date: String
  package var processor: String
  /// The machine's name; nil in results of versions that did not keep it.
  package var host: String?
  /// The instructions that matrices were multiplied with. No result depends on them.
  package var kernels: String

  package static func text(_ date: Date) -> String {
    date.formatted(.iso8601)
  }
}
