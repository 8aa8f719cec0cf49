import CBOR
import Foundation
import Numerics
import Synchronization

/// The place where one run keeps its state while it goes on, and then its result.
///
/// A recipe whose training takes long asks for the state at the start and offers one after every epoch:
///
/// ```swift
/// var state = context.checkpoint?.state(State.self) ?? State()
/// while state.epoch < epochs {
///   …
///   context.checkpoint?.keep { state }
/// }
/// ```
public final class RunCheckpoint: Sendable {
  /// What stands at the place.
  private enum Kind: UInt8 {
    case state = 1
    case result = 2
  }

  private let storage: KeyedStorage?
  private let key: String
  private let fits: KeyedStorage?
  private let fitKey: String
  private let interval: Duration
  private let due: Mutex<ContinuousClock.Instant>

  init(content: String, call: Int, storage: KeyedStorage?, fits: KeyedStorage?, interval: Duration) {
    self.storage = storage
    self.fits = fits
    self.interval = interval
    fitKey = content
    key = "\(content)-\(call)"
    due = Mutex(.now.advanced(by: interval))
  }

  /// The state that an unfinished run kept, or nil where there is none, or it is damaged.
  public func state<State: Decodable>(_ type: State.Type) -> State? {
    storage?.load(key).flatMap { Self.content($0, .state, key: key) }
  }

  /// Keeps the state of a run that goes on, if the last one that was kept is old enough.
  public func keep(_ state: () -> some Encodable) {
    let start = ContinuousClock.now
    guard let storage, due.withLock({ start >= $0 }) else { return }
    save(state(), .state, in: storage, key)
    // Where saving is slow, it still takes no more than a twentieth of the time.
    let pause = interval == .zero ? .zero : max(interval, start.duration(to: .now) * 20)
    due.withLock { $0 = .now.advanced(by: pause) }
  }

  /// The result of the run when it was made before, or nil.
  func result<Result: Decodable>(_ type: Result.Type) -> Result? {
    fits?.load(fitKey).flatMap { Self.content($0, .result, key: fitKey) }
      ?? storage?.load(key).flatMap { Self.content($0, .result, key: key) }
  }

  /// Keeps the result of the run.
  func keep(result: some Encodable) {
    if let storage { save(result, .result, in: storage, key) }
    if let fits { save(result, .result, in: fits, fitKey) }
  }

  private func save(_ value: some Encodable, _ kind: Kind, in storage: KeyedStorage, _ key: String) {
    // A run doesn't end because its checkpoint can't be encoded.
    guard let content = try? CBOREncoder().encode(value).data else { return }
    let checked = Data([kind.rawValue]) + content
    storage.save(key, Self.format + Self.digest(checked, key: key) + checked)
  }

  /// Changes whenever older checkpoints can't be continued.
  private static let format = Data("labbook-checkpoint-4\n".utf8)

  /// A value from the format, a SHA-256 of key and content, and the content: its kind and CBOR. Nil when `data` is
  /// damaged, or of another key, kind or version.
  private static func content<Value: Decodable>(_ data: Data, _ kind: Kind, key: String) -> Value? {
    let start = format.count + 32
    guard data.count > start, data.starts(with: format) else { return nil }
    let checked = Data(data.dropFirst(start))
    guard data.dropFirst(format.count).starts(with: digest(checked, key: key)), checked.first == kind.rawValue else {
      return nil
    }
    return try? CBORDecoder().decode(Value.self, from: Data(checked.dropFirst()))
  }

  private static func digest(_ content: Data, key: String) -> [UInt8] {
    let digest = ContentDigest()
    digest.add(Data(key.utf8))
    digest.add(content)
    return digest.finish()
  }
}
