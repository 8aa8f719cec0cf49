import Foundation

/// A file inside a report's page, so that its reader can unpack and verify the report.
package struct CarriedFile: Sendable {
  package enum Kind: String, Sendable {
    case notebook, lock, results, data
  }

  package var kind: Kind
  /// The path relative to the notebook's folder.
  package var path: String
  package var content: Data
  /// The content compressed in zlib's format, as it is in the page.
  package let compressed: Data

  package init(kind: Kind, path: String, content: Data, compressed: Data) {
    self.kind = kind
    self.path = path
    self.content = content
    self.compressed = compressed
  }
}
