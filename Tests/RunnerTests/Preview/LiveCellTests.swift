import Core
import Engine
import Foundation
import Plot
import Testing
import Wire

@testable import Runner

@Suite struct LiveCellTests {
  private let now = ContinuousClock.now

  /// A training with these figures in its epochs.
  private func activity(_ figures: [[String: Double]]) -> CellActivity {
    var activity = CellActivity(cell: "train", at: now)
    activity.run(at: now)
    for (index, figures) in figures.enumerated() {
      let record = EpochRecord(
        epoch: index + 1, trainingLoss: 1 / Double(index + 1), validationLoss: nil, learningRate: 0.1,
        figures: figures, seconds: 1)
      activity.note(.epoch(run: "supernet", record, of: 4, earlier: 0), at: now)
    }
    return activity
  }

  private func axes(_ activity: CellActivity) -> [String] {
    Chart.liveLosses(activity.trainings)?.panels.map { $0.y.title?.text(in: .english) ?? "" } ?? []
  }

  @Test func aClassifiersAccuracyIsBesideItsLoss() {
    let classifier = activity([
      ["accuracy": 0.25, "validation accuracy": 0.5], ["accuracy": 0.5, "validation accuracy": 0.875],
    ])
    let page = LiveCell(activity: classifier, language: "en").html(at: now).source
    #expect(page.contains("loss 0.5") && page.contains("accuracy 87.5"))
    #expect(LiveCell(activity: classifier, language: "zh-Hans").text(at: now).contains("正确率 87.5"))
    #expect(axes(classifier) == ["loss", "accuracy"])
    // Without validation images the accuracy on the training images is shown.
    let trained = activity([["accuracy": 0.25], ["accuracy": 0.5]])
    #expect(LiveCell(activity: trained, language: "en").text(at: now).contains("accuracy 50"))
    #expect(axes(trained) == ["loss", "accuracy"])
  }

  @Test func otherTrainingsHaveOnlyALoss() {
    for figures in [[:], ["accuracy": .nan], ["accuracy": .infinity], ["gradient": 1]] {
      let other = activity([figures, figures])
      #expect(axes(other) == ["loss"])
      #expect(!LiveCell(activity: other, language: "en").text(at: now).contains("accuracy"))
    }
  }
}
