import Core
import Engine
import Plot

extension SampleReport {
  /// A report in Chinese with everything that a report can contain.
  package static let week: SampleReport = {
    var expected = CellOptions()
    expected.error = true
    var captions = CellOptions()
    captions.figureCaptions = ["训练与验证*损失*，$L_1$"]
    captions.tableCaptions = ["八组设置"]
    var hidden = CellOptions()
    hidden.include = false
    let failure = CellFailure(
      message: "Fatal error: Index out of range", place: Place(file: "week.md", line: 20, column: 9),
      details: "0 main at week.md:20")
    return SampleReport(
      language: "zh-Hans", title: "第三周", markdown: weekMarkdown,
      cells: [
        "loss": SampleReport.cell(
          "loss",
          [
            .printed("epoch 1\r epoch 2\n\u{1B}[31mred\u{1B}[0m\n"), .chart(SampleReport.chart),
            .table(SampleReport.table),
          ], seconds: 133, options: captions),
        "bad": SampleReport.cell("bad", [.printedError("warning")], failure: failure),
        "after": SampleReport.cell("after", state: .blocked, needs: ["bad", "loss"], seconds: nil),
        "old": SampleReport.cell(
          "old", [.chart(SampleReport.chart), .markdown("共 **3** 个[^1]\n\n[^1]: 注")], state: .stale),
        "expected": SampleReport.cell("expected", failure: CellFailure(message: "no"), options: expected),
        "hidden": SampleReport.cell("hidden", [.chart(SampleReport.chart)], options: hidden),
      ],
      expressions: [
        "best": .value("0.274 <ms>"), "worst": .failed(CellFailure(message: "nil")), "later": .notRun(needs: ["bad"]),
      ])
  }()

  private static let weekMarkdown = """
    最好 `{swift} best`，最差 `{swift} worst`，以后 `{swift} later`，见[](#fig-loss)、[表](#tbl-loss)与[旧图](#fig-old)[^1]。

    ## 训练

    ```swift {#loss}
    let a = "文字"  // 注释
    ```

    ```swift {#hidden}
    let h = 1
    ```

    ### 失败

    ```swift {#bad}
    let b: [Int] = []
    let c = 1
    print(b[1])
    ```

    ```swift {#after}
    print(b)
    ```

    ```swift {#old}
    show(x)
    ```

    ```swift {#expected}
    throw x
    ```

    ## 表格

    | 论文 | 年 |
    | --- | ---: |
    | BRP-NAS<br/>GCN | 2020 |

    - [x] 完成
    - [ ] 未完成

    $$
    a < b
    $$

    ```swift
    // 只展示
    ```

    ![图](图.png "一张图")

    [^1]: 脚注 `code`。
    """
}
