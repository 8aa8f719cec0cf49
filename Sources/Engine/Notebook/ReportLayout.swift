import Foundation

/// A report's notebook that was laid out to be run, with its data files where it names them.
package struct ReportLayout: Sendable {
  /// Holds the notebook's folder, and those that its paths lead upward to.
  package var root: URL
  /// Where its data files are, which were found by their digests: outside of `root`, and links in it lead there.
  package var dataFiles: [URL]

  package init(root: URL, dataFiles: [URL]) {
    self.root = root
    self.dataFiles = dataFiles
  }
}
