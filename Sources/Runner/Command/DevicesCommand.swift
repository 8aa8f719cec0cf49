import ArgumentParser
import Basics
import Core
import Engine
import Foundation
import Measure

/// `labbook devices`: lists the devices on which models can be measured.
struct DevicesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "devices", abstract: "Lists the devices of devices.yaml with their properties and their problems.",
    discussion: """
      devices.yaml is beside the notebooks. Its shortest form is the line "pc: {}", which means this machine and \
      ONNX Runtime; "pi4: {host: pi@raspberrypi.local}" is one that ssh reaches.
      """)

  @Argument(help: "Names of devices; the default is all.")
  var names: [String] = []

  @Option(name: .shortAndLong, help: ArgumentHelp("The file that describes them.", valueName: "file"))
  var file = "devices.yaml"

  @Flag(help: "Remove the models that measurements left on them.")
  var clean = false

  func run() async throws {
    try await reportingErrors {
      let devices = try TargetDevices.load(file)
      let chosen = try names.isEmpty ? devices.all : names.map(devices.device)
      var hasProblem = false
      for device in chosen {
        if clean {
          let removed = try DeviceReport.clean(device)
          let size = String(format: "%.1f MB", Double(removed.bytes) / 1e6)
          print("\(device.name): removed \(removed.files) \(removed.files == 1 ? "file" : "files"), \(size)")
          continue
        }
        let report = try DeviceReport(asking: device)
        print(report.lines.map(\.visible).joined(separator: "\n"))
        if report.problem != nil || !report.missing.isEmpty { hasProblem = true }
      }
      if hasProblem { throw ExitStatus.cellFailed.code }
    }
  }
}
