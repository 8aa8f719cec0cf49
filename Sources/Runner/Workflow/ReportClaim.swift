import Core
import Engine
import Foundation
import Report

/// The folder of a notebook's report, and what Labbook wrote there before. All else in it is the user's.
struct ReportClaim {
  let folder: URL
  /// The names of the files that an earlier run wrote.
  private let written: Set<String>
  /// Those of them that go when a run doesn't write them again.
  private let removable: Set<String>

  /// - Throws: `NotebookError` when the folder holds the report of another notebook that still exists.
  init(of notebook: Notebook) throws {
    folder = ReportPlace.folder(for: notebook)
    let file = folder.appendingPathComponent(ReportSummary.fileName)
    guard let data = try? Data(contentsOf: file), let summary = ReportSummary(json: data) else {
      (written, removable) = ([], [])
      return
    }
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    // Earlier versions did not write down what they wrote.
    written = Set(summary.written ?? found).union([ReportSummary.fileName])
    removable = Set(summary.written ?? found.filter(ReportFormat.isReportFile))
    guard let owner = summary.notebook.map({ folder.appendingPathComponent($0).standardizedFileURL }) else { return }
    let this = URL(fileURLWithPath: notebook.file).standardizedFileURL
    guard owner.resolvingSymlinksInPath() != this.resolvingSymlinksInPath(),
      FileManager.default.fileExists(atPath: owner.path)
    else { return }
    let reports = ReportFiles.shortened(notebook.folder.appendingPathComponent("reports"))
    throw NotebookError(
      "\(ReportFiles.shortened(folder)) is the report of \(ReportFiles.shortened(owner))",
      at: Place(file: notebook.file),
      remedy: "Rename one of the notebooks, or give this one a folder of reports beside it: mkdir \(reports).")
  }

  /// - Throws: `NotebookError` when the folder can't be made.
  func make() throws {
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      var parent = folder
      var isFolder: ObjCBool = true
      while parent.path != "/", !FileManager.default.fileExists(atPath: parent.path, isDirectory: &isFolder) {
        parent.deleteLastPathComponent()
      }
      let why =
        isFolder.boolValue
        ? "\(ReportFiles.shortened(parent)) can't be written to" : "\(ReportFiles.shortened(parent)) is a file"
      throw NotebookError(
        "the report's folder \(ReportFiles.shortened(folder)) can't be made: \(why)",
        remedy: isFolder.boolValue ? "Give yourself the right to write there." : "Rename that file.")
    }
  }

  /// Makes the folder and sees that the report can be written, before hours of computation.
  /// - Throws: `NotebookError` that says why it can't.
  static func prepare(for notebook: Notebook) throws {
    let place = try ReportClaim(of: notebook)
    try place.make()
    let formats = notebook.frontMatter.formats.union([.html])
    try place.checkFree(formats.flatMap(\.fileNames).sorted() + [ReportSummary.fileName])
  }

  /// - Throws: `NotebookError` when one of these files exists and is not Labbook's.
  func checkFree(_ names: [String]) throws {
    let taken = names.filter {
      !written.contains($0) && FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
    }
    guard let first = taken.first else { return }
    let more = taken.count > 1 ? " and \(taken.count - 1) more" : ""
    throw NotebookError(
      "the report would overwrite \(ReportFiles.shortened(folder.appendingPathComponent(first)))\(more), "
        + "which Labbook did not write",
      remedy: "Move what stands in \(ReportFiles.shortened(folder)) elsewhere, or rename the notebook.")
  }

  /// Takes away what an earlier run wrote and this one did not.
  func removeFiles(except names: Set<String>) {
    for name in removable.subtracting(names) where !name.contains("/") && !name.hasPrefix("..") {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }
}
