import Core
import Foundation
import Plot
import TestSupport
import Testing

@testable import Engine
@testable import Proof
@testable import Report
@testable import Runner

/// Whole notebooks that are run and then verified.
@Suite struct VerifierTests {
  static let options = NotebookRun.Options(jobs: 2)

  /// Runs a notebook as `labbook run` does, with parameters.
  private func run(_ notebook: TemporaryNotebook, _ parameters: [String] = []) async throws -> Report {
    var parsed = try Notebook(reading: notebook.file.path)
    try parsed.setParameters(parameters, file: nil)
    let run = try await NotebookRun(parsed, store: Store(beside: notebook.folder))
    let outcome = try await run.run(Self.options) { _ in }
    let report = run.report(outcome)
    _ = try ReportFiles.write(report, for: parsed)
    await run.remember(outcome, lock: run.lock(outcome), start: Date(), exit: .success)
    #expect(run.store.notices.all.isEmpty)
    return report
  }

  private func verify(_ verifier: Verifier, tolerance: Double = 1e-6) async throws -> Verification {
    try #require(try await verifier.verify(tolerance: tolerance, options: Self.options) { _ in })
  }

  private func page(_ notebook: TemporaryNotebook) -> String {
    notebook.folder.appendingPathComponent("reports/n/index.html").path
  }

  /// Cells that give the same result, nearly the same, and a different one in each run.
  static let notebook = """
    ---
    params: {width: 3, 名字: "甲\\\"乙", widths: [16, 32], limits: {low: 0.5, high: .inf}, flags: [[true], [false]]}
    ---

    ```swift {#same}
    let text = String(decoding: try FileAccess.read("data/small.csv"), as: UTF8.self)
    var random = SeededGenerator(seed: cellSeed)
    let numbers = (0..<params.width).map { _ in Double.random(in: 0..<1, using: &random) }
    print(numbers, text.count, params.名字)
    metric("first", numbers[0], better: .higher)
    ```

    ```swift {#near}
    let _noise = Double.random(in: 1...2) * 1e-10
    let near = numbers.map { $0 + _noise }
    show(Chart.lossCurves([LossCurve(training: (1...9).map { Double($0).squareRoot() + _noise })]))
    show(Table(columns: ["a", "b"], rows: [["x", _noise + 1]]))
    ```

    ```swift {#other}
    struct Measured: Codable { var value: Double; @WallClock var seconds = 0 }
    let other = [Measured(value: 1), Measured(value: .random(in: 1...2))]
    let timed = Measured(value: 2, seconds: .random(in: 0..<1))
    ```

    ```swift {#fails}
    //| error: true
    throw InputError("as always")
    ```

    `{swift} numbers[0]`, `{swift} timed.value`, `{swift} Int(near[0] * 1000)`
    """

  @Test func aNotebookIsComparedWithItsStoredResults() async throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    try FileManager.default.createDirectory(
      at: notebook.folder.appendingPathComponent("data"), withIntermediateDirectories: true)
    try notebook.write("1,2\n", to: "data/small.csv")
    let report = try await run(notebook, ["width=4", "widths=[16, 64]"])
    #expect(report.verification == nil)
    let verifier = try Verifier(notebook: notebook.file.path)
    let verification = try await verify(verifier)
    let cells = Dictionary(uniqueKeysWithValues: verification.cells.map { ($0.name, $0) })
    #expect(
      verification.cells.map { "\($0.name) \($0.verdict.rawValue)" } == [
        "same identical", "near close", "other different", "fails identical", "text identical",
      ])
    // Of the values, `timed` differs in its time only.
    #expect(cells["other"]?.differences.map(\.path) == ["other[1].value"])
    #expect(cells["near"].map { $0.largest > 0 && $0.largest < 1e-8 } == true)
    #expect(verification.verdict == .different)

    // The verdict is shown in the report as long as the results are the same.
    let store = try Store(beside: notebook.folder)
    try store.setVerification(verification, of: "n")
    #expect(try await run(notebook, ["width=4", "widths=[16, 64]"]).verification == verification)
    try await verifyReport(notebook)
    #expect(try await run(notebook, ["width=2"]).verification == nil)
  }

  /// The report of the notebook above, in another place and without its store.
  private func verifyReport(_ notebook: TemporaryNotebook) async throws {
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    let verifier = try Verifier(report: copy, data: nil)
    #expect(
      verifier.notebook.frontMatter.parameters.map(\.json) == [
        "4", "\"甲\\\"乙\"", "[16, 64]", "{\"high\": \"inf\", \"low\": 0.5}", "[[true], [false]]",
      ])
    let verification = try await verify(verifier)
    #expect(
      verification.cells.map { "\($0.name) \($0.verdict.rawValue)" } == [
        "same identical", "near close", "other different", "fails identical", "text identical",
        "page different",
      ])
    let text = VerificationText(verification, reference: verifier.reference.lock).text
    #expect(text.contains("\n    other[1].value: 1."))
    #expect(text.contains("not in the report: charts beyond their lines"))
    #expect(text.hasSuffix("not verified: 2 of 6 are different\n"))
  }

  /// A pinned cell that measures something, cells that depend on it, and cells whose times differ in every run.
  static let measuring = """
    ```swift {#measure}
    //| pinned: true
    let measured = (0..<3).map { _ in Double.random(in: 1...2) }
    print(measured)
    ```

    ```swift {#use}
    let mean = measured.reduce(0, +) / 3
    metric("mean", mean, unit: "ms")
    ```

    ```swift {#wild}
    print(measured[0] + .random(in: 1...2))
    ```

    ```swift {#timed}
    let elapsed = Duration.milliseconds(Int.random(in: 1...1_000_000))
    let _seconds = Double.random(in: 1...1000)
    metric("training", _seconds, unit: "s")
    print("trained for \\(_seconds) s")
    show(Table(columns: ["a", .number("time", unit: "s")], rows: [["x", _seconds]]))
    ```
    """

  @Test func pinnedResultsAreTakenAsGivenAndTimesNeverFail() async throws {
    let notebook = try TemporaryNotebook(Self.measuring)
    _ = try await run(notebook)
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    for verifier in [try Verifier(notebook: notebook.file.path), try Verifier(report: copy, data: nil)] {
      let verification = try await verify(verifier)
      #expect(
        verification.cells.prefix(4).map { "\($0.name) \($0.verdict.rawValue)" } == [
          "measure identical", "use identical", "wild different", "timed identical",
        ])
      #expect(verification.given == ["measure"])
      #expect(verification.cells[3].times == ["metric training", "elapsed", "printed line 1", "table"])
      let text = VerificationText(verification, reference: verifier.reference.lock).text
      #expect(text.contains("taken as given: result of 20"))
      #expect(text.contains("\n    times, not compared: metric training, elapsed, printed line 1, table\n"))
      #expect(text.contains("\n  pinned, not run again: measure"))
    }
    // Results of other measurements don't match results of these.
    try notebook.edit("reduce(0, +) / 3", "reduce(0, +) / 4")
    await #expect(throws: StaleResults.self) { _ = try await verify(Verifier(notebook: notebook.file.path)) }
  }

  @Test func theTimesThatAPageShowsNeverFail() async throws {
    let wild = "```swift {#wild}\nprint(measured[0] + .random(in: 1...2))\n```\n\n"
    let notebook = try TemporaryNotebook(Self.measuring.replacing(wild, with: ""))
    _ = try await run(notebook)
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    let verification = try await verify(Verifier(report: copy, data: nil))
    #expect(
      verification.cells.map { "\($0.name) \($0.verdict.rawValue)" } == [
        "measure identical", "use identical", "timed identical", "page identical",
      ])
  }

  @Test func staleResultsAreNotVerified() async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      let a = String(decoding: try FileAccess.read("data.txt"), as: UTF8.self)
      ```

      ```swift {#b}
      print(a)
      ```
      """)
    try notebook.write("one", to: "data.txt")
    func reasons() -> [String]? {
      var result: [String]?
      #expect {
        _ = try Verifier(notebook: notebook.file.path)
      } throws: { error in
        result = (error as? StaleResults)?.reasons
        return result != nil
      }
      return result
    }
    #expect(reasons() == ["it has no stored results"])
    _ = try await run(notebook)
    #expect(try await verify(Verifier(notebook: notebook.file.path)).verdict == .identical)
    func later() async throws -> [String] {
      do {
        _ = try await verify(Verifier(notebook: notebook.file.path))
        return []
      } catch let stale as StaleResults {
        return stale.reasons
      }
    }
    try notebook.edit("print(a)", "// the same\nprint(a)")
    #expect(try await later().isEmpty)
    try notebook.edit("print(a)", "print(a, a)")
    #expect(try await later() == ["of the cell \"b\", its code changed"])
    try notebook.edit("print(a, a)", "print(a)")
    try notebook.write("two", to: "data.txt")
    #expect(try await later() == ["of the cell \"a\", data.txt changed"])
  }

  /// A notebook in a folder of its own, with a report, that may read `../big.bin`, which is too large for the report.
  private func notebookBesideData(_ cells: String) async throws -> TemporaryNotebook {
    let notebook = try TemporaryNotebook("")
    try FileManager.default.createDirectory(
      at: notebook.folder.appendingPathComponent("notebooks"), withIntermediateDirectories: true)
    try notebook.write("---\nallow: [..]\n---\n\n\(cells)", to: "notebooks/n.md")
    var generator = SeededGenerator(seed: 3)
    let big = Data((0..<100_000).map { _ in UInt8.random(in: 0...255, using: &generator) })
    try big.write(to: notebook.folder.appendingPathComponent("big.bin"))
    let parsed = try Notebook(reading: notebook.folder.appendingPathComponent("notebooks/n.md").path)
    let run = try await NotebookRun(parsed, store: Store(beside: parsed.folder))
    _ = try ReportFiles.write(run.report(try await run.run(Self.options) { _ in }), for: parsed)
    return notebook
  }

  /// The results of pinned cells are taken as given, and so nobody needs the files that they read.
  @Test func filesThatOnlyPinnedCellsReadMayBeMissing() async throws {
    let notebook = try await notebookBesideData(
      """
      ```swift {#measure}
      //| pinned: true
      let count = try FileAccess.read("../big.bin").count
      ```

      ```swift {#use}
      print(count)
      ```
      """)
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    #expect(try ReportArchive(reading: copy).lock(file: "r.html").files.map(\.path) == ["../big.bin"])
    let verification = try await verify(Verifier(report: copy, data: nil))
    #expect(verification.verdict == .identical, "\(verification.cells)")
  }

  /// The files that the text links to needn't be where the report is verified.
  @Test func linksToOtherFilesAreTheSameElsewhere() async throws {
    let notebook = try TemporaryNotebook(
      """
      See [the first week](first.md#results), [the data](data/a%20b.csv), [第二周](第二周.md), and [how](./more/how.md).

      ```swift {#a}
      print(1)
      ```
      """)
    try FileManager.default.createDirectory(
      at: notebook.folder.appendingPathComponent("data"), withIntermediateDirectories: true)
    for name in ["first.md", "第二周.md", "data/a b.csv"] { try notebook.write("```swift {#a}\n```\n", to: name) }
    _ = try await run(notebook)
    let text = try notebook.text("reports/n/index.html")
    #expect(text.contains("href=\"../first/index.html#results\""))
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    let verification = try await verify(Verifier(report: copy, data: nil))
    #expect(verification.verdict == .identical, "\(verification.cells)")
    // A link that leads to another notebook is a difference.
    try Data(text.replacing("../first/index.html", with: "../second/index.html").utf8)
      .write(to: URL(fileURLWithPath: copy))
    #expect(try await verify(Verifier(report: copy, data: nil)).verdict == .different)
  }

  /// Reports of earlier versions name each of a folder's many files in their foot.
  @Test(arguments: [false, true]) func manyFilesMayBeNamedOneByOne(_ namesEveryFile: Bool) async throws {
    let notebook = try TemporaryNotebook(
      """
      ```swift {#a}
      print(try (1...25).map { try FileAccess.read("data/\\($0).txt").count })
      ```
      """)
    for number in 1...25 { try notebook.write("\(number)", to: "data/\(number).txt") }
    let parsed = try Notebook(reading: notebook.file.path)
    let run = try await NotebookRun(parsed, store: Store(beside: notebook.folder))
    let outcome = try await run.run(Self.options) { _ in }
    var report = run.report(outcome)
    report.provenance = run.lock(outcome).provenance(
      language: "en", key: UserKey.user.publicKey, namesEveryFile: namesEveryFile)
    _ = try ReportFiles.write(report, for: parsed)
    #expect(try notebook.text("reports/n/index.html").contains("25 files in data ") != namesEveryFile)
    let verification = try await verify(Verifier(report: page(notebook), data: nil))
    #expect(verification.verdict == .identical, "\(verification.cells)")
  }

  @Test func aReportsDataFilesAreFoundOrNamed() async throws {
    let notebook = try await notebookBesideData(
      """
      ```swift {#a}
      let count = try FileAccess.read("../big.bin").count
      ```
      """)

    let archive = try ReportArchive(reading: page(notebook))
    #expect(archive.files.map(\.path) == ["n.md", "n.lock.json", "n.results.json"])
    let lock = try archive.lock(file: "r.html")
    #expect(lock.files.map(\.bytes) == [100_000])
    // The notebook is found at its original place.
    #expect(try await verify(Verifier(report: page(notebook), data: nil)).verdict == .identical)
    // The notebook is found at the place that the user gives.
    let elsewhere = try TemporaryFolder("elsewhere")
    let copy = elsewhere.url.appendingPathComponent("r.html").path
    try FileManager.default.copyItem(atPath: page(notebook), toPath: copy)
    func error(_ data: String?) -> String? {
      do {
        _ = try Verifier(report: copy, data: data)
        return nil
      } catch {
        return (error as? NotebookError)?.diagnostics.map(\.message).joined(separator: "; ")
      }
    }
    #expect(error(nil) == "the data file ../big.bin can't be found")
    #expect(error(notebook.folder.appendingPathComponent("notebooks").path) == nil)
    try Data("other".utf8).write(to: elsewhere.url.deletingLastPathComponent().appendingPathComponent("big.bin"))
    defer {
      try? FileManager.default.removeItem(
        at: elsewhere.url.deletingLastPathComponent().appendingPathComponent("big.bin"))
    }
    #expect(error(nil) == "the data file ../big.bin is not the one that the report was made from")
  }
}
