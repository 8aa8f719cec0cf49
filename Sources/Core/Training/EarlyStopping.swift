import Foundation
import Numerics

/// When to stop before the last epoch, for want of progress on the validation part.
///
/// With or without it, a run with a validation part ends with the weights of its best epoch.
public struct EarlyStopping: Codable, Hashable, Sendable {
  /// How many epochs may pass without progress.
  public var patience: Int
  /// By what share of the least loss so far an epoch's must be below it to count as progress.
  public var minimumImprovement: Double

  public init(patience: Int = 35, minimumImprovement: Double = 0) {
    self.patience = patience
    self.minimumImprovement = minimumImprovement
  }

  func validate() throws {
    if patience < 0 || !(minimumImprovement >= 0 && minimumImprovement < 1) {
      throw InputError(
        "training can't stop early with the patience \(patience) and the minimum improvement \(minimumImprovement)",
        remedy: "Use a patience of 0 or more and an improvement of at least 0 and below 1.")
    }
  }
}

/// Watches the validation loss of one run: keeps a copy of the best epoch's weights and tells when to stop.
struct BestEpoch: Codable {
  private let stopping: EarlyStopping?
  private(set) var epoch = 0
  private(set) var loss = Double.infinity
  /// As bytes, so that a checkpoint holds them compactly.
  private var bytes = Data()
  private var progressLoss = Double.infinity
  private var progressEpoch = 0

  init(_ stopping: EarlyStopping?) {
    self.stopping = stopping
  }

  /// The best epoch's; none before the first.
  var weights: [Float] { [Float](littleEndian: bytes) }

  /// Takes note of an epoch, in order from 1.
  ///
  /// - Returns: Whether training should go on.
  mutating func record(epoch: Int, loss: Double, weights: UnsafeBufferPointer<Float>) -> Bool {
    if loss < self.loss {
      self.loss = loss
      self.epoch = epoch
      bytes = Data(littleEndian: weights)
    }
    if loss < progressLoss * (1 - (stopping?.minimumImprovement ?? 0)) {
      progressLoss = loss
      progressEpoch = epoch
    }
    return stopping.map { epoch - progressEpoch <= $0.patience } ?? true
  }
}
