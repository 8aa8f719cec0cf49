import Foundation
import TestSupport

@testable import Engine

/// A weekly notebook with everything that a cell's result can depend on, with a small part of the pruned networks.
enum StalenessNotebook {
  static let source = """
    ---
    title: 第一周
    author: 张三
    lang: zh-Hans
    seed: 7
    params: {width: 4, epochs: 2, label: 甲, unused: 1}
    ---

    # 第一周

    本周的数据如下。

    ```swift {#data}
    let data = try Dataset.load(
      architectures: "data/architectures.jsonl", latencies: "data/latency.csv", device: "epyc-ort-1t")
    let split = try data.split(.shuffled())
    ```

    ```swift {#helpers}
    /// The mean.
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
    func half(_ value: Double) -> Double { value / 2 }
    func scaled(_ value: Double) -> Double { value * Double(params.width) }
    struct Summary: Codable { var average: Double; var count: Int }
    ```

    ```swift {#types}
    extension Summary { var rounded: Double { average.rounded() } }
    extension Summary: CustomStringConvertible { var description: String { "\\(count) samples" } }
    infix operator <+>: AdditionPrecedence
    func <+> (a: Summary, b: Summary) -> Summary { Summary(average: a.average, count: a.count + b.count) }
    ```

    ```swift {#summary}
    let summary = Summary(average: mean(data.latencies), count: data.graphs.count)
    ```

    ```swift {#sign}
    let isFast = summary.average < 100
    ```

    ```swift {#verdict}
    print(isFast ? "fast" : "slow")
    ```

    ```swift {#shown}
    print(summary, summary.rounded, summary <+> summary)
    ```

    ```swift {#train timeout=1h}
    //| fig-cap: 损失
    // A small network.
    let _options = TrainingOptions(epochs: params.epochs)
    let run = try train(
      GCN.Configuration(layers: 1, hiddenUnits: params.width), on: data, split: split, options: _options)
    show(Chart.lossCurves([run]))
    ```

    ```swift {#errors}
    let evaluation = try run.predictor.evaluate(on: data[split.test])
    metrics(evaluation)
    ```

    - 说明:

      ```swift {#notes}
      //| depends: notes.txt
      let notes = try String(contentsOfFile: "notes.txt", encoding: .utf8).count
      ```

    ```swift {#noted}
    print(notes)
    ```

    ```swift {#optional}
    let extra = (try? FileAccess.read("extra.txt").count) ?? 0
    ```

    ```swift {#alone}
    let answer = half(42)
    print(params.label, scaled(answer))
    ```

    平均 `{swift} summary.average`，`{swift} half(answer)`。

    完。
    """

  static let cells = [
    "data", "helpers", "types", "summary", "sign", "verdict", "shown", "train", "errors", "notes", "noted", "optional",
    "alone",
  ]

  /// Makes the notebook with its files.
  static func make() throws -> TemporaryNotebook {
    let notebook = try TemporaryNotebook(source)
    let data = notebook.folder.appendingPathComponent("data")
    try FileManager.default.createDirectory(at: data, withIntermediateDirectories: true)
    for name in ["architectures.jsonl", "latency.csv"] { try notebook.write(try file(name), to: "data/\(name)") }
    try notebook.write("twelve chars", to: "notes.txt")
    return notebook
  }

  /// The first forty networks of a file, or the first network of another device.
  private static func file(_ name: String) throws -> String {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
    let text = try String(
      contentsOf: root.appendingPathComponent("notebooks/data/pruned-resnet/\(name)"), encoding: .utf8)
    let lines = text.split(whereSeparator: \.isNewline)
    if name.hasSuffix(".jsonl") { return lines.prefix(40).joined(separator: "\n") + "\n" }
    return (lines.prefix(41) + ["p0000,other,9,8,10,9,9,1"]).joined(separator: "\n") + "\n"
  }

  /// The fence of a cell with its content.
  static func fence(_ name: String) -> String {
    let start = source.range(of: "```swift {#\(name)")!.lowerBound
    let end = source.range(of: "\n```\n", range: start..<source.endIndex)!.upperBound
    return String(source[start..<end])
  }
}
