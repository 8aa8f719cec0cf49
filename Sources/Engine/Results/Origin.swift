import Foundation

/// When and on which machine a result was made.
package struct Origin: Codable, Hashable, Sendable {
  /// The time in UTC, in the form of ISO 8601: `2023-11-16T09:30:00Z`.
  package var date: String
  package var processor: String
  /// The machine's name; nil in results of older versions, which did not store it.
  package var host: String?
  /// The instruction set of the matrix kernels. No result depends on it.
  package var kernels: String

  package static func text(_ date: Date) -> String {
    date.formatted(.iso8601)
  }
}
