import Core
import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Proof
@testable import Report
@testable import Runner

@Suite struct PreviousReportTests {
  private func week(_ name: String, _ notebook: TemporaryNotebook, front: String, accuracy: String) async throws
    -> Report
  {
    try notebook.write(
      """
      ---
      lang: zh-Hans
      \(front)
      ---

      ```swift {#a}
      metric("精度", \(accuracy), better: .higher, format: .percent(1))
      metric("size", 12)
      metric("精度", \(accuracy) / 2, better: .higher, format: .percent(1))
      let evaluation = try Evaluation(ids: ["a", "b"], measured: [1, 2], predicted: [1.2, 2], unit: "ms")
      metrics(evaluation, [.meanGap, .within10Percent], of: "GCN")
      ```
      """, to: "\(name).md")
    let parsed = try Notebook(reading: notebook.folder.appendingPathComponent("\(name).md").path)
    let run = try await NotebookRun(parsed, store: Store(beside: parsed.folder))
    let outcome = try await run.run(.init()) { _ in }
    let report = run.report(outcome)
    _ = try ReportFiles.write(report, for: parsed)
    await run.remember(outcome, lock: run.lock(outcome), start: Date(), exit: .success)
    return report
  }

  @Test func theHeadShowsLastWeeksFigures() async throws {
    let notebook = try TemporaryNotebook("")
    let first = try await week("week1", notebook, front: "headline: 精度", accuracy: "0.8")
    // If a figure is recorded twice, the later one counts.
    #expect(first.metrics?.map(\.text) == ["12", "40.0%", "0.1000 ms", "50.0%"])
    #expect(first.metrics?.map(\.name) == ["size", "精度", "GCN 平均差距", "GCN 精度超过百分之90的数据占比"])
    #expect(first.headline.map(\.newText) == ["40.0%"])
    #expect(first.headline.map(\.oldText) == [nil])
    #expect(first.warnings.isEmpty)

    for previous in ["week1", "week1.md", "reports/week1/index.html", "../\(notebook.folder.lastPathComponent)/week1"] {
      let front = "previous: \(previous)\nheadline: [GCN 平均差距, 精度]"
      let second = try await week("week2", notebook, front: front, accuracy: "0.9")
      #expect(second.headline.map(\.judgement) == [.same, .better], "\(previous)")
      #expect(second.headline.map(\.oldText) == ["0.1000 ms", "40.0%"])
      #expect(second.warnings.isEmpty)
    }
    let page = try notebook.text("reports/week2/index.html")
    #expect(PageCheck(page).problems.isEmpty)
    #expect(page.contains("<dt>精度</dt><dd><strong>45.0%</strong> <span class=\"better\">+5.0 个百分点，优于上次的 40.0%</span>"))

    // Without its report, the run's newest results are used.
    try FileManager.default.removeItem(at: notebook.folder.appendingPathComponent("reports/week1"))
    let front = "previous: week1\nheadline: [精确度, 精度]"
    let third = try await week("week2", notebook, front: front, accuracy: "0.9")
    #expect(third.headline.map(\.oldText) == ["40.0%"])
    #expect(
      third.warnings.map { "\($0.cause): \($0.remedy ?? "")" } == [
        "no cell records a metric named \"精确度\": Did you mean \"精度\"?"
      ])
    #expect(third.warnings.first?.place?.line == 4)

    let none = try await week("week2", notebook, front: "previous: week0", accuracy: "0.9")
    #expect(none.warnings.map(\.cause) == ["`previous`: \"week0\" has neither a report nor a result"])
    let itself = try await week("week2", notebook, front: "previous: week2", accuracy: "0.9")
    #expect(itself.warnings.map(\.cause) == ["`previous`: a notebook can't be its own `previous`"])
    try Data("<html></html>".utf8).write(to: notebook.folder.appendingPathComponent("old.html"))
    let foreign = try await week("week2", notebook, front: "previous: old.html", accuracy: "0.9")
    #expect(foreign.warnings.map(\.cause) == ["`previous`: the page carries no notebook"])
  }

  @Test func frontMatterNamesThem() throws {
    func parse(_ yaml: String) throws -> FrontMatter {
      try FrontMatter.parse(yaml, file: "n.md", firstLine: 2).0
    }
    #expect(try parse("previous: 2023-11-16").previous == "2023-11-16")
    #expect(try parse("headline: a b").headline == ["a b"])
    #expect(try parse("title: t\nheadline: [a, 2]").headline == ["a", "2"])
    #expect(try parse("title: t\nheadline: [a]").places["headline"]?.line == 3)
    for wrong in ["headline: [[a]]", "headline: {a: 1}", "previous: [a]"] {
      #expect(throws: NotebookError.self) { try parse(wrong) }
    }
  }
}
