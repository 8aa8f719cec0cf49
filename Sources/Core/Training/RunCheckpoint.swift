import CBOR
import Foundation

/// What one training run keeps: while it goes on its state, then the finished run.
enum Checkpoint: Codable {
  case unfinished(TrainerState)
  case finished(TrainingRun)

  /// Changes whenever older checkpoints can't be continued.
  private static let format = Data("labbook-checkpoint-3\n".utf8)

  /// The format, a SHA-256 of key and content, and the content as CBOR.
  func encoded(key: String) throws -> Data {
    let content = try CBOREncoder().encode(self).data
    return Self.format + Self.digest(content, key: key) + content
  }

  /// Nil when `data` is damaged, or belongs to another key or version.
  init?(_ data: Data, key: String) {
    let start = Self.format.count + 32
    guard data.count > start, data.starts(with: Self.format) else { return nil }
    let content = Data(data.dropFirst(start))
    guard data.dropFirst(Self.format.count).starts(with: Self.digest(content, key: key)),
      let checkpoint = try? CBORDecoder().decode(Checkpoint.self, from: content)
    else { return nil }
    self = checkpoint
  }

  private static func digest(_ content: Data, key: String) -> [UInt8] {
    let digest = ContentDigest()
    digest.add(Data(key.utf8))
    digest.add(content)
    return digest.finish()
  }
}

/// The places of one run's checkpoint.
final class RunCheckpoint {
  private let storage: KeyedStorage?
  private let key: String
  private let sweptRuns: KeyedStorage?
  private let sweptKey: String
  private let interval: Duration
  private var due: ContinuousClock.Instant

  init(content: String, call: Int, storage: KeyedStorage?, sweptRuns: KeyedStorage?, interval: Duration) {
    self.storage = storage
    self.sweptRuns = sweptRuns
    self.interval = interval
    sweptKey = content
    key = "\(content)-\(call)"
    due = .now.advanced(by: interval)
  }

  /// What was kept of the run before, or nil.
  func load() -> Checkpoint? {
    if let data = sweptRuns?.load(sweptKey), let kept = Checkpoint(data, key: sweptKey) { return kept }
    return storage?.load(key).flatMap { Checkpoint($0, key: key) }
  }

  /// Keeps the state of a run that goes on, if the last one that was kept is old enough.
  func keep(_ state: () -> TrainerState) {
    let start = ContinuousClock.now
    guard let storage, start >= due else { return }
    save(.unfinished(state()), in: storage, key)
    // Where saving is slow, it still takes no more than a twentieth of the time.
    let pause = interval == .zero ? .zero : max(interval, start.duration(to: .now) * 20)
    due = .now.advanced(by: pause)
  }

  /// Keeps a finished run.
  func keep(_ run: TrainingRun) {
    if let storage { save(.finished(run), in: storage, key) }
    if let sweptRuns { save(.finished(run), in: sweptRuns, sweptKey) }
  }

  private func save(_ checkpoint: Checkpoint, in storage: KeyedStorage, _ key: String) {
    // A run is not ended because its checkpoint can't be written down.
    if let data = try? checkpoint.encoded(key: key) { storage.save(key, data) }
  }
}
