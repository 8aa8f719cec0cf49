import Foundation
import Receipt
import TestSupport
import Testing

@testable import Engine
@testable import Runner

/// Runs that find a receipt. The launcher is alone in a folder, so it can only read a receipt.
@Suite(.waiting) struct ReceiptWriterTests {
  static let source = """
    ---
    params:
      width: 3
    ---

    ```swift {#data}
    let rows = try CSVTable.read("data.csv").rows.map { $0.fields }
    ```

    ```swift {#loss}
    //| fig-cap: Loss
    show(Chart.lossCurves([LossCurve(label: "a", training: [3, 2, 1 / Double(params.width)])]))
    ```

    ![A picture](picture.svg)

    `{swift} rows.count` rows.
    """

  private let notebook: TemporaryNotebook
  private let launcher: String

  init() throws {
    notebook = try TemporaryNotebook(Self.source)
    try notebook.write("a,b\n1,2\n", to: "data.csv")
    try notebook.write("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>", to: "picture.svg")
    let copy = notebook.folder.appendingPathComponent("alone")
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    launcher = copy.appendingPathComponent("labbook").path
    try FileManager.default.copyItem(atPath: TemporaryNotebook.executable, toPath: launcher)
    // The files that a run reads must be older than the run by a tick of the file system's clock.
    usleep(20_000)
  }

  private func launch(_ arguments: String...) throws -> TemporaryNotebook.Ending {
    try notebook.start(arguments, executable: launcher)()
  }

  private func isCurrent() throws -> Bool { try launch("run", "n.md").code == 0 }

  @Test func saysAgainWhatTheRunWouldSay() throws {
    #expect(!(try isCurrent()))
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let quick = try launch("run", "n.md")
    let receipt = try #require(RunReceipt.path(arguments: ["run", "n.md"], folder: notebook.folder.path))
    try FileManager.default.removeItem(atPath: receipt)
    let slow = try notebook.labbook("run", "n.md")
    #expect(quick == slow)
    #expect(quick.output == "reports/n/index.html\n" && quick.errors == "data  fresh\nloss  fresh\n")

    #expect(!(try launch("run", "n.md", "--json").code == 0))
    let json = try notebook.labbook("run", "n.md", "--json")
    #expect(try launch("run", "n.md", "--json") == json)
    #expect(!(try isCurrent()), "the receipt is of a run with other arguments")
  }

  /// Each change is noticed, and the run that it causes undoes it.
  @Test func aChangeOfAnythingNeedsTheRunner() throws {
    func remove(_ path: String) throws {
      try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent(path))
    }
    let blobs = notebook.folder.appendingPathComponent(".labbook/blobs")
    let changes: [(String, () throws -> Void)] = [
      ("a word of the text", { try notebook.edit("` rows.", "` lines.") }),
      ("a data file", { try notebook.write("a,b\n1,3\n", to: "data.csv") }),
      (
        "a picture",
        {
          try notebook.write("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"8\" height=\"8\"/>", to: "picture.svg")
        }
      ),
      ("the report's page", { try remove("reports/n/index.html") }),
      ("a chart's picture", { try notebook.write("", to: "reports/n/loss.png") }),
      (
        "a stored value",
        {
          for name in try FileManager.default.contentsOfDirectory(atPath: blobs.path) {
            try Data("damaged".utf8).write(to: blobs.appendingPathComponent(name))
          }
        }
      ),
      ("the store", { try remove(".labbook") }),
      ("a parameter", { _ = try notebook.labbook("run", "n.md", "-P", "width=5") }),
    ]
    #expect(try notebook.labbook("run", "n.md").code == 0)
    for (name, change) in changes {
      #expect(try isCurrent(), "before the change of \(name)")
      try change()
      #expect(!(try isCurrent()), "\(name)")
      usleep(20_000)
      #expect(try notebook.labbook("run", "n.md").code == 0, "\(name)")
      // A run that found a problem reports it and keeps no receipt.
      _ = try notebook.labbook("run", "n.md")
    }
  }

  @Test func aRunThatWarnsOrFailsKeepsNone() throws {
    try notebook.edit("picture.svg", "missing.svg")
    let first = try notebook.labbook("run", "n.md")
    #expect(first.code == 0 && first.errors.contains("the picture missing.svg can't be read"))
    #expect(!(try isCurrent()))
    #expect(try notebook.labbook("run", "n.md").errors.contains("the picture missing.svg can't be read"))

    try notebook.edit("missing.svg", "picture.svg")
    try notebook.edit("rows.count`", "[1][rows.count]`")
    usleep(20_000)
    #expect(try notebook.labbook("run", "n.md").code == 1)
    #expect(!(try isCurrent()))
  }
}
