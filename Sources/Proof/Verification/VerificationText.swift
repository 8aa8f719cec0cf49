import Basics
import Foundation
import Report

/// The result of verifying as text for a terminal.
package struct VerificationText {
  package let text: String

  /// The number of differences of a cell that are shown.
  private static let shownDifferences = 5

  /// - Parameter reference: The lock that the results were compared with.
  package init(_ verification: Verification, reference: ReportLock) {
    var table = TextTable(columns: 2)
    var lines: [String] = []
    for cell in verification.cells { table.add([cell.name, Self.verdict(cell, verification.tolerance)]) }
    for (cell, line) in zip(verification.cells, table.lines) {
      lines.append(line)
      for difference in cell.differences.prefix(Self.shownDifferences) {
        let place = difference.path.isEmpty ? "" : "\(difference.path): "
        lines.append("    \(place)\(difference.old) → \(difference.new)")
      }
      if cell.differenceCount > Self.shownDifferences {
        lines.append("    and \(cell.differenceCount - Self.shownDifferences) more")
      }
      if !cell.unseen.isEmpty {
        lines.append("    not the same bits, and not in the report: \(cell.unseen.joined(separator: ", "))")
      }
      if let times = cell.times {
        lines.append("    times, not compared: \(times.joined(separator: ", "))")
      }
      if let names = cell.earlierForm {
        lines.append("    not compared, as an earlier version stored them: \(names.joined(separator: ", "))")
      }
    }
    lines.append(Self.summary(verification))
    if !verification.given.isEmpty {
      lines.append("  pinned, not run again: \(verification.given.joined(separator: ", "))")
    }
    if verification.verdict != .identical { lines += Self.circumstances(verification, reference) }
    text = lines.map(\.visible).joined(separator: "\n") + "\n"
  }

  private static func verdict(_ cell: Verification.Cell, _ tolerance: Double) -> String {
    if let given = cell.given {
      let place = [given.host, given.processor].compactMap { $0 }.joined(separator: ", ")
      return "taken as given: result of \(given.date.prefix(10)), \(place)"
    }
    return switch cell.verdict {
    case .identical: "same bits"
    case .close where cell.largest == 0: "same as far as the report shows"
    case .close: "within \(ProofWords.text(tolerance)), largest difference \(ProofWords.text(cell.largest))"
    case .different: "different"
    }
  }

  private static func summary(_ verification: Verification) -> String {
    let different = verification.cells.filter { $0.verdict == .different }.count
    switch verification.verdict {
    case .identical: return "verified: the same bits"
    case .close: return "verified: the same within \(ProofWords.text(verification.tolerance))"
    case .different: return "not verified: \(different) of \(verification.cells.count) are different"
    }
  }

  /// Circumstances that differ from the reference and may be the reason for differences.
  private static func circumstances(_ verification: Verification, _ reference: ReportLock) -> [String] {
    let pairs = [
      ("processor", reference.processors.joined(separator: "; "), verification.processor),
      ("kernels", reference.kernels.joined(separator: "; "), verification.kernels),
      ("compiler", reference.compiler, verification.compiler),
      ("Labbook's build", String(reference.build.prefix(12)), String(verification.build.prefix(12))),
    ]
    return pairs.filter { $0.1 != $0.2 }.map { "  \($0.0): \($0.1) → \($0.2)" }
  }
}
