import Foundation
import TestSupport
import Testing

@testable import Engine
@testable import Runner

@Suite struct NewNotebookTests {
  static let previous = """
    ---
    title: "进度汇报: GCN"
    author: 王小明
    date: 2023-11-16
    lang: zh-Hans
    seed: 1116
    params:
      device: epyc-ort-1t
      width: 64
      rate: 1.0e-05
      shuffle: true
      note: "yes"
    ---

    ```swift {#data}
    let data = try Dataset.load(
      architectures: "../data/a.jsonl", latencies: "../data/l.csv", device: params.device)
    ```

    ## 下周任务

    1. 扩充数据集。
    2. 画一张图。
    """

  private func make(
    _ previous: String?, _ request: NewNotebook.Request = .init(), file: String = "n/2023-11-16.md"
  ) throws -> NewNotebook {
    try NewNotebook(after: previous.map { try Notebook(source: $0, file: file) }, request)
  }

  private func messages(_ work: () throws -> Void) -> [String] {
    do {
      try work()
      return []
    } catch {
      return (error as? NotebookError)?.diagnostics.map { $0.text() } ?? ["\(error)"]
    }
  }

  @Test func theNotebookBeforeGoesOn() throws {
    let new = try make(Self.previous)
    #expect(new.path == "n/2023-11-23.md")
    #expect(new.warnings.isEmpty)
    #expect(
      new.source.hasPrefix(
        """
        ---
        title: "进度汇报: GCN"
        author: 王小明
        date: 2023-11-23
        lang: zh-Hans
        seed: 1123
        previous: 2023-11-16.md
        params:
          device: epyc-ort-1t
          width: 64
          rate: 1e-05
          shuffle: true
          note: "yes"
        ---

        ## 本周任务

        - [ ] 扩充数据集。
        - [ ] 画一张图。

        """))
    let parsed = try Notebook(source: new.source, file: new.path)
    #expect(parsed.frontMatter.parameters == (try Notebook(source: Self.previous, file: "n.md")).frontMatter.parameters)
    #expect(new.source.contains("architectures: \"../data/a.jsonl\""))
    #expect(PlanList(of: parsed)?.items == [])
  }

  private static let own = """
    ---
    title: "Week 1: small"
    date: 2023-11-16
    headline: [best accuracy]
    formats: [gfm]
    private: [load]
    ---

    ## This week

    It went well.

    ## My data

    As every week.

    ```swift {#load depends=runs.csv}
    //| fig-cap: Mine
    let rows = 3
    ```

    ## Next week

    - [ ] try dropout
    """

  @Test func ownCellsGoOnWhereTheTemplatesDoNotFit() throws {
    let new = try make(Self.own)
    #expect(
      new.source == """
        ---
        title: "Week 2: small"
        author: Author
        date: 2023-11-23
        lang: en
        seed: 1123
        previous: 2023-11-16.md
        formats: [gfm]
        headline: [best accuracy]
        private: [load]
        ---

        ## This week

        - [ ] try dropout

        ## My data

        ```swift {#load depends=runs.csv}
        //| fig-cap: Mine
        let rows = 3
        ```

        ## Next week

        1. …

        """)
  }

  @Test func inAnotherFolderThePathsStillLeadThere() throws {
    let new = try make(Self.previous, .init(path: "elsewhere/deep/week.md"))
    #expect(new.source.contains("previous: ../../n/2023-11-16.md\n"))
    #expect(new.source.contains("architectures: \"../../data/a.jsonl\""))
  }

  @Test(arguments: [
    (nil, nil, "en"), (nil, "zh-Hans", "zh-Hans"), (Self.previous, nil, "zh-Hans"), (Self.previous, "en", "en"),
    ("No front matter.\n", nil, "en"), ("---\nlang: zh-CN\nparams: {width: wide, epochs: 0.5}\n---\n", nil, "zh-CN"),
  ])
  func theResultIsANotebookWithoutErrors(previous: String?, language: String?, tag: String) async throws {
    let new = try make(previous, .init(language: language, date: "2024-01-04"))
    let notebook = try TemporaryNotebook(new.source)
    let parsed = try Notebook(reading: notebook.file.path)
    #expect(parsed.frontMatter.language == tag)
    #expect(parsed.cells.count == 3)
    _ = try await NotebookRun(parsed, store: Store(beside: notebook.folder))
  }

  @Test func aFirstNotebookHasATaskToFill() throws {
    let new = try make(nil, .init(language: "en", date: "2024-01-04"))
    #expect(new.path == "2024-01-04.md")
    #expect(new.source.contains("## This week\n\n- [ ] …\n"))
    #expect(!new.source.contains("previous:"))
    // The tests run in Labbook's own folder, where the shipped data is in notebooks/.
    #expect(new.source.contains("\"notebooks/data/pruned-resnet/architectures.jsonl\""))
    #expect(new.warnings.isEmpty)
  }

  @Test func aFirstNotebookElsewhereIsToldThatItsDataIsMissing() throws {
    let notebook = try TemporaryNotebook("Nothing.\n")
    let ending = try notebook.labbook("new", "first.md")
    #expect(ending.code == 0 && ending.output == "first.md\n")
    #expect(
      ending.errors == """
        warning: the new notebook reads data/pruned-resnet/architectures.jsonl and data/pruned-resnet/latency.csv, \
        which don't exist
          Write the paths of your own architectures and latencies into its first cell.

        """)
  }

  @Test func errorsNameThePlaceAndTheWayOut() throws {
    #expect(
      messages { _ = try make("---\ntitle: x\ndate: autumn\n---\n") } == [
        """
        n/2023-11-16.md:3: error: a week can't be added to the date "autumn"
          Give the new notebook's --date.
        """
      ])
    #expect(
      messages { _ = try make("Text.\n", file: "notes.md") } == [
        "notes.md: error: the notebook has no date\n  Give the new notebook's --date."
      ])
    #expect(
      messages { _ = try make(nil, .init(date: "2023-02-30")) } == [
        """
        error: "2023-02-30" is not a date
          Write it as 2023-11-23, 2023-W47 or 2023-11-17/2023-11-23.
        """
      ])
    #expect(
      messages { _ = try make(nil, .init(language: "fr")) } == [
        "error: the language \"fr\" has no template\n  Give --lang: zh-Hans or en."
      ])
  }

  @Test func aNotebookWithoutPlansIsToldSo() throws {
    #expect(
      try make("---\ndate: 2023-11-16\n---\n").warnings.map { $0.text() } == [
        """
        warning: n/2023-11-16.md has no heading for the next week's tasks
          It may be "next week"; its list becomes the new notebook's tasks.
        """
      ])
  }

  @Test func nothingIsOverwritten() throws {
    let notebook = try TemporaryNotebook("Mine.\n")
    let new = try make(nil, .init(path: notebook.file.path))
    #expect(
      messages { try new.write() } == [
        "\(notebook.file.path): error: the notebook exists already\n  Give another name, or another --date."
      ])
    #expect(try String(contentsOf: notebook.file, encoding: .utf8) == "Mine.\n")
    let missing = try make(nil, .init(path: notebook.folder.appendingPathComponent("no/such/n.md").path))
    let folder = notebook.folder.appendingPathComponent("no/such").path
    #expect(
      messages { try missing.write() } == [
        "\(folder)/n.md: error: the folder \(folder) doesn't exist\n  Make it first: mkdir -p \(folder)"
      ])
  }
}
