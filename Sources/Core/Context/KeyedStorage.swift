import Foundation

/// A storage for data under keys of 64 hexadecimal digits, which may be followed by a hyphen and a number.
///
/// Neither function reports errors, because data that is lost or damaged is computed again. Both are called from
/// several threads at the same time.
public struct KeyedStorage: Sendable {
  /// The data that was last saved under a key; nil if there is none.
  public var load: @Sendable (_ key: String) -> Data?
  /// Replaces the data under a key atomically.
  public var save: @Sendable (_ key: String, _ data: Data) -> Void

  public init(
    load: @escaping @Sendable (_ key: String) -> Data?, save: @escaping @Sendable (_ key: String, _ data: Data) -> Void
  ) {
    self.load = load
    self.save = save
  }
}
