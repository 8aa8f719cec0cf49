import Core
import Testing

@testable import Engine
@testable import Wire

@Suite struct ProgressLinesTests {
  private let start = ContinuousClock.now

  private func activity(_ cell: String, _ events: [CellEvent], after seconds: Double = 10) -> CellActivity {
    var activity = CellActivity(cell: cell, at: start)
    activity.run(at: start)
    for event in events { activity.note(event, at: start + .seconds(seconds)) }
    return activity
  }

  private func epoch(_ epoch: Int, of epochs: Int, loss: Double = 0.012345, run: String = "", earlier: Int = 0)
    -> CellEvent
  {
    .epoch(
      run: run,
      EpochRecord(epoch: epoch, trainingLoss: loss * 2, validationLoss: loss, learningRate: 1e-3, seconds: 0.1),
      of: epochs, earlier: earlier)
  }

  private func lines(
    _ activities: [CellActivity], waiting: Int = 0, columns: Int = 80, rows: Int = 24, at seconds: Double = 10
  ) -> [String] {
    let width = activities.map(\.cell.displayColumns).max() ?? 0
    return ProgressLines(columns: columns, rows: rows, nameColumns: width)
      .lines(activities, waiting: waiting, at: start + .seconds(seconds))
  }

  @Test func aTrainingCellHasBarLossAndTimeLeft() {
    // The first event came after an epoch of 0.1 s, so 10 s later the run is 10.1 s old.
    var training = activity("训练", [epoch(1, of: 100)], after: 0)
    training.note(epoch(25, of: 100, run: ""), at: start + .seconds(10))
    #expect(
      lines([training]) == ["训练  ━━━━━━──────────────────  epoch 25/100  loss 0.01235  30 s left"])
  }

  @Test func epochsOfAnEarlierProcessTellNothingOfTheTimeLeft() {
    // A run of 100 epochs continues after the 60th. The earlier epochs are reported at once.
    var training = activity("a", [epoch(1, of: 100, earlier: 60), epoch(60, of: 100, earlier: 60)], after: 0)
    #expect(lines([training], at: 0) == ["a  ━━━━━━━━━━━━━━──────────  epoch 60/100  loss 0.01235"])
    training.note(epoch(61, of: 100, earlier: 60), at: start + .seconds(0.1))
    training.note(epoch(70, of: 100, earlier: 60), at: start + .seconds(10))
    #expect(lines([training]) == ["a  ━━━━━━━━━━━━━━━━╸───────  epoch 70/100  loss 0.01235  30 s left"])
  }

  @Test func theTimeLeftOfACellsOwnProgressIsThatOfThisProcess() {
    // Six tenths were done by an earlier process.
    var measuring = activity("a", [.progress(0.6, note: "connecting")], after: 0)
    #expect(lines([measuring], at: 5) == ["a  ━━━━━━━━━━━━━━──────────  60 %  connecting"])
    measuring.note(.progress(0.7, note: "measuring"), at: start + .seconds(10))
    #expect(lines([measuring]) == ["a  ━━━━━━━━━━━━━━━━╸───────  70 %  measuring  30 s left"])
    // A smaller fraction is that of another measurement.
    measuring.note(.progress(0.1, note: "connecting"), at: start + .seconds(20))
    #expect(lines([measuring], at: 20) == ["a  ━━──────────────────────  10 %  connecting"])
    measuring.note(.progress(0.2, note: "measuring"), at: start + .seconds(30))
    #expect(lines([measuring], at: 30) == ["a  ━━━━╸───────────────────  20 %  measuring  1 min 20 s left"])
  }

  @Test func otherStatesOfACell() {
    #expect(lines([CellActivity(cell: "a", at: start)]) == ["a  compiling"])
    #expect(lines([activity("a", [])], at: 75) == ["a  running  1 min 15 s"])
    var measuring = activity("a", [.progress(0, note: "connecting")], after: 0)
    measuring.note(.progress(0.5, note: "measuring"), at: start + .seconds(10))
    #expect(lines([measuring]) == ["a  ━━━━━━━━━━━━────────────  50 %  measuring  10 s left"])
    // A labelled run, and the next run of the same cell.
    #expect(
      lines([activity("a", [epoch(40, of: 40, run: "lr 1"), epoch(1, of: 50, run: "lr 2")])])
        == ["a  ────────────────────────  lr 2  epoch 1/50  loss 0.01235  4.9 s left"])
  }

  @Test(arguments: [
    (0.0, "──────────"), (0.04, "──────────"), (0.05, "╸─────────"), (0.5, "━━━━━─────"), (0.99, "━━━━━━━━━╸"),
    (1.0, "━━━━━━━━━━"), (1.5, "━━━━━━━━━━"),
  ])
  func bars(fraction: Double, bar: String) {
    #expect(ProgressLines.bar(fraction, columns: 10) == bar)
  }

  @Test(arguments: [200, 80, 60, 40, 30, 20, 12, 4, 1])
  func noLineIsWiderThanTheTerminal(columns: Int) {
    let all = [
      activity("一个很长的单元名字", [epoch(5, of: 1000, run: "学习率 0.001")]),
      activity("b", [.progress(0.3, note: "逐个测量延时")]), activity("c", []), CellActivity(cell: "d", at: start),
    ]
    let lines = lines(all, waiting: 12, columns: columns)
    #expect(lines.count == 5)
    #expect(lines.allSatisfy { $0.displayColumns <= max(0, columns - 1) || columns == 1 })
  }

  @Test func cellsThatWaitAreCounted() {
    #expect(lines([activity("abc", [])], waiting: 3) == ["abc  running  10 s", "     3 to go"])
    #expect(lines([], waiting: 3) == [])
  }

  @Test func aBlockIsNeverHigherThanTheTerminal() {
    let many = (1...9).map { activity("c\($0)", []) }
    let lines = lines(many, waiting: 5, rows: 6)
    #expect(lines == ["c1  running  10 s", "c2  running  10 s", "c3  running  10 s", "… and 6 more running"])
  }

  @Test func aLongRunKeepsItsLastRecord() {
    var activity = activity("a", [])
    for number in 1...5_000 { activity.note(epoch(number, of: 5_000), at: start + .seconds(Double(number))) }
    let records = activity.trainings[0].records
    #expect(records.count <= 1_000)
    #expect(records.last?.epoch == 5_000)
    #expect(zip(records, records.dropFirst()).allSatisfy { $0.epoch < $1.epoch })
    #expect(activity.fraction == 1)
  }
}
