import Synchronization

/// A duration that was measured while a value was made and is not part of the value's content. Two values that differ
/// only in it are equal, and code that compares encoded values can leave it out.
///
/// ```swift
/// struct Sweep: Codable, Hashable {
///   var best: Double
///   @WallClock var seconds = 0
/// }
/// ```
@propertyWrapper
public struct WallClock: Codable, Hashable, Sendable {
  /// The duration in seconds.
  public var wrappedValue: Double

  public init(wrappedValue: Double) {
    self.wrappedValue = wrappedValue
  }

  /// The key of an encoder's `Switch` in `userInfo`. With it, durations are counted, and left out if it says so.
  public static let key = CodingUserInfoKey(rawValue: "WallClock")!  // Any text can be a key.

  /// Whether an encoder leaves durations out, and whether it has encoded any.
  public final class Switch: Sendable {
    public let omitsTimes: Bool
    private let met = Mutex(false)

    public init(omitsTimes: Bool) {
      self.omitsTimes = omitsTimes
    }

    public var hasMetTimes: Bool { met.withLock { $0 } }

    fileprivate func meet() { met.withLock { $0 = true } }
  }

  /// The single key of an encoded duration. It distinguishes durations from other numbers.
  public enum CodingKeys: String, CodingKey {
    case wallClock
  }

  public init(from decoder: any Decoder) throws {
    wrappedValue = try decoder.container(keyedBy: CodingKeys.self).decode(Double.self, forKey: .wallClock)
  }

  public func encode(to encoder: any Encoder) throws {
    let setting = encoder.userInfo[Self.key] as? Switch
    setting?.meet()
    var container = encoder.container(keyedBy: CodingKeys.self)
    if !(setting?.omitsTimes ?? false) { try container.encode(wrappedValue, forKey: .wallClock) }
  }

  public static func == (left: WallClock, right: WallClock) -> Bool { true }

  public func hash(into hasher: inout Hasher) {}
}
