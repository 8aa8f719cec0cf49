import Foundation

/// Somewhere to keep data under keys of 64 hexadecimal digits, sometimes followed by a hyphen and a number.
///
/// Whatever is lost or damaged is computed again, so that neither function has an error to tell. Both are called from
/// several threads at once.
public struct KeyedStorage: Sendable {
  /// What was last saved under a key, or nil.
  public var load: @Sendable (_ key: String) -> Data?
  /// Keeps data in place of what was there, as a whole or not at all.
  public var save: @Sendable (_ key: String, _ data: Data) -> Void

  public init(
    load: @escaping @Sendable (_ key: String) -> Data?, save: @escaping @Sendable (_ key: String, _ data: Data) -> Void
  ) {
    self.load = load
    self.save = save
  }
}
