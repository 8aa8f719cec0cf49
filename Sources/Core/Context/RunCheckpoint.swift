import CBOR
import Foundation
import Numerics
import Synchronization

/// The checkpoint of one run: the storage for its state while it goes on, and then for its result.
///
/// A recipe whose training takes long reads the state at the start and offers a new one after every epoch:
///
/// ```swift
/// var state = context.checkpoint?.state(State.self) ?? State()
/// while state.epoch < epochs {
///   …
///   context.checkpoint?.keep { state }
/// }
/// ```
public final class RunCheckpoint: Sendable {
  /// The kind of stored data.
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

  /// The stored state of an unfinished run; nil if there is none or it is damaged.
  public func state<State: Decodable>(_ type: State.Type) -> State? {
    storage?.load(key).flatMap { Self.content($0, .state, key: key) }
  }

  /// Stores the state of a run if the last stored state is old enough.
  public func keep(_ state: () -> some Encodable) {
    let start = ContinuousClock.now
    guard let storage, due.withLock({ start >= $0 }) else { return }
    save(state(), .state, in: storage, key)
    // Even on a slow storage, saving takes at most a twentieth of the time.
    let pause = interval == .zero ? .zero : max(interval, start.duration(to: .now) * 20)
    due.withLock { $0 = .now.advanced(by: pause) }
  }

  /// The stored result of the run; nil if there is none.
  func result<Result: Decodable>(_ type: Result.Type) -> Result? {
    fits?.load(fitKey).flatMap { Self.content($0, .result, key: fitKey) }
      ?? storage?.load(key).flatMap { Self.content($0, .result, key: key) }
  }

  /// Stores the result of the run.
  func keep(result: some Encodable) {
    if let storage { save(result, .result, in: storage, key) }
    if let fits { save(result, .result, in: fits, fitKey) }
  }

  private func save(_ value: some Encodable, _ kind: Kind, in storage: KeyedStorage, _ key: String) {
    // A run doesn't fail if its checkpoint can't be encoded.
    guard let content = try? CBOREncoder().encode(value).data else { return }
    let checked = Data([kind.rawValue]) + content
    storage.save(key, Self.format + Self.digest(checked, key: key) + checked)
  }

  /// The version of the format. It changes whenever older checkpoints can't be continued.
  private static let format = Data("labbook-checkpoint-4\n".utf8)

  /// Decodes the value in `data`: the format, a SHA-256 of key and content, and the content, which is the kind and
  /// CBOR. The result is nil for data that is damaged or of another key, kind or version.
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
