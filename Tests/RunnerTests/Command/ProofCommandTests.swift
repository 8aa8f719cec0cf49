import Foundation
import TestSupport
import Testing

@testable import Runner

/// `verify`, `unpack`, `diff` and `history` as a user runs them.
@Suite(.waiting) struct ProofCommandTests {
  static let notebook = """
    ---
    lang: zh-Hans
    params: {epochs: 20}
    ---

    ```swift {#loss}
    let losses = (1...params.epochs).map { 1 / Double($0) }
    show(Chart.lossCurves([LossCurve(training: losses)]))
    metric("最后的损失", losses[losses.count - 1], better: .lower)
    ```

    最后的损失是 `{swift} losses.last`。
    """

  @Test func fromRunToComparison() throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    #expect(try notebook.labbook("history").errors.hasPrefix("error: no run is recorded in "))
    #expect(try notebook.labbook("verify", "n.md").code == 3)
    #expect(try notebook.labbook("run", "n.md").code == 0)
    let verified = try notebook.labbook("verify", "n.md")
    #expect(verified.output == "loss  same bits\ntext  same bits\nverified: the same bits\n")
    #expect(verified.code == 0)
    #expect(try notebook.text("reports/n/index.html").contains("重跑核对一致"))
    let json = try notebook.labbook("verify", "reports/n/index.html", "--json")
    #expect(
      json.output == """
        {"differenceCount":0,"differences":[],"largest":0,"name":"loss","unseen":[],"verdict":"identical"}
        {"differenceCount":0,"differences":[],"largest":0,"name":"text","unseen":[],"verdict":"identical"}
        {"differenceCount":0,"differences":[],"largest":0,"name":"page","unseen":[],"verdict":"identical"}
        {"verdict":"identical","exit":0}

        """)
    // None of these commands changed the store.
    #expect(try notebook.labbook("run", "n.md").errors == "loss  fresh\n")

    #expect(try notebook.labbook("run", "n.md", "-P", "epochs=40").code == 0)
    let history = try notebook.labbook("history").output.split(separator: "\n")
    #expect(history.count == 3, "a run that changes nothing is not listed")
    #expect(history[0].hasSuffix("  最后的损失"))
    #expect(history[1].contains(" n         1 ran  ") && history[1].hasSuffix("       0.025"))
    #expect(
      try notebook.labbook("history", "n.md", "--limit", "1", "--json").output.hasPrefix(
        "{\"cells\":[{\"name\":\"loss\""))
    #expect(try notebook.labbook("history", "m.md").output == "no runs recorded\n")

    let compared = try notebook.labbook("diff", "n.md@-1", "n.md", "--html", "d.html", "--png", "d.png")
    #expect(compared.code == 0)
    #expect(compared.output.contains("最后的损失    0.05  0.025  −0.0250    −50.0%  better\n"))
    #expect(compared.output.contains("epochs     20      40\n"))
    #expect(try Data(contentsOf: notebook.folder.appendingPathComponent("d.png")).starts(with: [0x89, 0x50]))
    #expect(PageCheck(try notebook.text("d.html")).problems.isEmpty)
    // The report belongs to the newest run.
    let report = try notebook.labbook("diff", "1", "reports/n/index.html", "--md")
    #expect(report.output.contains("| 最后的损失 | 0.05 | 0.025 | −0.0250 | −50.0% | 更好 |"))

    let unpacked = try notebook.labbook("unpack", "reports/n/index.html", "u")
    #expect(unpacked.output == "u/n.md\nu/n.lock.json\nu/n.results.json\n")
    #expect(try notebook.text("u/n.md") == Self.notebook)
  }

  @Test(arguments: [
    (["diff", "1", "2"], "error: no run is recorded in "),
    (["diff", "n.md", "n.md"], "error: no run is recorded beside n.md\n"),
    (["diff", "x.html", "n.md"], "x.html: error: there is no such file\n"),
    (["unpack", "n.md", "u"], "n.md: error: the page carries no notebook\n"),
    (["verify", "x.html"], "x.html: error: there is no such file\n"),
    (["verify", "x.md"], "x.md: error: the notebook doesn't exist\n"),
    (["history", "x.md"], "error: no run is recorded beside x.md\n"),
  ])
  func errors(arguments: [String], text: String) throws {
    let notebook = try TemporaryNotebook(Self.notebook)
    let ending = try notebook.start(arguments)()
    #expect(ending.errors.hasPrefix(text))
    #expect(ending.code == 2)
  }

  @Test func runnersAtOnceAllStandInTheHistory() throws {
    let notebook = try TemporaryNotebook("")
    let names = (1...4).map { "n\($0).md" }
    for name in names { try notebook.write("```swift {#a}\nprint(\"\(name)\")\n```\n", to: name) }
    let endings = try names.map { try notebook.start(["run", $0]) }
    for ending in endings {
      let ending = try ending()
      #expect(ending.code == 0)
      #expect(!ending.errors.contains("history"))
    }
    let lines = try notebook.labbook("history").output.split(separator: "\n").dropFirst()
    #expect(Set(lines.compactMap { $0.split(separator: " ").dropFirst(3).first }) == ["n1", "n2", "n3", "n4"])
  }
}
