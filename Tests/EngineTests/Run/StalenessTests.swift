import Core
import Foundation
import TestSupport
import Testing

@testable import Engine

/// An edit, and the cells that run after it.
@Suite struct StalenessTests {
  struct Row {
    var edit: String
    /// Texts of the notebook and their replacements.
    var texts: [(old: String, new: String)] = []
    /// Files and their new contents; nil removes the file.
    var files: [(name: String, content: String?)] = []
    var parameters: [String] = []
    /// Cells that certainly run.
    var runs: [String] = []
    /// Cells that run if the results of the cells above them change.
    var perhaps: [String] = []
    /// Cells that did run, for the rows that are executed.
    var ran: [String]?
  }

  private static func row(
    _ edit: String, _ old: String, _ new: String, runs: [String] = [], perhaps: [String] = [], ran: [String]? = nil
  ) -> Row {
    Row(edit: edit, texts: [(old, new)], runs: runs, perhaps: perhaps, ran: ran)
  }

  private static let belowData = ["summary", "sign", "verdict", "shown", "train", "errors"]

  private static let prose: [Row] = [
    Row(edit: "nothing", ran: []),
    row("a paragraph above all cells", "# 第一周", "# 第一周\n\n又一段。", ran: []),
    row("other prose", "本周的数据如下。", "数据："),
    Row(edit: "a paragraph moved", texts: [("本周的数据如下。\n\n", ""), ("完。", "本周的数据如下。")]),
    row("an inline expression", "half(answer)`", "half(answer) + 1`", ran: []),
    row("line ends", "\n", "\r\n"),
    row(
      "a longer fence", StalenessNotebook.fence("verdict"),
      StalenessNotebook.fence("verdict").replacingOccurrences(of: "```", with: "````")),
    Row(
      edit: "a fence of tildes",
      texts: [
        (
          StalenessNotebook.fence("verdict"),
          StalenessNotebook.fence("verdict").replacingOccurrences(of: "```", with: "~~~")
        )
      ]),
  ]

  private static let options: [Row] = [
    row("a caption", "fig-cap: 损失", "fig-cap: 训练的损失"),
    row("a figure's description", "//| fig-cap: 损失", "//| fig-cap: 损失\n//| fig-alt: 两条线"),
    row("hidden source", "//| fig-cap: 损失", "//| echo: false\n//| fig-cap: 损失"),
    row("hidden output", "{#shown}", "{#shown output=false}"),
    row("a cell left out of the report", "{#shown}", "{#shown include=false}"),
    row("an error expected", "{#shown}", "{#shown error=true}"),
    row("another timeout", "timeout=1h", "timeout=2h"),
    row("a cell not evaluated", "{#verdict}", "{#verdict eval=false}"),
    row("another title", "title: 第一周", "title: 第二周"),
    row("another date", "author: 张三", "author: 李四\ndate: 2023-11-16\ntoc: false\nheadline: [平均精度]"),
    // Names of metrics are in the report's language; nothing else in the cells depends on it.
    row("another language", "lang: zh-Hans", "lang: en", runs: ["errors"], ran: ["errors"]),
    row("another seed", "seed: 7", "seed: 8", runs: StalenessNotebook.cells),
  ]

  private static let parameters: [Row] = [
    row("a parameter nobody reads", "unused: 1", "unused: 2"),
    row("a parameter more", "unused: 1", "unused: 1, more: 1"),
    row("a parameter less", ", unused: 1", ""),
    row("parameters in another order", "width: 4, epochs: 2", "epochs: 2, width: 4"),
    row("a parameter", "label: 甲", "label: 乙", runs: ["alone"], ran: ["alone"]),
    row("a parameter of another type", "label: 甲", "label: 3", runs: ["alone"]),
    row(
      "a parameter that a helper reads", "width: 4", "width: 5", runs: ["helpers", "train", "alone"],
      perhaps: ["errors"]),
    Row(
      edit: "-P", parameters: ["epochs=3"], runs: ["train"], perhaps: ["errors"], ran: ["train", "errors"]),
    Row(edit: "-P with the value that it has", parameters: ["epochs=2", "label=甲"]),
    row(
      "a parameter's name", "width", "breadth", runs: ["helpers", "train", "alone"], perhaps: ["errors"]),
  ]

  private static let code: [Row] = [
    row("a comment", "// A small network.", "// A network of one layer."),
    row("a comment less", "// A small network.\n", ""),
    row("a helper's documentation", "/// The mean.", "/// Their mean."),
    row("layout", "let isFast = summary.average < 100", "let isFast =\n  summary.average   < 100 // ms"),
    row("layout of a helper", "{ value / 2 }", "{\n  value / 2\n}", ran: []),
    row("a semicolon", "let answer = half(42)\n", "let answer = half(42); "),
    row("a literal", "half(42)", "half(42.0)", runs: ["alone"]),
    row("a variable instead of a constant", "let answer", "var answer", runs: ["alone"]),
    row("what is printed", "\"fast\"", "\"quick\"", runs: ["verdict"], ran: ["verdict"]),
    row("a condition with the same answer", "< 100", "< 1000", runs: ["sign"], perhaps: ["verdict"], ran: ["sign"]),
    row(
      "a condition with another answer", "< 100", "< 0.001", runs: ["sign"], perhaps: ["verdict"],
      ran: ["sign", "verdict"]),
    row(
      "a private name", "_options", "_choice", runs: ["train"], perhaps: ["errors"], ran: ["train"]),
    row("a value's name", "isFast", "isQuick", runs: ["sign", "verdict"]),
    // 12 is stored as the same text as before.
    row(
      "a value's type", "let notes = try String(contentsOfFile: \"notes.txt\", encoding: .utf8).count",
      "let notes = Double(try String(contentsOfFile: \"notes.txt\", encoding: .utf8).count)", runs: ["notes"],
      perhaps: ["noted"], ran: ["notes", "noted"]),
    row("an import that is there", "let answer", "import Foundation\nlet answer", runs: ["alone"]),
    row("a new import", "let answer", "import Glibc\nlet answer", runs: StalenessNotebook.cells),
  ]

  private static let declarations: [Row] = [
    row(
      "a helper with the same result", "values.reduce(0, +) /", "values.reduce(0, +) * 1 /",
      runs: ["helpers", "summary"],
      perhaps: ["sign", "verdict", "shown"], ran: ["helpers", "summary"]),
    row("a helper of one cell", "{ value / 2 }", "{ value * 0.5 }", runs: ["helpers", "alone"]),
    row(
      "a helper more", "func half",
      "func third(_ value: Double) -> Double { value / 3 }\nfunc "
        + "half", runs: ["helpers"]),
    row("a helper's name", "half(", "halved(", runs: ["helpers", "alone"]),
    row(
      "a field more", "var count: Int }", "var count: Int; var unit = \"ms\" }",
      runs: ["helpers", "types", "summary", "sign", "shown"], perhaps: ["verdict"],
      ran: ["helpers", "types", "summary", "sign", "shown"]),
    row("an extension's member", "average.rounded()", "(average * 1).rounded()", runs: ["types", "shown"]),
    row(
      "a conformance", "(count) samples", "(count) graphs", runs: ["types", "summary", "sign", "shown"],
      perhaps: ["verdict"]),
    row("an operator", "a.count + b.count", "b.count + a.count", runs: ["types", "shown"]),
    row("an operator's precedence", "AdditionPrecedence", "MultiplicationPrecedence", runs: ["types", "shown"]),
    row(
      "an extension that nobody uses", "infix operator",
      "extension Int { var twice: Int { self * 2 } }\ninfix operator",
      runs: ["types"]),
  ]

  private static let cells: [Row] = [
    row("a cell's name", "{#verdict}", "{#judgement}", runs: ["judgement"]),
    row("a cell less", StalenessNotebook.fence("noted"), ""),
    row("a cell more", "完。", "```swift {#more}\nprint(summary.count)\n```\n", runs: ["more"], ran: ["more"]),
    row("a cell again", "完。", "```swift {#again}\nprint(notes)\n```\n", runs: ["again"]),
    Row(
      edit: "a cell moved",
      texts: [
        (StalenessNotebook.fence("alone"), ""), ("# 第一周", "# 第一周\n\n\(StalenessNotebook.fence("alone"))"),
      ]),
    Row(
      edit: "helpers in another order",
      texts: [
        (StalenessNotebook.fence("helpers"), ""),
        (
          StalenessNotebook.fence("types"), StalenessNotebook.fence("types") + "\n" + StalenessNotebook.fence("helpers")
        ),
      ]),
    Row(
      edit: "a cell out of its list",
      texts: [
        ("  ```swift {#notes}", "```swift {#notes}"), ("  //| depends", "//| depends"), ("  let notes", "let notes"),
        (".count\n  ```", ".count\n```"),
      ]),
  ]

  private static func files(_ notebook: TemporaryNotebook) throws -> [Row] {
    let latencies = try notebook.text("data/latency.csv")
    let changed = latencies.replacingOccurrences(of: "p0000,epyc-ort-1t,2.7262", with: "p0000,epyc-ort-1t,2.9")
    let other = latencies.replacingOccurrences(of: "p0000,other,9", with: "p0000,other,7")
    return [
      Row(edit: "a data file written anew", files: [("data/latency.csv", latencies)], ran: []),
      Row(
        edit: "a data file", files: [("data/latency.csv", changed)], runs: ["data"], perhaps: belowData,
        ran: ["data", "summary", "sign", "shown", "train", "errors"]),
      Row(
        edit: "another device's latencies in the data file", files: [("data/latency.csv", other)], runs: ["data"],
        perhaps: belowData, ran: ["data"]),
      Row(edit: "a data file gone", files: [("data/latency.csv", nil)], runs: ["data"], perhaps: belowData),
      Row(edit: "a file that nobody reads", files: [("data/README.md", "x")]),
      Row(
        edit: "a declared file", files: [("notes.txt", "12 chars now")], runs: ["notes"], perhaps: ["noted"],
        ran: ["notes"]),
      Row(
        edit: "a declared file, to another value", files: [("notes.txt", "short")], runs: ["notes"], perhaps: ["noted"],
        ran: ["notes", "noted"]),
      Row(edit: "a declared file gone", files: [("notes.txt", nil)], runs: ["notes"], perhaps: ["noted"]),
      Row(
        edit: "a file no longer declared", texts: [("  //| depends: notes.txt\n", "")], runs: ["notes"],
        perhaps: ["noted"]),
      Row(edit: "a file that was not there", files: [("extra.txt", "1")], runs: ["optional"], ran: ["optional"]),
    ]
  }

  private struct Fixture {
    let notebook: TemporaryNotebook

    func run(_ parameters: [String]) throws -> (Notebook, Store) {
      var parsed = try Notebook(reading: notebook.file.path)
      try parsed.setParameters(parameters, file: nil)
      return (parsed, try Store(beside: notebook.folder))
    }

    func plan(_ parameters: [String] = []) async throws -> (runs: [String], perhaps: [String]) {
      let (parsed, store) = try run(parameters)
      // The rows are about cells. CellPlanTests is about the text.
      let items = try await NotebookRun(parsed, store: store).plan().items
        .filter { $0.cell != CheckedNotebook.proseName }
      return (
        items.filter { if case .stale = $0.state { true } else { false } }.map(\.cell),
        items.filter { if case .depends = $0.state { true } else { false } }.map(\.cell)
      )
    }

    func ran(_ parameters: [String]) async throws -> [String] {
      let (parsed, store) = try run(parameters)
      let outcome = try await NotebookRun(parsed, store: store).run(.init()) { _ in }
      let states = parsed.cells.map { ($0.name, outcome.cells[$0.name]?.state.rawValue ?? "–") }
      #expect(
        states.allSatisfy { $0.1 == "ran" || $0.1 == "fresh" },
        "\(parsed.cells.compactMap { outcome.failure($0.name) })")
      return states.filter { $0.1 == "ran" }.map(\.0)
    }
  }

  /// Rows that share a notebook; different groups have notebooks of their own, which are tried side by side.
  enum Group: CaseIterable {
    case text, code, files

    func rows(_ notebook: TemporaryNotebook) throws -> [Row] {
      typealias All = StalenessTests
      return switch self {
      case .text: All.prose + All.options + All.cells
      case .code: All.code + All.declarations
      case .files: try All.parameters + All.files(notebook)
      }
    }
  }

  /// Each edit is undone before the next one, and then nothing has to run.
  @Test(arguments: Group.allCases) func editsRerunWhatTheyTouch(group: Group) async throws {
    let notebook = try StalenessNotebook.make()
    let fixture = Fixture(notebook: notebook)
    try #require(try await fixture.ran([]) == StalenessNotebook.cells)
    let rows = try group.rows(notebook)
    #expect(rows.count >= 20)
    for row in rows {
      for (old, new) in row.texts { try notebook.edit(old, new) }
      let before = row.files.map { ($0.name, try? notebook.text($0.name)) }
      for (name, content) in row.files { try Self.set(name, content, in: notebook) }

      let plan = try await fixture.plan(row.parameters)
      #expect(plan.runs == row.runs, "planned after changing \(row.edit)")
      #expect(plan.perhaps == row.perhaps, "planned after changing \(row.edit)")
      if let expected = row.ran {
        let ran = try await fixture.ran(row.parameters)
        #expect(ran == expected, "after changing \(row.edit)")
        #expect(Set(ran).isSuperset(of: plan.runs) && Set(plan.runs + plan.perhaps).isSuperset(of: ran))
      }

      try notebook.write(StalenessNotebook.source)
      for (name, content) in before { try Self.set(name, content, in: notebook) }
      let undone = try await fixture.plan()
      #expect(undone.runs.isEmpty && undone.perhaps.isEmpty, "after undoing \(row.edit)")
    }
  }

  @Test func anotherNameOrAnotherNotebookOfTheFolderRunsNothing() async throws {
    let notebook = try StalenessNotebook.make()
    #expect(try await Fixture(notebook: notebook).ran([]) == StalenessNotebook.cells)
    let other = notebook.folder.appendingPathComponent("周报.md")
    try FileManager.default.copyItem(at: notebook.file, to: other)
    let run = try await NotebookRun(Notebook(reading: other.path), store: Store(beside: notebook.folder))
    #expect(run.plan().items.allSatisfy { if case .fresh = $0.state { true } else { false } })
    #expect(try await run.run(.init()) { _ in }.cells.values.allSatisfy { $0.state == .fresh })
  }

  /// Beside a link to the notebook's folder there is no table.
  @Test func aFileBesideTheFolderIsFoundThroughALinkToTheFolder() throws {
    let notebook = try TemporaryNotebook("")
    let files = FileManager.default
    try files.createDirectory(
      at: notebook.folder.appendingPathComponent("deep/notebooks"), withIntermediateDirectories: true)
    try notebook.write("a\n1\n", to: "deep/table.csv")
    try notebook.write(
      "---\nallow: [..]\n---\n\n```swift {#x}\nlet x = try CSVTable.read(\"../table.csv\").rows.count\n```\n",
      to: "deep/notebooks/n.md")
    try files.createSymbolicLink(
      at: notebook.folder.appendingPathComponent("link"),
      withDestinationURL: notebook.folder.appendingPathComponent("deep/notebooks"))
    let run = try notebook.labbook("run", "link/n.md")
    #expect(run.code == 0, "\(run)")
    #expect(try notebook.labbook("plan", "link/n.md").output.hasPrefix("x  fresh"))
    try notebook.write("a\n1\n2\n", to: "deep/table.csv")
    #expect(try notebook.labbook("plan", "link/n.md").output.hasPrefix("x  runs: ../table.csv changed"))
  }

  @Test func parametersOfAFileCountAsThoseOfTheCommandLine() throws {
    let notebook = try TemporaryNotebook(
      "---\nparams: {a: 1, b: 2}\n---\n\n```swift {#x}\nlet x = params.a\n```\n\n```swift {#y}\nlet y = params.b\n```\n"
    )
    #expect(try notebook.labbook("run", "n.md").code == 0)
    try notebook.write("b: 3\n", to: "p.yaml")
    let plan = try notebook.labbook("plan", "n.md", "--params", "p.yaml").output
    #expect(plan.hasPrefix("x  fresh\ny  runs: the parameter `b` changed"))
  }

  /// A library with other bytes, and a compiler of another version, each in a folder that replaces the real one.
  @Test func anotherBuildOrCompilerRunsEverything() async throws {
    let notebook = try TemporaryNotebook("```swift {#a}\nlet a = 1\n```\n\n```swift {#b}\nprint(2)\n```\n")
    let files = FileManager.default
    func folder(_ name: String) throws -> URL {
      let url = notebook.folder.appendingPathComponent(name)
      try files.createDirectory(at: url, withIntermediateDirectories: true)
      return url
    }
    let built = URL(fileURLWithPath: TemporaryNotebook.executable).deletingLastPathComponent()
    let library = try folder("library")
    try files.createSymbolicLink(
      at: library.appendingPathComponent("Modules"), withDestinationURL: built.appendingPathComponent("Modules"))
    let copy = library.appendingPathComponent("libLabbookCell.so")
    try files.copyItem(at: built.appendingPathComponent("libLabbookCell.so"), to: copy)
    // Without object files beside it, a library counts as a whole.
    let replaced = [
      "LABBOOK_LIBRARY": library.path, "XDG_CACHE_HOME": notebook.folder.appendingPathComponent("cache").path,
    ]
    func plan(_ environment: [String: String] = [:]) throws -> String {
      try notebook.start(["plan", "n.md"], environment: replaced.merging(environment) { $1 })().output
    }

    #expect(try notebook.start(["run", "n.md"], environment: replaced)().code == 0)
    #expect(try plan().hasPrefix("a  fresh\nb  fresh\n"))
    let handle = try FileHandle(forWritingTo: copy)
    let size = try handle.seekToEnd()
    try handle.write(contentsOf: Data([0]))
    let rebuilt = try plan()
    #expect(rebuilt.hasPrefix("a  runs: the labbook changed"))
    #expect(rebuilt.contains("\nb  runs: the labbook changed"))
    try handle.truncate(atOffset: size)
    try handle.close()
    #expect(try plan().hasPrefix("a  fresh\nb  fresh\n"))

    let toolchain = try await SwiftToolchain.find(UserCache())
    let compiler = try folder("compiler")
    try notebook.write("#!/bin/sh\nexec \(toolchain.compiler) \"$@\"\n", to: "compiler/swiftc")
    try notebook.write(
      "#!/bin/sh\n\(toolchain.frontend) \"$@\" | sed 's/Swift version [0-9.]*/Swift version 9/'\n",
      to: "compiler/swift-frontend")
    for name in ["swiftc", "swift-frontend"] {
      try files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: compiler.appendingPathComponent(name).path)
    }
    let updated = try plan(["LABBOOK_SWIFTC": compiler.appendingPathComponent("swiftc").path])
    #expect(updated.hasPrefix("a  runs: the compiler changed"))
    #expect(updated.contains("\nb  runs: the compiler changed"))
    #expect(try plan().hasPrefix("a  fresh\nb  fresh\n"))
  }

  /// A file that changes while a cell reads it may match neither its old nor its new content.
  @Test(arguments: [
    (
      "let a = try FileAccess.read(\"d.txt\").count\ntry Data(\"two\".utf8).write(to: URL(fileURLWithPath: \"d.txt\"))",
      false
    ),
    (
      "let a = try FileAccess.read(\"d.txt\").count\ntry Data(\"two\".utf8).write(to: URL(fileURLWithPath: "
        + "\"d.txt\"))\nlet b = try FileAccess.read(\"d.txt\").count",
      true
    ),
    ("//| depends: d.txt\ntry Data(\"two\".utf8).write(to: URL(fileURLWithPath: \"d.txt\"))", true),
  ])
  func aFileThatChangedMeanwhileMakesTheResultStale(code: String, staysStale: Bool) async throws {
    let notebook = try TemporaryNotebook("```swift {#a}\n\(code)\n```\n")
    let fixture = Fixture(notebook: notebook)
    try notebook.write("one", to: "d.txt")
    #expect(try await fixture.ran([]) == ["a"])
    #expect(try await fixture.plan().runs == ["a"])
    try notebook.write("one", to: "d.txt")
    #expect(try await fixture.plan().runs == (staysStale ? ["a"] : []))
  }

  private static func set(_ name: String, _ content: String?, in notebook: TemporaryNotebook) throws {
    if let content {
      try notebook.write(content, to: name)
    } else {
      try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent(name))
    }
  }
}
