import Testing

@testable import Engine
@testable import Runner

@Suite struct PlanListTests {
  private func items(_ markdown: String) throws -> [String]? {
    PlanList(of: try Notebook(source: markdown, file: "n.md"))?.items
  }

  @Test(arguments: [
    "## 下周任务", "# 下周计划", "### 六、下周工作", "## Next week", "## 5. Next week's plans:", "## **NEXT STEPS**",
    "## Plan for next week",
    "## Next week’s tasks",
  ])
  func headings(heading: String) throws {
    #expect(try items("---\ntitle: x\n---\n\nText\n\n\(heading)\n\n1. one\n2. two\n") == ["one", "two"])
  }

  @Test(arguments: ["## Next", "## This week", "Next week", "## 本周任务", "> ## Next week"])
  func otherHeadings(heading: String) throws {
    #expect(try items("\(heading)\n\n1. one\n") == nil)
  }

  @Test(arguments: [
    ("- one\n* two", ["one", "two"]),
    ("- [ ] open\n- [x] done\n- plain", ["open", "plain"]),
    ("1. one\n   more of it\n\n   - inner\n   - [ ] task\n2. two", ["one\nmore of it\n\n- inner\n- [ ] task", "two"]),
    ("1. lazy\ncontinued\n\nA paragraph after the list.", ["lazy\ncontinued"]),
    ("Some words.\n\n- one\n\nMore words.\n\n- two\n\n### Later\n\n- three", ["one", "two", "three"]),
    ("- one\n\n## Other\n\n- two", ["one"]),
    (
      "- see [the figure](#fig-loss) and [a page](https://example.org)",
      ["see the figure and [a page](https://example.org)"]
    ),
    ("- below `{swift} runs.count` ms[^1]\n\n[^1]: A note.", ["below `runs.count` ms"]),
    ("1. ……\n2. …", []),
    ("Nothing planned.", []),
  ])
  func lists(markdown: String, items: [String]) throws {
    #expect(try self.items("## Next week\n\n\(markdown)\n") == items)
  }

  @Test func theLastHeadingCounts() throws {
    #expect(try items("## 下周任务\n\n- old\n\n## Next week\n\n- new\n") == ["new"])
  }
}
