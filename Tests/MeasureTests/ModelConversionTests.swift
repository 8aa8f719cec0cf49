import Core
import Foundation
import Synchronization
import Testing

@testable import Measure

/// Conversions that fail at once. Successful ones are tested with the real runtimes (`RuntimeTests`).
@Suite struct ModelConversionTests {
  @Test func whatCantBeConvertedIsTold() throws {
    let device = try TestDevice()
    let models = try device.models(["a": "run"])
    func error(_ runtime: RuntimeKind, _ python: String) -> String? {
      let error = #expect(throws: InputError.self) {
        try ModelConversion(to: runtime, python: python).run(models, into: device.path("converted"))
      }
      return error?.description
    }
    #expect(
      error(.onnxruntime, "python3") == "ONNX Runtime reads ONNX files as they are\n  Convert to mnn, ncnn or litert.")
    #expect(error(.onednn, "python3") == "oneDNN reads ONNX files as they are\n  Convert to mnn, ncnn or litert.")
    let python = device.path("python")
    // The test's Python has only a runtime named onnxruntime.
    let here = TargetDevice("here", python: python)
    let command = here.installCommand(.ncnn, on: try DeviceReport(asking: here).description)
    #expect(error(.ncnn, python) == "\(python) has no ncnn\n  Install it: \(command)")
    #expect(
      error(.mnn, "/no/such/python")?.hasPrefix("\"here\": /no/such/python doesn't exist on this machine") == true)
  }

  /// onnx2tf gets sample images of its own, so that it downloads none.
  @Test func convertsToTFLiteWithoutANetwork() throws {
    let device = try TestDevice()
    try device.write(
      "Metadata-Version: 2.1\nName: ai-edge-litert\nVersion: 2.1.0\n",
      to: "site/ai_edge_litert-2.1.0.dist-info/METADATA")
    try device.write(Self.numpy, to: "site/numpy.py")
    try device.write(Self.converter, to: "site/onnx2tf/__main__.py")
    let models = try device.models(["good": "run", "bad": "refuse"])
    func converted() throws -> [ModelConversion.Result] {
      try ModelConversion(to: .litert, python: device.path("python")).run(models, into: device.path("converted"))
    }
    // The agent's cache is no input of the cell that converts.
    let read = Mutex<[String]>([])
    var context = TrainingContext.current
    context.files = { path, _ in read.withLock { $0.append(path) } }
    let results = try context.run { try converted() }
    #expect(read.withLock { $0 }.allSatisfy { !$0.contains("labbook-agent") })
    #expect(results.map(\.reason) == [nil, "onnx2tf can't convert the model: there is no operator Fold"])
    #expect(results.map(\.files) == [[device.path("converted/good.tflite")], []])
    #expect(try String(contentsOfFile: device.path("converted/good.tflite"), encoding: .utf8).hasPrefix("TFL3 run"))
    // What is converted stays so without the converter.
    try FileManager.default.removeItem(atPath: device.path("site/onnx2tf"))
    let later = try converted()
    #expect(later[0].files == results[0].files)
    #expect(later[1].reason?.hasSuffix("has no onnx2tf, which converts ONNX models") == true)
    let lacking = #expect(throws: InputError.self) {
      try ModelConversion(to: .litert, python: device.path("python"))
        .run([models[1]], into: device.path("converted"))
    }
    #expect(
      lacking?.description
        == "\(device.path("python")) has no onnx2tf, which converts ONNX models for LiteRT\n"
        + "  Convert the models with a Python of this machine that has it: labbook convert --to litert --python FILE")
    // A model that can't be converted is finished, too.
    var parts: [Double] = []
    _ = try ModelConversion(to: .litert, python: device.path("python"))
      .run(models, into: device.path("converted")) { parts.append($0) }
    #expect(parts == [0, 0.5, 1])
  }

  /// The parts of numpy that the agent uses for a conversion.
  private static let numpy = """
    class RandomState:
        def __init__(self, seed): pass
        def random_sample(self, shape): self.shape = shape; return self
        def astype(self, kind): return self

    class random:
        RandomState = RandomState

    def save(path, values):
        with open(path, "w") as file:
            file.write(str(values.shape))
    """

  /// A converter that wants sample images as onnx2tf does, and copies the model.
  private static let converter = """
    import os, sys

    with open("calibration_image_sample_data_20x128x128x3_float32.npy") as file:
        assert file.read() == "(20, 128, 128, 3)"
    with open(sys.argv[sys.argv.index("-i") + 1]) as file:
        text = file.read()
    if "refuse" in text:
        sys.exit("there is no operator Fold")
    os.mkdir("out")
    with open("out/m_float32.tflite", "w") as file:
        file.write("TFL3 " + text)
    """
}
