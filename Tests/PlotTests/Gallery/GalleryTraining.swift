import Plot

extension Gallery {
  static let training = Section(
    title: "Training",
    entries: [
      Entry(
        "loss-one-run", "Loss of one run", "The best epoch is marked, training and validation are named at their ends."
      ) { show in
        // listing: loss-one-run
        show(Chart.lossCurves([trainingRun("lr 0.001", floor: 0.03, seed: 7)]))
        // end
      },
      Entry(
        "loss-runs", "Several runs",
        "Names stand at the lines' ends and don't collide; each run's best epoch is ringed."
      ) {
        show in
        // listing: loss-runs
        let threeRates = [("lr 0.01", 0.06), ("lr 0.001", 0.03), ("lr 0.0001", 0.035)]
        show(Chart.lossCurves(threeRates.map { trainingRun($0.0, floor: $0.1, seed: UInt64($0.1 * 1000)) }))
        // end
      },
      Entry(
        "loss-seeds", "Seeds, last week, learning rate",
        "The median of five seeds in the band of all of them, last week's run behind it, the learning rate beneath."
      ) {
        show in
        // listing: loss-seeds
        let fiveSeeds = (1...5).map { trainingRun("", floor: 0.028 + 0.002 * Double($0), seed: UInt64($0)) }
        show(
          Chart.lossCurves(
            [.overSeeds(fiveSeeds, label: "lr 0.001, 5 seeds")],
            previous: [trainingRun("last week", floor: 0.07, seed: 9)], showsLearningRate: true))
        // end
      },
    ])
}
