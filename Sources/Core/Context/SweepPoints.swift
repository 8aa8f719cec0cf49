import Foundation

/// Lets each point of a sweep run in its own process, as on a cluster.
///
/// All these processes run the same program. The cell's own process reaches the sweep, finds missing points and ends.
/// Then a process for each missing point runs the program up to the sweep, runs its point and ends. When all points
/// are done, the cell's own process runs again, reads their results and continues.
public struct SweepPoints: Sendable {
  /// The result of a point.
  public enum Outcome: Sendable {
    /// The returned value, encoded as CBOR.
    case value(Data)
    /// The text of the thrown error.
    case failure(String)
  }

  /// A point by the index of its sweep within the program and its own index within the sweep, both from 0.
  public struct Point: Hashable, Sendable {
    public var sweep: Int
    public var index: Int

    public init(sweep: Int, index: Int) {
      self.sweep = sweep
      self.index = index
    }
  }

  /// The point that this process runs; nil in the cell's own process.
  public var own: Point?
  /// Returns the index of the next sweep.
  public var next: @Sendable () -> Int
  /// Whether the outcome of a point exists.
  public var has: @Sendable (Point) -> Bool
  /// Returns a point's outcome, and repeats its printed output and its events.
  public var take: @Sendable (Point) -> Outcome?
  /// A function that is called before the process's own point is run.
  public var begin: @Sendable () -> Void
  /// Stores the outcome of the process's own point, and ends the process.
  public var finish: @Sendable (Outcome) -> Never
  /// Requests the missing points of a sweep with `count` points, and ends the process.
  public var ask: @Sendable (_ sweep: Int, _ missing: [Int], _ count: Int) -> Never

  public init(
    own: Point?, next: @escaping @Sendable () -> Int, has: @escaping @Sendable (Point) -> Bool,
    take: @escaping @Sendable (Point) -> Outcome?, begin: @escaping @Sendable () -> Void,
    finish: @escaping @Sendable (Outcome) -> Never,
    ask: @escaping @Sendable (_ sweep: Int, _ missing: [Int], _ count: Int) -> Never
  ) {
    self.own = own
    self.next = next
    self.has = has
    self.take = take
    self.begin = begin
    self.finish = finish
    self.ask = ask
  }
}
