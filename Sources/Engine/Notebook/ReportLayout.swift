import Foundation

/// The layout on disk of a notebook that was unpacked from a report to be run, with its data files at the paths that
/// it names.
package struct ReportLayout: Sendable {
  /// The folder that contains the notebook's folder and every folder that its relative paths lead up to.
  package var root: URL
  /// The locations of its data files, which were found by their digests. They are outside `root`, which has links to
  /// them.
  package var dataFiles: [URL]

  package init(root: URL, dataFiles: [URL]) {
    self.root = root
    self.dataFiles = dataFiles
  }
}
