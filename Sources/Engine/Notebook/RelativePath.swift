import Foundation

extension URL {
  /// The relative path from `folder` to this file: `../../data.csv`. Links in either path are not resolved.
  package func relativePath(from folder: URL) -> String {
    let here = folder.standardizedFileURL.pathComponents
    let there = standardizedFileURL.pathComponents
    let common = zip(here, there).prefix { $0 == $1 }.count
    let steps = Array(repeating: "..", count: here.count - common) + there.dropFirst(common)
    return steps.isEmpty ? "." : steps.joined(separator: "/")
  }
}
