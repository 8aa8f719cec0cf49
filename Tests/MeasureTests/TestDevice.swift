import Foundation
import TestSupport

@testable import Measure

/// A folder with models, a Python, and a fake runtime. The runtime doesn't run a model but follows the commands in
/// its text, so tests can make it crash, refuse or hang. The agent, the connection and the files are the real ones.
final class TestDevice {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("labbook-measure-\(UUID().uuidString)")
    try FileManager.default.createDirectory(
      at: folder.appendingPathComponent("site"), withIntermediateDirectories: true)
    try write(Self.runtime, to: "site/onnxruntime.py")
    try install("1.32.0")
    try wrapPython()
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  func write(_ text: String, to name: String) throws {
    let url = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  /// Installs a version of the runtime, as pip would; nil uninstalls it.
  func install(_ version: String?) throws {
    let site = folder.appendingPathComponent("site")
    for name in try FileManager.default.contentsOfDirectory(atPath: site.path) where name.hasSuffix(".dist-info") {
      try FileManager.default.removeItem(at: site.appendingPathComponent(name))
    }
    guard let version else { return }
    try write(
      "Metadata-Version: 2.1\nName: onnxruntime\nVersion: \(version)\n",
      to: "site/onnxruntime-\(version).dist-info/METADATA")
  }

  /// The path of the table that `measure` writes.
  var table: String { path("latency.csv") }

  /// A plan of two short rounds.
  static let quickPlan = MeasuringPlan(rounds: 2...2, runs: 3, overhead: 0.9, repetitions: 0, limit: 20)

  func measure(
    _ models: [ModelFile], on target: TargetDevice? = nil, _ plan: MeasuringPlan = quickPlan, isFresh: Bool = false
  ) throws -> MeasuredLatencies {
    try Measuring(models, on: target ?? device(), plan: plan, table: table, isFresh: isFresh).run()
  }

  /// - Parameter setting: Shell commands that run before Python starts.
  func wrapPython(_ setting: String = "") throws {
    try ExecutableScript.write(
      """
      #!/bin/sh
      export PYTHONPATH='\(path("site"))' PYTHONNOUSERSITE=1
      export XDG_CACHE_HOME='\(path("cache"))' TEST_FOLDER='\(folder.path)'
      \(setting)
      # The system's own first: another on the path may be a slow script before it.
      PATH="/usr/bin:$PATH"
      exec python3 "$@"
      """, to: path("python"))
  }

  /// Models given by their ids, with the command that each contains.
  func models(_ texts: KeyValuePairs<String, String>) throws -> [ModelFile] {
    try texts.map { id, text in
      // Models with the same text would be one file in the cache.
      try write("\(text)\n# \(id)\n", to: "models/\(id).onnx")
      return try ModelFile(path("models/\(id).onnx"))
    }
  }

  /// This machine with the test's Python. It doesn't wait for a quiet machine, since tests run concurrently.
  func device(_ name: String = "pc") -> TargetDevice {
    TargetDevice(name, python: path("python"), quiet: 1000, patience: 0)
  }

  /// The files in the agent's cache of models.
  var cached: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path("cache/labbook-agent"))) ?? []).sorted()
  }

  private static let runtime = """
    import json, os, signal, time

    # The real runtime would send events to its makers.
    assert os.environ["ORT_DISABLE_TELEMETRY"] == "1"

    class GraphOptimizationLevel:
        ORT_DISABLE_ALL, ORT_ENABLE_BASIC, ORT_ENABLE_EXTENDED, ORT_ENABLE_ALL = range(4)

    class SessionOptions:
        optimized_model_filepath = profile_file_prefix = ""
        enable_profiling = False
        def add_session_config_entry(self, name, value): pass

    class InferenceSession:
        def __init__(self, path, options, providers):
            with open(path) as file:
                self.text = file.read()
            self.options, self.runs = options, 0
            if "refuse" in self.text:
                raise RuntimeError("no kernel for the operator Fold(18)")
            if "scarce" in self.text and os.path.exists(self.file("scarce")):
                raise RuntimeError("too many open files")
            if options.optimized_model_filepath and "heavy" in self.text:
                os.kill(os.getppid(), signal.SIGKILL)
                time.sleep(60)
            if options.optimized_model_filepath:
                with open(options.optimized_model_filepath, "w") as file:
                    file.write(self.text)

        def get_inputs(self):
            return []

        def file(self, name):
            return os.path.join(os.environ["TEST_FOLDER"], name)

        def once(self, name):
            if os.path.exists(self.file(name)):
                return False
            open(self.file(name), "w").close()
            return True

        def end_profiling(self):
            # Two operators, of 10 and 20 microseconds, of which the second starts after 100.
            events = []
            for start in range(0, 1000 * self.runs, 1000):
                events.append({"name": "model_run", "ts": start, "dur": 500})
                for index, name in enumerate(["first", "second"]):
                    events.append({
                        "cat": "Node", "name": name + "_kernel_time", "args": {"op_name": "Conv"},
                        "ts": start + 100 * index, "dur": 10 * (index + 1)})
            path = self.options.profile_file_prefix + ".json"
            with open(path, "w") as file:
                json.dump(events, file)
            return path

        def run(self, outputs, feed):
            self.runs += 1
            if "trace" in self.text:
                with open(self.file("trace"), "a") as file:
                    file.write("p" if self.options.enable_profiling else "w")
            if "crash" in self.text:
                os.write(2, b"a bad address\\n")
                os.kill(os.getpid(), signal.SIGSEGV)
            if "leave" in self.text:
                os._exit(3)
            if "memory" in self.text:
                raise MemoryError()
            if "allocate" in self.text:
                self.memory = bytearray(1 << 30)
            if "killed" in self.text:
                os.kill(os.getpid(), signal.SIGKILL)
            if "hang" in self.text:
                time.sleep(60)
            if "mended" in self.text and not os.path.exists(self.file("mended")):
                raise RuntimeError("it isn't mended yet")
            if "vanish" in self.text and os.path.exists(self.file("vanish")):
                # The device is lost for good: the next agent's Python ends at once.
                with open(self.file("gone"), "w") as file:
                    file.write("#!/bin/sh\\nexit 1\\n")
                os.chmod(self.file("gone"), 0o755)
                os.replace(self.file("gone"), self.file("python"))
                os.kill(os.getppid(), signal.SIGKILL)
            if "down" in self.text:
                os.kill(os.getppid(), signal.SIGKILL)
            if "cut" in self.text and self.once("cut"):
                os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(0.0005)
    """
}
