import Foundation

/// Lets each point of a sweep be a process of its own, as on a cluster.
///
/// All these processes run the same program. The cell's own comes to the sweep, finds points missing and ends. One
/// process a point then runs the program up to the sweep, does its point and ends. When all are there, the cell's own
/// process runs again, takes what they gave and goes on.
public struct SweepPoints: Sendable {
  /// What a point gave.
  public enum Outcome: Sendable {
    /// Encoded as CBOR.
    case value(Data)
    /// The text of what was thrown.
    case failure(String)
  }

  /// A point by its sweep's number within the program and its own within the sweep, both from 0.
  public struct Point: Hashable, Sendable {
    public var sweep: Int
    public var index: Int

    public init(sweep: Int, index: Int) {
      self.sweep = sweep
      self.index = index
    }
  }

  /// The point that this process is for; nil in the cell's own.
  public var own: Point?
  /// Gives the next sweep its number.
  public var next: @Sendable () -> Int
  /// Whether a point's outcome is there.
  public var has: @Sendable (Point) -> Bool
  /// A point's outcome; what it printed and showed happens now.
  public var take: @Sendable (Point) -> Outcome?
  /// Called before the process's own point is worked on.
  public var begin: @Sendable () -> Void
  /// Keeps the outcome of the process's own point, and ends the process.
  public var finish: @Sendable (Outcome) -> Never
  /// Asks for these points of a sweep of so many, and ends the process.
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
