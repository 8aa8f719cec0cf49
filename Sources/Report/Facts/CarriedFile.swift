import Foundation

/// A file that a report carries in its page, so that its reader can unpack and verify it.
package struct CarriedFile: Sendable {
  package enum Kind: String, Sendable {
    case notebook, lock, results, data
  }

  package var kind: Kind
  /// Relative to the notebook's folder.
  package var path: String
  package var content: Data
  /// `content` in zlib's format, as it stands in the page.
  package let compressed: Data

  package init(kind: Kind, path: String, content: Data, compressed: Data) {
    self.kind = kind
    self.path = path
    self.content = content
    self.compressed = compressed
  }
}
