import Core
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
    #expect(
      error(.ncnn, python)
        == "\(python) has no ncnn\n  Install it: \(python) -m pip install ncnn==1.0.20261020 pnnx==20261020")
    #expect(
      error(.mnn, "/no/such/python")?.hasPrefix("\"here\": /no/such/python doesn't exist on this machine") == true)
  }
}
