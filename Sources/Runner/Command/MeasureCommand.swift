import ArgumentParser
import Basics
import Core
import Engine
import Foundation
import Measure

/// `labbook measure`: measures the latency of models on a device.
struct MeasureCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "measure", abstract: "Times models on a device and writes a latency table.",
    discussion: """
      Every round is written to FILE.rounds.jsonl at once. After an interruption, the same command continues from \
      there. At the end, the rounds are compressed beside the table.
      """)

  @Argument(help: "ONNX models, or a folder of them.")
  var models: [String] = []

  @Option(help: ArgumentHelp("A device of devices.yaml, or one of its runtimes.", valueName: "name"))
  var on: String?

  @Option(name: .shortAndLong, help: ArgumentHelp("The file that describes the devices.", valueName: "file"))
  var file = "devices.yaml"

  @Option(name: .shortAndLong, help: ArgumentHelp("The table to write.", valueName: "file"))
  var output = "latency.csv"

  @Option(help: ArgumentHelp("The greatest number of rounds.", valueName: "n"))
  var rounds = 12

  @Option(help: ArgumentHelp("The least number of timed runs of a model in a round.", valueName: "n"))
  var runs = 15

  @Option(help: ArgumentHelp("Stop when all 95 % intervals are this narrow, in percent.", valueName: "percent"))
  var precision = 1.0

  @Option(help: ArgumentHelp("Stop after this time, at the end of a round: 90s, 30m, 2h.", valueName: "time"))
  var budget: String?

  @Option(
    help: ArgumentHelp("The most time for a model in a round, without its conversion: 90s, 5m.", valueName: "time"))
  var limit = "2m"

  @Option(
    help: ArgumentHelp("Run a model so long in a round that loading takes at most this part.", valueName: "percent"))
  var overhead = 2.5

  @Option(help: ArgumentHelp("How often disturbed runs of a model are repeated in a round.", valueName: "n"))
  var repetitions = 1

  @Option(help: ArgumentHelp("The seed of the order of models in the rounds.", valueName: "n"))
  var seed: UInt64 = 1

  @Flag(help: "Delete the existing rounds.")
  var fresh = false

  @Option(help: ArgumentHelp("Measure nothing, but compare estimators on these raw rounds.", valueName: "file"))
  var compare: String?

  func validate() throws {
    if rounds < 1 { throw ValidationError("--rounds must be 1 or more") }
    if compare == nil, models.isEmpty { throw ValidationError("name a folder of models, or models") }
    if compare == nil, on == nil { throw ValidationError("--on names the device, as labbook devices lists it") }
    if CellOptions.seconds(limit) == nil { throw ValidationError("--limit must be a time such as 90s or 5m") }
    if let budget, CellOptions.seconds(budget) == nil {
      throw ValidationError("--budget must be a time such as 90s, 30m or 2h")
    }
  }

  func run() async throws {
    try await reportingErrors {
      if let compare {
        print(try EstimatorComparison(compare).lines.joined(separator: "\n"))
        return
      }
      let device = try TargetDevices.load(file).device(on ?? "")
      let plan = MeasuringPlan(
        rounds: min(6, rounds)...rounds, runs: runs, precision: precision / 100,
        budget: budget.flatMap(CellOptions.seconds), overhead: overhead / 100, repetitions: repetitions,
        limit: CellOptions.seconds(limit) ?? 120, seed: seed)
      let measuring = Measuring(try ModelFile.named(models), on: device, plan: plan, table: output, isFresh: fresh)
      var display = WorkDisplay()
      // Also before the text of an error.
      defer { display.end() }
      let result = try measuring.run { display.show($0.fraction, $0.note) }
      display.end()
      for remark in result.remarks() { StandardStreams.printError("\(remark.visibleLines)\n") }
      print(result.summary(table: output).joined(separator: "\n"))
      if result.rows.allSatisfy({ $0.median == nil }) { throw ExitStatus.cellFailed.code }
    }
  }
}
