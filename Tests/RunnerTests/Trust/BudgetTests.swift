import Basics
import Core
import Foundation
import Glibc
import TestSupport
import Testing
import Wire

@testable import Engine
@testable import Markup
@testable import Proof
@testable import Report
@testable import Runner

/// Input that is deeper, longer or larger than anyone needs.
@Suite(.waiting) struct BudgetTests {
  private static func many(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

  private static func indented(_ count: Int, by step: Int, _ mark: String) -> String {
    (0..<count).map { "\(many(" ", $0 * step))\(mark) x" }.joined(separator: "\n")
  }

  static let nestings: [(what: String, text: String)] = [
    ("quotes", "\(many(">", 20_000)) x"),
    ("spaced quotes", "\(many("> ", 5_000))x"),
    ("lists on a line", "\(many("- ", 5_000))x"),
    ("lists", indented(3_000, by: 2, "-")),
    ("numbered lists", indented(1_000, by: 3, "1.")),
    ("emphasis", many("*a **b ", 5_000)),
    ("links", "\(many("[", 50_000))x\(many("](y)", 50_000))"),
    ("pictures", "\(many("![", 20_000))x\(many("](y)", 20_000))"),
    ("tags", "\(many("<b><i>", 20_000))x"),
    ("a heading", "# \(many("long ", 40_000))"),
    ("a paragraph", many("word word\n", 200_000)),
    ("links with one long definition", "[a]: \(many("u", 50_000))\n\n\(many("[a] ", 50_000))"),
    ("quotes behind what is no code", "``` a`b\n\(many(">", 20_000)) x"),
    ("quotes behind code with a mark in it", "```\n``` x\n```\n\(many(">", 20_000)) x"),
    ("quotes behind code in a quote", "> ```\n\n\(many(">", 20_000)) x"),
    ("quotes behind marks in a comment", "<!--\n```\n-->\n\n\(many(">", 20_000)) x"),
    ("quotes behind marks that are code", "a\n\n    ```\n\n\(many(">", 20_000)) x"),
    ("quotes behind marks in HTML", "<div>\n```\n\n\(many(">", 20_000)) x"),
    ("quotes behind marks that a list ends", "- a\n  ```\n\n\(many(">", 20_000)) x"),
    ("formulas", many("$x$ ", 20_000)),
    ("expressions", many("`{swift} 1` ", 6_000)),
    ("columns of a table", "\(many("a|", 20_000))\n\(many("-|", 20_000))"),
  ]

  @Test(arguments: nestings.indices) func nestingHasAnEnd(index: Int) throws {
    let (what, text) = Self.nestings[index]
    for wrapped in [text, "a\n\n\(text)\n\nb\n", "> \(text.replacing("\n", with: "\n> "))"] {
      #expect(throws: NotebookError.self, "\(what)") { try Notebook(source: wrapped, file: "n.md") }
      let document = Document(markdown: wrapped, file: "n.md")
      #expect(document.blocks.count == 1 && document.excess?.place?.line != nil, "\(what)")
    }
  }

  static let ordinary: [String] = [
    "<!--\n```swift {#a}\n\(many("let a: Array<Array<Int>> = [[[\n", 100))```\n-->\n", "> > > quote\n",
    "- a\n  - b\n    - c\n      1. d\n",
    "***bold and italic***, _a_b_c_, 2 * 3 * 4, a * b\n",
    "```\n\(many("[", 500))\n\(many(" ", 900))- x\n```\n",
    many("[a](b) *c* **d** <b>e</b> `f[[[` \\[ ~~g~~ line<br>\n", 2_000),
    "\(many("|", 200))\n", many("* item with `code` and [link](x)\n", 3_000),
    "text\n\(many(" ", 400))far to the right\n", "1) a\n2) b\n\n---\n\n***\n- - -\n",
  ]

  @Test(arguments: ordinary)
  func whatPeopleWriteIsRead(text: String) throws {
    #expect(MarkdownBudget.excess(in: text) == nil)
    #expect(Document(markdown: text, file: "n.md").excess == nil)
  }

  @Test func aFileThatIsTooLargeIsNotRead() throws {
    let folder = try TemporaryFolder("test")
    let path = folder.url.appendingPathComponent("large.bin").path
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    truncate(path, off_t(Budgets.fileBytes) + 1)
    #expect {
      try FileAccess.read(path)
    } throws: {
      ($0 as? InputError)?.cause == "the file has more than 1024 MiB, which is the most that can be read"
    }
    #expect(throws: InputError.self) { try FileAccess.read("/dev/zero") }
    truncate(path, 3_000_000)
    #expect(try FileAccess.read(path).count == 3_000_000)
    let pipe = folder.url.appendingPathComponent("pipe").path
    #expect(mkfifo(pipe, 0o600) == 0)
    #expect {
      try FileAccess.read(pipe)
    } throws: {
      ($0 as? InputError)?.cause == "the file is a named pipe, which can't be read as a file"
    }
  }

  @Test func whatACellShowsHasABudget() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let text = String(repeating: "0123456789", count: 1 << 20)
      for _ in 0..<120 { show(markdown: text) }
      ```
      """)
    let outcome = try await notebook.run()
    #expect(
      outcome.failure("a")?.message == "the cell printed more than 1 GiB or showed more than 64 MiB and was ended")
  }

  @Test func anEventThatNamesNoDigestIsNone() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      import Foundation
      let job = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: ProcessInfo.processInfo.environment["LABBOOK_JOB"]!)))
      let path = (job as! [String: Any])["events"] as! String
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
      try handle.seekToEnd()
      for sha256 in ["../../../etc/passwd", "", "x"] {
        let line = #"{"handedOn":{"_0":{"name":"y","type":"Swift.Int","sha256":"\\#(sha256)","bytes":1}}}"# + "\\n"
        try handle.write(contentsOf: Data(line.utf8))
      }
      print(String(repeating: "0", count: 2 << 20))
      for after in [Int.min, Int.max, -1] {
        let line = #"{"shown":{"_0":{"text":{"_0":"x"}},"after":\\#(after)}}"# + "\\n"
        try handle.write(contentsOf: Data(line.utf8))
      }
      ```
      """)
    let outcome = try await notebook.run()
    #expect(outcome.cells["a"]?.state == .ran, "\(String(describing: outcome.failure("a")))")
    #expect(outcome.cells["a"]?.result?.values.allSatisfy { $0.sha256.count == 64 } == true)
  }

  @Test func anEventDeletesNoFile() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      import Foundation
      let job = try JSONSerialization.jsonObject(
        with: Data(contentsOf: URL(fileURLWithPath: ProcessInfo.processInfo.environment["LABBOOK_JOB"]!)))
      let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: (job as! [String: Any])["events"] as! String))
      try handle.seekToEnd()
      let path = FileManager.default.currentDirectoryPath + "/kept.txt"
      let line = #"{"corruptInput":{"name":"x","path":"\\#(path)"}}"# + "\\n"
      try handle.write(contentsOf: Data(line.utf8))
      ```
      """)
    try notebook.write("kept", to: "kept.txt")
    #expect(try await notebook.states() == ["a ran"])
    #expect(try notebook.text("kept.txt") == "kept")
  }

  @Test func lostPrintedOutputIsAnError() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nimport Foundation\ndup2(open(\"/dev/full\", O_WRONLY), 1)\nprint(\"lost\")\n```\n")
    #expect(
      try await notebook.run().failure("a")?.message
        == "the cell's printed output can't be written; its disk may be full")
  }

  @Test func anExpressionThatTakesTheCompilerTooLongIsTold() async throws {
    let notebook = try TemporaryNotebook(
      "```swift {#a}\nlet x: Double = -(1 + 2) + -(3 + 4) + -(5) + (1 as Double) * 2 / 3\n```\n")
    #expect(try await notebook.run().failure("a") == nil)
    await #expect(throws: NotebookError.self) {
      _ = try await Tool.run("/bin/sleep", ["60"], limit: 0.2)
    }
  }

  @Test func childrenThatHideAreEndedAndNamed() throws {
    let mark = "6\(UInt16.random(in: 1_000...9_999))"
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      import Foundation
      var pid: pid_t = 0
      let texts = ["sh", "-c", "/usr/bin/env -i /usr/bin/setsid -f sleep \(mark)"]
      var words: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
      posix_spawn(&pid, "/bin/sh", nil, nil, &words, nil)
      waitpid(pid, nil, 0)
      usleep(200_000)
      ```
      """)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let commands = try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap {
      FileManager.default.contents(atPath: "/proc/\($0)/cmdline").map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(!commands.contains { $0.hasPrefix("sleep") && $0.contains(mark) })
    #expect(
      try notebook.text("reports/n/index.html").contains("Labbook ended processes that the cell left behind: sleep"))
  }

  @Test(arguments: ["a/../../../x", "../a/../x", "a//b", "./a", "", "..", "/etc/../x", "a/\u{1B}b"])
  func aDataFileOfAReportLeadsNowhereElse(path: String) throws {
    let notebook = try TemporaryNotebook("# n\n")
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let archive = try ReportArchive(reading: notebook.folder.path + "/reports/n/index.html")
    var lock = try archive.lock(file: "r.html")
    lock.files = [.init(path: path, sha256: String(repeating: "0", count: 64), bytes: 1)]
    #expect(throws: InputError.self) {
      try ReportFolder(archive, lock: lock, report: "r.html", data: notebook.folder.path)
    }
  }

  @Test(arguments: ["[]", "[\"a\",\"b\"]", "\"a\",\"b\"", "", "1", "[1"])
  func aParameterOfAReportIsOneValue(text: String) throws {
    #expect(throws: DecodingError.self) { try Parameter.Value(json: text, type: "String") }
    #expect(try Parameter.Value(json: "\"a\"", type: "String") == .string("a"))
  }

  @Test func filesFromOutsideNeedSaying() throws {
    let outside = try TemporaryFolder("outside")
    let file = outside.url.appendingPathComponent("data.csv")
    try Data("a,b\n1,2\n".utf8).write(to: file)
    try Data("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9\" height=\"9\"/>".utf8)
      .write(to: outside.url.appendingPathComponent("p.svg"))
    // The cell ends when it reads the file, so that a long training doesn't run in vain.
    let body = """
      ```swift {#a}
      import Foundation
      let t = try CSVTable.read("\(file.path)")
      if params.waits { sleep(600) }
      ```

      ![p](\(outside.url.path)/p.svg)

      """
    let parameters = "params: {waits: true}"
    let notebook = try TemporaryNotebook("---\n\(parameters)\n---\n\(body)")
    try FileManager.default.createSymbolicLink(
      at: notebook.folder.appendingPathComponent("link"), withDestinationURL: outside.url)
    let refused = try notebook.labbook("run", "n.md")
    #expect(refused.code == 1)
    #expect(refused.errors.contains("data.csv, which is not in the notebook's folder"), "\(refused.errors)")
    #expect(refused.errors.contains("p.svg is not in the notebook's folder"))
    try notebook.write("---\n\(parameters)\n---\n\(body.replacing(outside.url.path, with: "link"))")
    #expect(try notebook.labbook("run", "n.md").code == 1, "a link is no way around it")
    try notebook.write("---\nparams: {waits: false}\nallow: [\(outside.url.path)]\n---\n\(body)")
    let allowed = try notebook.labbook("run", "n.md")
    #expect(allowed.code == 0, "\(allowed.errors)")
    #expect(try notebook.text("reports/n/index.html").contains("Files from outside"))
  }

  @Test func manyFilesTakeNoLongerEachThanFew() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      var sum = 0
      for index in 0..<3_000 { sum += try FileAccess.read("data/\\(index).txt").count }
      print(sum)
      ```
      """)
    let folder = notebook.folder.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    for index in 0..<3_000 { try Data("x".utf8).write(to: folder.appendingPathComponent("\(index).txt")) }
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let page = try notebook.text("reports/n/index.html")
    #expect(page.contains("3000"))
    // The page's lock contains all of the files; its foot doesn't.
    #expect(page.components(separatedBy: "<dt>Data</dt>").count - 1 == 1)
    #expect(page.contains("3000 files in data "))
    try Data("yy".utf8).write(to: folder.appendingPathComponent("2999.txt"))
    #expect(try await notebook.states() == ["a ran"])
  }

  @Test func anothersReportsFolderIsNotTaken() throws {
    let root = try TemporaryFolder("test")
    let notebooks = root.url.appendingPathComponent("a/b")
    try FileManager.default.createDirectory(at: notebooks, withIntermediateDirectories: true)
    let reports = root.url.appendingPathComponent("reports")
    try FileManager.default.createDirectory(at: reports, withIntermediateDirectories: true)
    #expect(ReportPlace.folder(name: "n", from: notebooks).path == reports.path + "/n")
    chmod(reports.path, 0o777)
    #expect(ReportPlace.folder(name: "n", from: notebooks).path == notebooks.path + "/reports/n")
    chmod(reports.path, 0o755)
    chmod(root.url.path, 0o777)
    #expect(ReportPlace.folder(name: "n", from: notebooks).path == notebooks.path + "/reports/n")
  }
}
