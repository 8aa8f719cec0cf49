import Core
import Foundation
import Synchronization
internal import Wire

/// The cell's side of sweeps whose points run in their own processes. The points' results are kept in a folder.
final class CellPoints: Sendable {
  private struct State {
    var sweeps = 0
    /// The events since the process's own point began; nil before.
    var events: [CellEvent]?
    var files: [PointValue.ReadFile] = []
    var printedBefore = 0
  }

  private let points: CellJob.Points
  private let blobs: URL
  private let state = Mutex(State())

  init(_ points: CellJob.Points, blobs: String) {
    self.points = points
    self.blobs = URL(fileURLWithPath: blobs)
  }

  private func file(_ point: SweepPoints.Point) -> URL {
    URL(fileURLWithPath: points.folder)
      .appendingPathComponent(PointValue.name(sweep: point.sweep, index: point.index))
  }

  /// Whether an earlier process ran this process's own point, but ended before the queue or the runner knew.
  var hasOwn: Bool {
    guard let sweep = points.sweep, let index = points.index else { return false }
    return whole(.init(sweep: sweep, index: index)) != nil
  }

  /// Notes an event that the process sends to the runner. The process that collects the point sends it again.
  func note(_ event: CellEvent) {
    state.withLock { state in
      if case .read(let path, let digest) = event { state.files.append(.init(path: path, sha256: digest)) }
      switch event {
      case .shown, .recorded, .measured, .read, .readLanguage: state.events?.append(event)
      default: break
      }
    }
  }

  func sweepPoints(of runtime: CellRuntime) -> SweepPoints {
    let own: SweepPoints.Point? =
      if let sweep = points.sweep, let index = points.index { .init(sweep: sweep, index: index) } else { nil }
    return SweepPoints(
      own: own,
      next: { [self] in
        state.withLock { state in
          state.sweeps += 1
          return state.sweeps - 1
        }
      },
      has: { [self] in whole($0) != nil },
      take: { [self] point in take(point, runtime) },
      begin: { [self] in
        let printed = runtime.printedBytes()
        state.withLock { state in
          state.events = []
          state.printedBefore = printed
        }
      },
      finish: { [self] outcome in finish(outcome, own, runtime) },
      ask: { sweep, missing, count in
        fflush(nil)
        runtime.send(.distributing(sweep: sweep, missing: missing, of: count))
        exit(0)
      })
  }

  /// The result of a point, if the files that its process read haven't changed.
  private func whole(_ point: SweepPoints.Point) -> PointValue? {
    guard let value = PointValue(reading: file(point)) else { return nil }
    let areSame = value.files.allSatisfy { SHA256.hexOfFile($0.path) == $0.sha256 }
    guard areSame else { return nil }
    if let digest = value.sha256, !FileManager.default.fileExists(atPath: blobs.appendingPathComponent(digest).path) {
      return nil
    }
    return value
  }

  private func take(_ point: SweepPoints.Point, _ runtime: CellRuntime) -> SweepPoints.Outcome? {
    guard let value = whole(point) else { return nil }
    var outcome = SweepPoints.Outcome.failure(value.failure ?? "")
    if let digest = value.sha256 {
      guard let data = FileManager.default.contents(atPath: blobs.appendingPathComponent(digest).path),
        SHA256.hex(data) == digest
      else { return nil }
      outcome = .value(data)
    }
    // The printed output and the shown charts have the same order as in the point's process.
    let printed = Data(value.printed.utf8)
    var told = 0
    func print(upTo end: Int) {
      let end = min(max(end, told), printed.count)
      FileHandle.standardOutput.write(Data(printed[told..<end]))
      told = end
    }
    for event in value.events {
      if case .shown(let shown, let offset) = event {
        print(upTo: offset)
        runtime.show(shown)
      } else {
        runtime.send(event)
      }
    }
    print(upTo: printed.count)
    return outcome
  }

  private func finish(_ outcome: SweepPoints.Outcome, _ own: SweepPoints.Point?, _ runtime: CellRuntime) -> Never {
    guard let own else { exit(1) }
    let end = runtime.printedBytes()
    runtime.requireOutput()
    let (events, files, start) = state.withLock { ($0.events ?? [], $0.files, $0.printedBefore) }
    var value = PointValue(sha256: nil, failure: nil, events: [], printed: "", files: files)
    value.events = events.map { event in
      if case .shown(let shown, let offset) = event { .shown(shown, after: offset - start) } else { event }
    }
    value.printed = Self.printed(from: start, to: end)
    do {
      switch outcome {
      case .failure(let text): value.failure = text
      case .value(let data):
        let digest = SHA256.hex(data)
        try data.writeDurably(to: blobs.appendingPathComponent(digest))
        value.sha256 = digest
      }
      try value.write(to: file(own))
    } catch {
      // Otherwise no one would learn that the result is lost.
      runtime.stop(.threw(message: "the result of the sweep's point can't be stored: \(error)"))
    }
    exit(0)
  }

  /// The bytes that this process wrote to standard output, which is a file.
  private static func printed(from start: Int, to end: Int) -> String {
    guard end > start, let file = FileHandle(forReadingAtPath: "/proc/self/fd/1") else { return "" }
    defer { try? file.close() }
    try? file.seek(toOffset: UInt64(start))
    return String(decoding: (try? file.read(upToCount: min(end - start, 16 << 20))) ?? Data(), as: UTF8.self)
  }
}
