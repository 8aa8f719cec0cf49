import Engine
import Foundation

/// The file names in a report's folder. No name is given twice, not even in another case, because some file systems
/// ignore case. No picture gets the name of one of the report's own files.
package struct FileNameRegistry: Sendable {
  private var taken: Set<String> = []

  package init() {}

  /// The file name `base.ending`, with the first free number from 2 if it is taken: `plot-2.png`.
  package mutating func add(_ base: String, ending: String) -> String {
    let base = ReportFormat.isReportFile("\(base).\(ending)".lowercased()) ? "fig-\(base)" : base
    var name = "\(base).\(ending)"
    var number = 2
    while !taken.insert(name.precomposedStringWithCanonicalMapping.lowercased()).inserted {
      name = "\(base)-\(number).\(ending)"
      number += 1
    }
    return name
  }

  /// The name of a PNG picture, without its extension, made as by `add`.
  package mutating func add(png base: String) -> String { String(add(base, ending: "png").dropLast(4)) }
}
