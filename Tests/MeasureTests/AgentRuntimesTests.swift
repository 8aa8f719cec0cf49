import Core
import Foundation
import TestSupport
import Testing

@testable import Measure

/// The runtimes' adapters in the agent, with programs in place of the runtimes.
@Suite(.waiting) struct AgentRuntimesTests {
  private let device: TestDevice

  init() throws { device = try TestDevice() }

  private func measure(
    _ models: [ModelFile], _ runtime: RuntimeKind = .onnxruntime, _ options: [String: String] = [:]
  ) throws -> MeasuredLatencies {
    var target = device.device()
    target.setups = [RuntimeSetup(runtime, on: "pc", options: options)]
    let plan = MeasuringPlan(rounds: 2...2, runs: 3, overhead: 0.9, repetitions: 0, limit: 20)
    return try Measuring(models, on: target, plan: plan, table: device.path("t.csv"), isFresh: true).run()
  }

  /// Installs a package of Python that does nothing but be there in this version.
  private func install(_ package: String, _ version: String) throws {
    let site = device.folder.appendingPathComponent("site")
    for name in try FileManager.default.contentsOfDirectory(atPath: site.path) where name.hasPrefix("\(package)-") {
      try FileManager.default.removeItem(at: site.appendingPathComponent(name))
    }
    try device.write(
      "Metadata-Version: 2.1\nName: \(package)\nVersion: \(version)\n",
      to: "site/\(package)-\(version).dist-info/METADATA")
  }

  // MARK: ONNX Runtime

  private var prepared: [String] { device.cached.filter { $0.hasSuffix("-all.onnx") } }

  /// A prepared model whose file is damaged isn't used in this session, and is made again in the next.
  @Test func aDamagedPreparedModelIsMadeAgain() throws {
    let models = try device.models(["a": "run"])
    #expect(try measure(models).failures.isEmpty)
    let first = prepared
    #expect(first.count == 1)
    try device.write("refuse", to: "cache/labbook-agent/\(first.first ?? "")")
    #expect(try measure(models).rows.map(\.rounds) == [2])
    #expect(prepared.isEmpty)
    #expect(try measure(models).rows.map(\.rounds) == [2])
    #expect(prepared == first)
  }

  /// A failure that the original has, too, isn't the prepared model's.
  @Test func aPreparedModelOutlastsFailuresThatArentItsOwn() throws {
    let models = try device.models(["a": "scarce"])
    #expect(try measure(models).failures.isEmpty)
    let first = prepared
    #expect(first.count == 1)
    try device.write("", to: "scarce")
    #expect(try measure(models).rows.map(\.reason) == ["too many open files"])
    #expect(prepared == first)
    try FileManager.default.removeItem(atPath: device.path("scarce"))
    #expect(try measure(models).failures.isEmpty)
    #expect(prepared == first)
  }

  /// The time limit of a model holds for each block of runs, and the runner hears from each.
  @Test func eachBlockOfAProfileIsTold() throws {
    let models = try device.models(["a": "run"])
    let session = try AgentSession(device.device())
    defer { session.end() }
    try session.bring(models) { _, _ in }
    try session.start(device.device().setups[0], patience: 0) { _ in }
    var request = AgentRequest("visit")
    (request.how, request.limit) = ("profile", 20)
    request.visits = models.map { AgentRequest.Visit(model: $0.cacheName, id: $0.id, runs: 7) }
    try session.send(request)
    var events: [String] = []
    while events.last != "done", events.last != "failed" { events.append(try session.next(within: 20).event) }
    // The first is told once the model is ready to be loaded.
    #expect(events == Array(repeating: "prepared", count: 6) + ["profile", "done"])
  }

  @Test func eachVersionPreparesItsOwnModels() throws {
    let models = try device.models(["a": "run"])
    #expect(try measure(models).failures.isEmpty)
    try device.install("1.33.0")
    #expect(try measure(models).failures.isEmpty)
    #expect(prepared.map { $0.contains(".onnx.1.33.0-") } == [false, true])
  }

  /// The real runtime would run the model on the CPU, and only log that.
  @Test func aProviderThatCantBeUsedIsNoLatencyOfTheCPU() throws {
    try device.write(Self.providers, to: "site/onnxruntime.py")
    let models = try device.models(["a": "run"])
    let error = #expect(throws: InputError.self) {
      try measure(models, .onnxruntime, ["provider": "CoreMLExecutionProvider"])
    }
    #expect(
      error?.cause
        == "\"pc-ort-1t\": the runtime can't be started: this ONNX Runtime has no CoreMLExecutionProvider, "
        + "only CUDAExecutionProvider, ROCMExecutionProvider, CPUExecutionProvider")
    let table = try measure(models, .onnxruntime, ["provider": "CUDAExecutionProvider"])
    #expect(
      table.rows.map(\.reason)
        == ["ONNX Runtime can't use CUDAExecutionProvider here, and would run the model on the CPU"])
    let failing = try measure(models, .onnxruntime, ["provider": "ROCMExecutionProvider"])
    #expect(failing.rows.map(\.reason) == ["the provider failed"])
  }

  /// ONNX Runtime with a provider whose libraries are missing and one that can't run models.
  private static let providers = """
    def get_available_providers():
        return ["CUDAExecutionProvider", "ROCMExecutionProvider", "CPUExecutionProvider"]

    class GraphOptimizationLevel:
        ORT_ENABLE_ALL = 3

    class SessionOptions:
        pass

    class InferenceSession:
        def __init__(self, path, options, providers, enable_fallback=1):
            assert enable_fallback == 0
            self.providers, self.falls_back = providers, True

        def get_providers(self):
            return [name for name in self.providers if name != "CUDAExecutionProvider"] + ["CPUExecutionProvider"]

        def get_inputs(self): return []
        def disable_fallback(self): self.falls_back = False

        def run(self, outputs, feed):
            if not self.falls_back:
                raise RuntimeError("the provider failed")
    """

  // MARK: MNN

  @Test func anotherVersionOfAConverterConvertsAgain() throws {
    try device.write("", to: "site/numpy.py")
    try device.write(Self.converter, to: "site/_tools.py")
    let models = try device.models(["a": "run"])
    for version in ["3.6.1", "3.7.0"] {
      try install("mnn", version)
      let results = try ModelConversion(to: .mnn, python: device.path("python"))
        .run(models, into: device.path("converted"))
      #expect(results.map(\.files) == [[device.path("converted/a.mnn")]])
      let text = try String(contentsOfFile: device.path("converted/a.mnn"), encoding: .utf8)
      #expect(text.hasPrefix("MNN \(version): run"))
    }
  }

  /// What a converter made is used after it was removed, and what another host has made meanwhile is kept.
  @Test func convertedModelsNeedNoConverter() throws {
    let printed = try AgentFunctions.output(
      """
      class Fake(Runtime):
          title, package, suffix, converter = "Fake", "fake", ".fake", "maker"
          other = None

          def convert(self, source, target):
              for name in filter(None, (target, self.other)):
                  with open(name, "w") as file:
                      file.write("its own" if name == target else "another host's")

      def made(version, name="a.onnx", other=None):
          versions["maker"] = version
          runtime = Fake({"threads": 1})
          runtime.other = other and os.path.join(folder, other)
          path = runtime.prepared(os.path.join(folder, name))
          print(os.path.basename(path), read(path), sep=": ")

      folder, versions = tempfile.mkdtemp(prefix="[labbook]"), {"fake": "1"}
      installed = lambda *names: versions.get(names[0])
      try:
          made("2.0")
          made(None)
          made("3.0")
          made(None, "b.onnx")
          made("2.0", "c.onnx", "c.2.0.onnx.fake")
          print(len(os.listdir(folder)))
      finally:
          shutil.rmtree(folder)
      """)
    #expect(
      printed.split(separator: "\n").map(String.init) == [
        "a.2.0.onnx.fake: its own", "a.2.0.onnx.fake: its own", "a.3.0.onnx.fake: its own",
        "b.unknown.onnx.fake: its own", "c.2.0.onnx.fake: another host's", "4",
      ])
  }

  private static let converter = """
    from importlib.metadata import version

    def mnnconvert(arguments):
        source, target = (arguments[arguments.index(name) + 1] for name in ("--modelFile", "--MNNModel"))
        with open(source) as file, open(target, "w") as result:
            result.write("MNN %s: %s" % (version("mnn"), file.read()))
    """

  // MARK: ncnn

  /// Only ONNX models need pnnx, and only they fail without it.
  @Test func packedModelsNeedNoConverter() throws {
    // A converter on the path of whoever runs the tests is none of the test's.
    try device.wrapPython("PATH=/usr/bin:/bin")
    try device.write(Self.numpy, to: "site/numpy.py")
    try device.write(Self.ncnn, to: "site/ncnn.py")
    try install("ncnn", "1.0.20261020")
    _ = try AgentFunctions.python(
      """
      import zipfile
      with zipfile.ZipFile("\(device.path("a.ncnn.zip"))", "w") as file:
          for name, text in (("m.ncnn.json", "[[1, 3, 8, 8]]"), ("m.ncnn.bin", "weights"), ("m.ncnn.param", "layers")):
              file.writestr(name, text)
      """)
    var target = device.device()
    target.setups = [RuntimeSetup(.ncnn, on: "pc")]
    let report = try DeviceReport(asking: target)
    #expect(report.missing == [])
    #expect(report.description?.lacking == ["ncnn-onnx": "pnnx"])
    let packed = try ModelFile(device.path("a.ncnn.zip"))
    let table = try measure([packed] + device.models(["b": "run"]), .ncnn)
    #expect(table.rows.map(\.rounds) == [2, 0])
    let reason = table.rows.last?.reason ?? ""
    #expect(reason.hasPrefix("pnnx, which converts ONNX models for ncnn, is missing; install it: /"))
    #expect(reason.hasSuffix(" -m pip \(RuntimeKind.ncnn.pipArguments(forPython: nil).last ?? "")"))
    let flags: [([String: String], String)] = [([:], "True True True"), (["fp16": "false"], "False False False")]
    for (options, flags) in flags {
      #expect(try measure([packed], .ncnn, options).failures.isEmpty)
      #expect(try String(contentsOfFile: device.path("fp16"), encoding: .utf8) == flags)
    }
  }

  /// The parts of numpy that make a model's input.
  private static let numpy = """
    class random:
        class RandomState:
            def __init__(self, seed): pass
            def standard_normal(self, shape): return self
            def astype(self, kind): return self

    def ascontiguousarray(values):
        return values
    """

  private static let ncnn = """
    import os, time

    class Options:
        use_fp16_packed = use_fp16_storage = use_fp16_arithmetic = True

    class Mat:
        def __init__(self, values): pass
        def clone(self): return self

    class Net:
        def __init__(self): self.opt = Options()

        def load_param(self, path):
            return 0 if open(path).read() == "layers" else 1

        def load_model(self, path):
            with open(os.path.join(os.environ["TEST_FOLDER"], "fp16"), "w") as file:
                options = (self.opt.use_fp16_packed, self.opt.use_fp16_storage, self.opt.use_fp16_arithmetic)
                file.write("%s %s %s" % options)
            return 0 if open(path).read() == "weights" else 1

        def input_names(self): return ["in"]
        def output_names(self): return ["out"]
        def create_extractor(self): return self
        def input(self, name, value): pass
        def extract(self, name): time.sleep(0.0005)
    """
}
