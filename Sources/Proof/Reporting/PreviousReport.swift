import Basics
import Core
import Engine
import Foundation
import Report
import Wire

/// The report that a notebook's front matter names by `previous`.
package struct PreviousReport: Sendable {
  package var lock: ReportLock

  /// Finds the report by the path of a report or a notebook, or by a notebook's name. If a notebook has no report,
  /// its newest results are used.
  /// - Throws: `InputError` when nothing is found, or the report can't be read.
  package init(_ name: String, of notebook: Notebook) throws {
    let (page, file) = Self.places(name, of: notebook)
    FileRegister.note(page.path)
    guard let file else {
      lock = try ReportArchive(reading: page.path).lock(file: page.path)
      return
    }
    if file == URL(fileURLWithPath: notebook.file).standardizedFileURL {
      throw InputError("a notebook can't be its own `previous`", remedy: "Name last week's.")
    }
    var problem: InputError?
    if FileManager.default.fileExists(atPath: page.path) {
      do {
        lock = try ReportArchive(reading: page.path).lock(file: page.path)
        return
      } catch let error as InputError {
        problem = error
      }
    }
    let folder = file.deletingLastPathComponent()
    let notebookName = file.deletingPathExtension().lastPathComponent
    let store = Store.folder(beside: folder)
    FileRegister.note(store.appendingPathComponent(Store.lockPath(notebookName)).path)
    let hasStore = FileManager.default.fileExists(atPath: folder.appendingPathComponent(".labbook").path)
    if hasStore, let stored = try? Store(beside: folder).lock(of: notebookName) {
      lock = stored
      return
    }
    throw problem
      ?? InputError(
        "\"\(name)\" has neither a report nor a result",
        remedy: "Run it once: labbook run \(notebookName).md. Or name its report by a path that ends in .html.")
  }

  /// The page that `name` means, and its notebook where `name` means a notebook.
  package static func places(_ name: String, of notebook: Notebook) -> (page: URL, notebook: URL?) {
    let named = URL(fileURLWithPath: name, relativeTo: notebook.folder).standardizedFileURL
    if named.pathExtension.lowercased() == "html" { return (named, nil) }
    let file = named.pathExtension.lowercased() == "md" ? named : named.appendingPathExtension("md")
    let folder = ReportPlace.folder(
      name: file.deletingPathExtension().lastPathComponent, from: file.deletingLastPathComponent())
    return (folder.appendingPathComponent("index.html"), file)
  }
}

extension Report {
  /// Finds the figures that the front matter names, with their values in the previous report.
  package mutating func setHeadline(_ metrics: [RecordedMetric], of notebook: Notebook) {
    let matter = notebook.frontMatter
    var old: [RecordedMetric] = []
    if let name = matter.previous {
      do {
        old = try PreviousReport(name, of: notebook).lock.metrics
      } catch let error as InputError {
        warnings.append(
          InputError("`previous`: \(error.cause)", at: matter.places["previous"], remedy: error.remedy))
      } catch {
        warnings.append(InputError("`previous`: \(error)", at: matter.places["previous"]))
      }
    }
    for name in matter.headline {
      if let metric = metrics.first(where: { $0.name == name }) {
        headline.append(MetricChange(name: name, old: old.first { $0.name == name }, new: metric))
      } else if cells.values.allSatisfy(\.state.hasResult) {
        let names = metrics.map(\.name)
        let known =
          names.isEmpty
          ? "No cell records any: metric(\"\(name)\", value)." : "There are \(names.joined(separator: ", "))."
        warnings.append(
          InputError(
            "no cell records a metric named \"\(name)\"", at: matter.places["headline"],
            remedy: nearestName(to: name, among: names).map { "Did you mean \"\($0)\"?" } ?? known))
      }
    }
  }
}
