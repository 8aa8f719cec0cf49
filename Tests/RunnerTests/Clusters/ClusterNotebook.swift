import Foundation
import TestSupport

@testable import Engine

/// A notebook with a sweep whose points write to a file when they begin and end, and when a point begins whose result
/// is there already.
enum ClusterNotebook {
  /// The tests with real servers interrupt jobs at certain moments. On a busy machine, such as beside the whole suite,
  /// a job can be past that moment.
  static let areTestsAskedFor = ProcessInfo.processInfo.environment["LABBOOK_CLUSTER_TESTS"] == "1"

  static func source(points: Int, milliseconds: Int = 100) -> String {
    """
    ```swift {#points}
    //| resources: {cpus: 1, time: 10m}
    import Foundation
    func note(_ text: String) {
      let file = fopen("log.txt", "a")
      fputs(text + "\\n", file)
      fclose(file)
    }
    /// Whether a point of the sweep has a result, where points are jobs.
    func isStored(_ number: Int) -> Bool {
      guard let path = ProcessInfo.processInfo.environment["LABBOOK_JOB"],
        let data = FileManager.default.contents(atPath: path),
        let job = (try? JSONSerialization.jsonObject(with: data)) as? [String: Any],
        let folder = (job["points"] as? [String: Any])?["folder"] as? String
      else { return false }
      return FileManager.default.fileExists(atPath: "\\(folder)/0-\\(number)")
    }
    let numbers = Array(0..<\(points))
    ```

    ```swift {#sweep}
    let roots = try sweep(over: numbers) { number -> Double in
      if isStored(number) { note("again \\(number)") }
      note("begin \\(number)")
      usleep(\(milliseconds)_000)
      print("point", number)
      metric("root \\(number)", Double(number).squareRoot())
      note("end \\(number)")
      return Double(number).squareRoot()
    }
    print("all", roots.count)
    ```

    ```swift {#sum}
    let total = roots.reduce(0, +)
    print(total)
    ```

    The sum is `{swift} total`.
    """
  }

  /// The digests of the cells' values in the store, which are equal for equal bits.
  static func values(_ outcome: NotebookRun.Outcome) -> [String: String] {
    var values: [String: String] = [:]
    for result in outcome.cells.values.compactMap(\.result) {
      for value in result.values { values[value.name] = value.sha256 }
      for metric in result.metrics { values["metric \(metric.name)"] = metric.text }
    }
    return values
  }

  /// The texts of an outcome's failures.
  static func failures(_ outcome: NotebookRun.Outcome) -> [String] {
    outcome.cells.compactMap { name, cell in cell.failure.map { "\(name): \($0.message)\n\($0.details ?? "")" } }
  }
}
