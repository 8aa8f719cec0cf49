import Engine
import Proof
import Report

/// The data that goes with a report to whoever gets its page: data files and parameters.
struct ReportContents {
  private let notebook: String
  private let files: [String]
  private let parameters: [String]

  init(of report: Report, _ lock: ReportLock) {
    notebook = lock.name
    files = report.attachments.filter { $0.kind == .data }.map(\.path)
    parameters = lock.forReport(hiding: report.frontMatter.privateNames).parameters
      .filter { $0.isPrivate != true }.map(\.name)
  }

  /// One line that names what goes with the page, if there is anything in it that the last run's line didn't name.
  func remark(in store: Store, page: String) -> String? {
    let names = files + parameters.map { "the parameter \($0)" }
    let record = "proof/\(notebook).contents"
    let before: [String] = store.record(record) ?? []
    guard names != before else { return nil }
    try? store.setRecord(record, names)
    let new = names.filter { !before.contains($0) }
    guard !new.isEmpty else { return nil }
    let listed = new.prefix(Self.mostNames).joined(separator: ", ")
    let more = new.count > Self.mostNames ? " and \(new.count - Self.mostNames) more" : ""
    return "the page contains \(listed)\(more): labbook unpack \(page) --list shows everything in it, "
      + "and private: leaves things out"
  }

  private static let mostNames = 8
}
