import Engine
import Foundation

/// The names of files in a report's folder, each given once. Upper and lower case count as one, since they do on some
/// disks, and no picture takes the name of one of the report's own files.
package struct FileNameRegistry: Sendable {
  private var taken: Set<String> = []

  package init() {}

  /// `base.ending`, or with the first free number from 2: `plot-2.png`.
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

  /// As `add`, for a picture in PNG; the name without its ending.
  package mutating func add(png base: String) -> String { String(add(base, ending: "png").dropLast(4)) }
}
