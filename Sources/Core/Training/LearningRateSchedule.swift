internal import Basics
import Foundation
import Numerics

/// The change of the learning rate during training.
///
/// ```swift
/// TrainingOptions(learningRate: 1e-3, schedule: .cosine().warmUp(epochs: 5))
/// ```
public struct LearningRateSchedule: Codable, Hashable, Sendable {
  public enum Decay: Codable, Hashable, Sendable {
    case constant
    case reduceOnPlateau(factor: Double, patience: Int, firstEpoch: Int)
    case cosine(finalFraction: Double)
    case oneCycle(riseShare: Double, initialFraction: Double, finalFraction: Double)
  }

  public var decay: Decay
  /// The number of epochs over which the rate first rises linearly.
  public var warmUpEpochs: Int

  public init(_ decay: Decay, warmUpEpochs: Int = 0) {
    self.decay = decay
    self.warmUpEpochs = warmUpEpochs
  }

  /// A constant rate.
  public static let constant = LearningRateSchedule(.constant)

  /// Multiplies the rate by `factor` whenever the validation loss (or the training loss without a validation part)
  /// has not fallen below its least value for more than `patience` epochs. Epochs count from `firstEpoch` on.
  public static func reduceOnPlateau(factor: Double = 0.5, patience: Int = 10, firstEpoch: Int = 1) -> Self {
    LearningRateSchedule(.reduceOnPlateau(factor: factor, patience: patience, firstEpoch: firstEpoch))
  }

  /// Decreases the rate from the full rate to `finalFraction` of it along half a cosine (Loshchilov and Hutter,
  /// 2017), step by step.
  public static func cosine(finalFraction: Double = 0) -> Self {
    LearningRateSchedule(.cosine(finalFraction: finalFraction))
  }

  /// Raises the rate from a low value to the full rate over a fraction of all steps, and then lowers it to nearly
  /// nothing, both along half a cosine (Smith and Topin, 2018; like PyTorch's OneCycleLR).
  ///
  /// - Parameters:
  ///   - riseShare: The fraction of the steps in which the rate rises.
  ///   - initialFraction: The rate at the first step, as a fraction of the full rate.
  ///   - finalFraction: The rate at the last step, as a fraction of the full rate.
  public static func oneCycle(
    riseShare: Double = 0.3, initialFraction: Double = 0.04, finalFraction: Double = 4e-6
  ) -> Self {
    LearningRateSchedule(
      .oneCycle(riseShare: riseShare, initialFraction: initialFraction, finalFraction: finalFraction))
  }

  /// The same schedule with a linear rise over the first epochs.
  public func warmUp(epochs: Int) -> Self {
    LearningRateSchedule(decay, warmUpEpochs: epochs)
  }

  package func validate() throws {
    if !(0...1_000_000 ~= warmUpEpochs) {
      throw InputError("the learning rate can't warm up for \(warmUpEpochs) epochs", remedy: "Use 0 to 1000000.")
    }
    switch decay {
    case .reduceOnPlateau(let factor, let patience, _) where !(factor > 0 && factor < 1) || patience < 0:
      throw InputError(
        "the learning rate can't be reduced by the factor \(factor) after \(patience) epochs",
        remedy: "Use a factor between 0 and 1 and a patience of 0 or more.")
    case .cosine(let fraction) where !(fraction >= 0 && fraction <= 1):
      throw InputError("the learning rate can't end at \(fraction) times its full value", remedy: "Use 0 to 1.")
    case .oneCycle(let share, let initial, let final)
    where !(share > 0 && share < 1) || !(initial >= 0 && initial <= 1) || !(final >= 0 && final <= 1):
      throw InputError(
        "the learning rate can't rise over \(share) of the steps from \(initial) to 1 and fall to \(final)",
        remedy: "Use a share between 0 and 1, and fractions from 0 to 1.")
    default: break
    }
  }
}

/// The state of a schedule in one run.
package struct LearningRateProgress: Codable {
  private let schedule: LearningRateSchedule
  private let stepsPerEpoch: Int
  private let steps: Int
  private var rate: Double
  private var least = Double.infinity
  private var epochsSinceLeast = 0

  package init(_ schedule: LearningRateSchedule, rate: Double, epochs: Int, stepsPerEpoch: Int) {
    self.schedule = schedule
    self.rate = rate
    self.stepsPerEpoch = stepsPerEpoch
    steps = epochs * stepsPerEpoch
  }

  /// The rate of the step with this number, from 0.
  package func rate(atStep step: Int) -> Double {
    let warmUp = schedule.warmUpEpochs * stepsPerEpoch
    if step < warmUp { return rate * Double(step + 1) / Double(warmUp) }
    switch schedule.decay {
    case .cosine(let finalFraction):
      return rate * Self.cosine(from: 1, to: finalFraction, Double(step - warmUp) / Double(max(steps - warmUp, 1)))
    case .oneCycle(let share, let initial, let final):
      let top = warmUp + Int(clamping: (share * Double(steps - warmUp)).rounded()) - 1
      if step <= top {
        return rate * Self.cosine(from: initial, to: 1, Double(step - warmUp) / Double(max(top - warmUp, 1)))
      }
      return rate * Self.cosine(from: 1, to: final, Double(step - top) / Double(max(steps - 1 - top, 1)))
    case .constant, .reduceOnPlateau: return rate
    }
  }

  /// The value on half a cosine.
  private static func cosine(from start: Double, to end: Double, _ progress: Double) -> Double {
    end + (start - end) * (1 + CorrectlyRounded.cos(.pi * progress)) / 2
  }

  /// Records the loss after the epoch with this number, from 1.
  package mutating func endEpoch(_ epoch: Int, loss: Double) {
    guard case .reduceOnPlateau(let factor, let patience, let firstEpoch) = schedule.decay else { return }
    if loss < least {
      least = loss
      epochsSinceLeast = 0
    } else if epoch >= firstEpoch {
      epochsSinceLeast += 1
    }
    if epochsSinceLeast > patience {
      rate *= factor
      epochsSinceLeast = 0
    }
  }
}
