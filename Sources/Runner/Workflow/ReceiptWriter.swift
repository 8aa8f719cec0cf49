import Basics
import Engine
import Foundation
import Glibc
import Receipt
import Wire

/// Writes the receipt of a run after which everything is up to date. The next run can then end at once if nothing
/// changed.
struct ReceiptWriter: Sendable {
  private let arguments: [String]
  private let start: FileState.Time
  /// The files that the run reads.
  let register = FileRegister()

  /// The longest step, in nanoseconds, of the clock by which file systems stamp files.
  private static let step = 10_000_000

  /// Must be made before anything is read.
  /// - Parameter arguments: The command's arguments, the verb first.
  init(arguments: [String]) {
    self.arguments = arguments
    start = Self.now
  }

  private static var now: FileState.Time {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return FileState.Time(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  /// Writes the receipt if all files that the run read are older than the run, so that their content now is the
  /// content that was read. If the receipt can't be written, the next run only takes longer.
  /// - Parameters:
  ///   - json: Whether the run prints JSON.
  ///   - last: The last line that the run prints.
  func keep(
    _ run: NotebookRun, _ outcome: NotebookRun.Outcome, _ written: ReportFiles.Written, json: Bool, last: String
  ) {
    let results = run.evaluatedCells.compactMap { outcome.cells[$0.name]?.result }
    let values = outcome.expressions.values.allSatisfy { if case .value = $0 { true } else { false } }
    guard results.count == run.evaluatedCells.count, values, let path = RunReceipt.path(arguments: arguments) else {
      return
    }
    let url = URL(fileURLWithPath: path)
    // A temporary store ends with the run, so there is nothing to find again.
    let kept = Store.folder(beside: run.notebook.folder).standardizedFileURL.path
    guard run.store.folder.standardizedFileURL.path == kept else { return }
    // Files that the run itself wrote are listed with the content that it wrote.
    let read = register.paths.filter { written.files[$0] == nil }.map(FileState.init)
    guard read.allSatisfy({ Self.isOlder($0, than: start) }) else { return }
    guard let made = made(run, results, written) else { return }

    let cells = run.evaluatedCells.map(\.name)
    let lines = cells.indices.compactMap { ProgressDisplay.json(cells[$0], .fresh(results[$0])) }
    let receipt = RunReceipt(
      arguments: arguments, folder: RunReceipt.workingFolder, variables: RunReceipt.variables, files: read + made,
      errors: ProgressDisplay.freshLines(cells), output: (json ? lines : []) + [last])
    guard let text = receipt.text else { return }
    // A file that changes within the same clock step after it was read would keep its stamp. So this waits for the
    // next step.
    usleep(UInt32(Self.step / 1000))
    try? FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try? Data(text.utf8).writeDurably(to: url, replace: true)
  }

  private static func isOlder(_ file: FileState, than time: FileState.Time) -> Bool {
    guard let changed = file.stamp?.changed else { return true }
    let nanoseconds = changed.nanoseconds + step
    return FileState.Time(
      seconds: changed.seconds + nanoseconds / 1_000_000_000, nanoseconds: nanoseconds % 1_000_000_000) < time
  }

  /// The files of the run in the store and its report; nil if another run has overwritten them already.
  private func made(_ run: NotebookRun, _ results: [CellResult], _ written: ReportFiles.Written) -> [FileState]? {
    var files: [FileState] = []
    for (path, data) in written.files.sorted(by: { $0.key < $1.key }) {
      let state = FileState(of: path)
      guard FileManager.default.contents(atPath: path) == data else { return nil }
      files.append(state)
    }
    let paths = Set(results.flatMap { run.store.files(of: $0) }).sorted()
    return files + paths.map(FileState.init)
  }
}
