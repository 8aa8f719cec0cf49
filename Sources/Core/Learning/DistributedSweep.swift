import CBOR
import Foundation

/// A sweep whose points run in their own processes. Only `Codable` values can be passed between processes.
struct DistributedSweep<Point: Sendable, Value: Sendable> {
  private let type: any Codable.Type
  private let processes: SweepPoints
  private let context: TrainingContext

  /// nil if the process that calls `sweep` has to run all points: the context has no `sweepPoints`, the sweep is
  /// within another sweep's point, it has one point only, or its values can't be encoded.
  init?(_ context: TrainingContext, count: Int) {
    guard count > 1, context.sweepPoint == nil, let processes = context.sweepPoints,
      let type = Value.self as? any Codable.Type
    else { return nil }
    self.type = type
    self.processes = processes
    self.context = context
  }

  /// The result of each point, in order. Ends the process if points have to run first.
  func results(_ points: [Point], _ body: (Point) throws -> Value) -> [Result<Value, any Error>] {
    let sweep = processes.next()
    if let own = processes.own, own.sweep == sweep, points.indices.contains(own.index) {
      processes.finish(outcome(of: points[own.index], body))
    }
    let missing = points.indices.filter { !processes.has(SweepPoints.Point(sweep: sweep, index: $0)) }
    // A process for a point of a later sweep runs missing points of earlier sweeps itself.
    if !missing.isEmpty, processes.own == nil { processes.ask(sweep, missing, points.count) }
    return points.indices.map { index -> Result<Value, any Error> in
      switch processes.take(SweepPoints.Point(sweep: sweep, index: index)) {
      case .some(.value(let data)): return Result { try decoded(data) }
      case .some(.failure(let text)): return .failure(PointFailure(text: text))
      case .none: return Result { try run(points[index], body) }
      }
    }
  }

  private func decoded(_ data: Data) throws -> Value {
    func decoded(as type: any Decodable.Type) throws -> any Decodable {
      try CBORDecoder().decode(type, from: data)
    }
    guard let value = try decoded(as: type) as? Value else {
      throw PointFailure(text: "it is not of the type \(Value.self)")
    }
    return value
  }

  private func run(_ point: Point, _ body: (Point) throws -> Value) throws -> Value {
    var context = context
    context.sweepPoint = "\(point)"
    return try context.run { try body(point) }
  }

  private func outcome(of point: Point, _ body: (Point) throws -> Value) -> SweepPoints.Outcome {
    processes.begin()
    do {
      guard let value = try run(point, body) as? any Codable else { return .failure("the value can't be encoded") }
      var encoder = CBOREncoder()
      encoder.userInfo[WallClock.key] = WallClock.Switch(omitsTimes: false)
      return .value(try encoder.encode(value).data)
    } catch {
      return .failure("\(error)")
    }
  }
}

/// An error that a point threw in another process.
private struct PointFailure: Error, CustomStringConvertible {
  var text: String
  var description: String { text }
}
