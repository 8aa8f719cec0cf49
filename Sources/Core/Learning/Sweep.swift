import Dispatch
import Numerics
import Synchronization

/// Runs `body` for every point, several concurrently, and returns the results in the points' order.
///
/// Recipes that `body` fits report their progress under their labels, or under the point if they have none. Results
/// are stored (`TrainingCheckpoints`), so one more point costs only one more run. On a cluster, each point runs in
/// its own process if `body` returns a `Codable` value; that process first runs the cell's code before the sweep.
///
/// ```swift
/// let runs = try sweep(over: [1e-4, 3e-4, 1e-3]) { rate in
///   try train(on: data, split: split, options: TrainingOptions(learningRate: rate), label: "lr \(rate)")
/// }
/// ```
///
/// - Parameters:
///   - points: The settings to try.
///   - threads: The largest number of concurrent points; nil for the number of the context's threads. It doesn't
///     change the results.
/// - Throws: `SweepError` when `body` threw for some of the points, after all other points have been run.
public func sweep<Point: Sendable, Value: Sendable>(
  over points: [Point], threads: Int? = nil, _ body: @Sendable (Point) throws -> Value
) throws -> [Value] {
  var context = TrainingContext.current
  if let distributed = DistributedSweep<Point, Value>(context, count: points.count) {
    return try collected(points, distributed.results(points, body))
  }
  let workers = max(1, min(threads ?? context.threads, points.count))
  context.threads = context.threads / workers
  let shared = context
  let next = Atomic(0)
  let results = Mutex([Result<Value, any Error>?](repeating: nil, count: points.count))
  DispatchQueue.concurrentPerform(iterations: workers) { _ in
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < points.count else { return }
      var context = shared
      context.sweepPoint = "\(points[index])"
      let result = Result { try context.run { try body(points[index]) } }
      results.withLock { $0[index] = result }
    }
  }
  return try collected(points, results.withLock { $0.compactMap { $0 } })
}

private func collected<Point, Value>(_ points: [Point], _ results: [Result<Value, any Error>]) throws -> [Value] {
  var values: [Value] = []
  var failures: [SweepError.Failure] = []
  for (index, result) in results.enumerated() {
    switch result {
    case .success(let value): values.append(value)
    case .failure(let error): failures.append(SweepError.Failure(index: index, point: "\(points[index])", error: error))
    }
  }
  if !failures.isEmpty { throw SweepError(failures: failures, pointCount: points.count) }
  return values
}

/// An error: some points of a sweep failed.
public struct SweepError: Error, Sendable, CustomStringConvertible {
  /// A point and its error.
  public struct Failure: Sendable {
    /// The index of the point, from 0.
    public var index: Int
    public var point: String
    public var error: any Error
  }

  /// The failed points in order, at least one.
  public var failures: [Failure]
  /// The number of points of the whole sweep.
  public var pointCount: Int

  public var description: String {
    let heading =
      failures.count == pointCount
      ? "all \(pointCount) points of the sweep failed"
      : "\(failures.count) of the sweep's \(pointCount) points failed; the results of the others are kept"
    return ([heading] + failures.map { "point \($0.index + 1), \($0.point): \($0.error)" }).joined(separator: "\n")
  }
}
