import Foundation
import Numerics

/// Stops training before the last epoch if the validation loss makes no progress.
///
/// With or without it, a run with a validation part ends with the weights of its best epoch.
public struct EarlyStopping: Codable, Hashable, Sendable {
  /// The number of epochs that may pass without progress.
  public var patience: Int
  /// The fraction by which a loss must be below the least loss so far to count as progress.
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

/// Watches the validation loss of a run: it keeps a copy of the best epoch's weights and decides when to stop.
struct BestEpoch: Codable {
  private let stopping: EarlyStopping?
  private(set) var epoch = 0
  private(set) var loss = Double.infinity
  /// The weights as bytes, so that a checkpoint stores them compactly.
  private var bytes = Data()
  private var progressLoss = Double.infinity
  private var progressEpoch = 0

  init(_ stopping: EarlyStopping?) {
    self.stopping = stopping
  }

  /// The weights of the best epoch; empty before the first epoch.
  var weights: [Float] { [Float](littleEndian: bytes) }

  /// Records the loss of an epoch. Epochs come in order from 1.
  ///
  /// - Returns: Whether training should continue.
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
