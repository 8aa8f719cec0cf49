import Foundation

@testable import Measure

/// A folder with models, a Python, and a runtime that does what a model's text says, instead of running it: so that tests
/// see a runtime crash, refuse and hang when they want to. The agent, the connection and the files are the real ones.
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

  /// Gives the runtime a version, as pip would; nil takes it away.
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

  /// - Parameter setting: Shell commands before Python starts.
  func wrapPython(_ setting: String = "") throws {
    try write(
      """
      #!/bin/sh
      export PYTHONPATH='\(path("site"))' XDG_CACHE_HOME='\(path("cache"))' TEST_FOLDER='\(folder.path)'
      \(setting)
      exec '\(Self.python)' "$@"
      """, to: "python")
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path("python"))
  }

  /// The Python itself: what the search path has may be a slow script before it.
  private static let python: String = {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", "import sys; print(sys.executable)"]
    process.standardOutput = output
    guard (try? process.run()) != nil else { return "python3" }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }()

  /// Models by their ids, each with what it does.
  func models(_ texts: KeyValuePairs<String, String>) throws -> [ModelFile] {
    try texts.map { id, text in
      // Two models of one text would be one file in the cache.
      try write("\(text)\n# \(id)\n", to: "models/\(id).onnx")
      return try ModelFile(path("models/\(id).onnx"))
    }
  }

  /// This machine with that Python. It waits for nobody, since tests run beside others.
  func device(_ name: String = "pc") -> TargetDevice {
    TargetDevice(name, python: path("python"), quiet: 1000, patience: 0)
  }

  /// Files in the agent's cache of models.
  var cached: [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path("cache/labbook-agent"))) ?? []).sorted()
  }

  private static let runtime = """
    import os, signal, time

    class GraphOptimizationLevel:
        ORT_DISABLE_ALL, ORT_ENABLE_BASIC, ORT_ENABLE_EXTENDED, ORT_ENABLE_ALL = range(4)

    class SessionOptions:
        optimized_model_filepath = ""
        def add_session_config_entry(self, name, value): pass

    class InferenceSession:
        def __init__(self, path, options, providers):
            with open(path) as file:
                self.text = file.read()
            if "refuse" in self.text:
                raise RuntimeError("no kernel for the operator Fold(18)")
            if options.optimized_model_filepath:
                with open(options.optimized_model_filepath, "w") as file:
                    file.write(self.text)

        def get_inputs(self):
            return []

        def once(self, name):
            path = os.path.join(os.environ["TEST_FOLDER"], name)
            if os.path.exists(path):
                return False
            open(path, "w").close()
            return True

        def run(self, outputs, feed):
            if "crash" in self.text:
                os.write(2, b"a bad address\\n")
                os.kill(os.getpid(), signal.SIGSEGV)
            if "leave" in self.text:
                os._exit(3)
            if "memory" in self.text:
                raise MemoryError()
            if "hang" in self.text:
                time.sleep(60)
            if "cut" in self.text and self.once("cut"):
                os.kill(os.getppid(), signal.SIGKILL)
            time.sleep(0.0005)
    """
}
