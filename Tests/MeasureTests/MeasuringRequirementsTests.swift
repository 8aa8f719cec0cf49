import Core
import Foundation
import TestSupport
import Testing

@testable import Measure

/// What a device lacks is told before anything is measured: runtimes, converters, Python, a cache that can be written.
@Suite(.waiting) struct MeasuringRequirementsTests {
  private let device: TestDevice
  private let table: String

  init() throws {
    device = try TestDevice()
    table = device.table
  }

  /// A missing runtime isn't found only after the others were measured.
  @Test func aMissingRuntimeIsToldBeforeMeasuring() throws {
    let models = try device.models(["a": "run"])
    var target = device.device()
    target.setups = [RuntimeSetup(.onnxruntime, on: "pc"), RuntimeSetup(.mnn, on: "pc"), RuntimeSetup(.ncnn, on: "pc")]
    let error = #expect(throws: InputError.self) { try device.measure(models, on: target) }
    #expect(error?.cause == "\"pc\" has no MNN and no ncnn")
    let description = try #require(try DeviceReport(asking: target).description)
    #expect(
      error?.remedy
        == "Install it: \(target.installCommand(.mnn, on: description)); "
        + target.installCommand(.ncnn, on: description))
    #expect(!FileManager.default.fileExists(atPath: table))
  }

  /// A missing converter isn't found only after the other runtimes were measured, and model by model.
  @Test func aMissingConverterIsToldBeforeMeasuring() throws {
    // A converter on the path of whoever runs the tests is none of the test's.
    try device.wrapPython("PATH=/usr/bin:/bin")
    try device.write("", to: "site/numpy.py")
    try device.write(
      "Metadata-Version: 2.1\nName: ncnn\nVersion: 1.0.20261020\n", to: "site/ncnn-1.0.20261020.dist-info/METADATA")
    let models = try device.models(["a": "run"])
    let lacks = "no pnnx, which converts ONNX models for ncnn"
    var target = device.device()
    let setups = [RuntimeSetup(.onnxruntime, on: "pc"), RuntimeSetup(.ncnn, on: "pc")]
    target.setups = setups
    let report = try DeviceReport(asking: target)
    let command = target.installCommand(.ncnn, on: report.description)
    #expect(report.missing == [])
    #expect(report.lines.contains("  \(lacks). Install it: \(command)"))
    for setups in [setups, [setups[1]]] {
      target.setups = setups
      #expect(throws: InputError("\"pc\" has \(lacks)", remedy: "Install it: \(command)")) {
        try device.measure(models, on: target)
      }
    }
    #expect(try RoundsJournal(Measuring.rounds(of: table)).entries.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: table))
  }

  /// Models that have run there were converted, and models in the runtime's own format need no converter.
  @Test func aMissingConverterIsNoneForConvertedModels() throws {
    let models = try device.models(["a": "run", "b": "run"])
    try device.write("packed", to: "c.ncnn.zip")
    let packed = try ModelFile(device.path("c.ncnn.zip"))
    let (one, four) = (RuntimeSetup(.ncnn, on: "pc"), RuntimeSetup(.ncnn, on: "pc", threads: 4))
    let target = TargetDevice("pc", setups: [one, four])
    let description = DeviceDescription(runtimes: ["ncnn": "1.0"], lacking: ["ncnn-onnx": "pnnx"])
    var journal = try RoundsJournal(Measuring.rounds(of: table))
    try journal.open()
    func isLacking(_ models: [ModelFile]) -> Bool {
      SetupMeasuring(
        models: models, device: target, setup: four, plan: TestDevice.quickPlan, firstPause: 1, endurance: 1
      )
      .lacksConverter(description, journal)
    }
    #expect(isLacking(models))
    #expect(!isLacking(models + [packed]))
    try journal.add(.visit(Visit(id: "a", digest: models[0].digest, device: one.name, round: 1, runs: [1_000_000])))
    #expect(!isLacking(models))
    #expect(isLacking([models[1]]))
  }

  /// A broken Python is told although the first runtime doesn't need it.
  @Test func aBrokenPythonIsToldBeforeMeasuring() throws {
    let models = try device.models(["a": "run"])
    var target = device.device()
    target.python = device.path("nothing")
    target.setups = [RuntimeSetup(.onednn, on: "pc"), RuntimeSetup(.onnxruntime, on: "pc")]
    let error = #expect(throws: InputError.self) { try device.measure(models, on: target) }
    #expect(error?.cause == "\"pc\": \(target.python) doesn't exist on this machine")
    #expect(try RoundsJournal(Measuring.rounds(of: table)).entries.isEmpty)
  }

  @Test func whatTheDeviceLacksIsToldWithTheCommand() throws {
    let models = try device.models(["a": "run"])
    try device.install(nil)
    let command = device.device().installCommand(
      .onnxruntime, on: try DeviceReport(asking: device.device()).description)
    #expect(command.hasPrefix(device.path("python")) && command.contains("pip install onnxruntime==1.32.0"))
    #expect(throws: InputError("\"pc\" has no ONNX Runtime", remedy: "Install it: \(command)")) {
      try device.measure(models)
    }
    var none = device.device()
    none.python = device.path("nothing")
    #expect(
      throws: InputError(
        "\"pc\": \(none.python) doesn't exist on this machine",
        remedy: "Install Python (sudo apt install python3-venv), or set `python:` in devices.yaml.")
    ) { try device.measure(models, on: none) }
    #expect(try DeviceReport(asking: none).problem != nil)
    #expect(try DeviceReport(asking: device.device()).missing == [.onnxruntime])
  }

  @Test func aCacheThatCantBeWrittenIsTold() throws {
    let models = try device.models(["a": "run"])
    try device.write("in the way", to: "cache")
    let error = #expect(throws: InputError.self) { try device.measure(models) }
    #expect(
      error?.description
        == "\"pc\" can't store \(models[0].path): Not a directory\n  Free disk space there, or remove "
        + "earlier models: labbook devices pc --clean.")
  }
}
