import Core
import Engine
import Foundation
import Report

/// The folder of a notebook's report, and the files that Labbook wrote there before. All other files are the user's.
struct ReportClaim {
  let folder: URL
  /// The names of the files that an earlier run wrote.
  private let written: Set<String>
  /// The files among them that the claim removes when the run doesn't write them again.
  private let removable: Set<String>

  /// - Throws: `NotebookError` when the folder holds the report of another existing notebook.
  init(of notebook: Notebook) throws {
    folder = ReportPlace.folder(for: notebook)
    let file = folder.appendingPathComponent(ReportSummary.fileName)
    guard let data = try? Data(contentsOf: file), let summary = ReportSummary(json: data) else {
      (written, removable) = ([], [])
      return
    }
    let found = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    // Summaries of earlier versions don't list the written files.
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
        "the report's folder \(ReportFiles.shortened(folder)) can't be created: \(why)",
        remedy: isFolder.boolValue ? "Give yourself write permission there." : "Rename that file.")
    }
  }

  /// Makes the folder and checks that the report can be written, before cells compute for hours.
  /// - Throws: `NotebookError` with the reason if it can't be written.
  static func prepare(for notebook: Notebook) throws {
    let place = try ReportClaim(of: notebook)
    try place.make()
    let formats = notebook.frontMatter.formats.union([.html])
    try place.checkFree(formats.flatMap(\.fileNames).sorted() + [ReportSummary.fileName])
  }

  /// - Throws: `NotebookError` if one of these files exists and Labbook did not write it.
  func checkFree(_ names: [String]) throws {
    let taken = names.filter {
      !written.contains($0) && FileManager.default.fileExists(atPath: folder.appendingPathComponent($0).path)
    }
    guard let first = taken.first else { return }
    let more = taken.count > 1 ? " and \(taken.count - 1) more" : ""
    throw NotebookError(
      "the report would overwrite \(ReportFiles.shortened(folder.appendingPathComponent(first)))\(more), "
        + "which Labbook did not write",
      remedy: "Move the files in \(ReportFiles.shortened(folder)) elsewhere, or rename the notebook.")
  }

  /// Removes files that an earlier run wrote and this one did not.
  func removeFiles(except names: Set<String>) {
    // The summary may have been edited. An empty name and a point would name the folder itself.
    let others = removable.subtracting(names).filter {
      !$0.isEmpty && $0 != "." && !$0.hasPrefix("..") && !$0.contains("/")
    }
    for name in others {
      try? FileManager.default.removeItem(at: folder.appendingPathComponent(name))
    }
  }
}
