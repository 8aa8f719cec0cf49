import Engine
import Foundation
import TestSupport
import Wire

extension TemporaryNotebook {
  /// Describes the device "pc" in `devices.yaml`: this machine with a Python of its own, in which a runtime that only
  /// sleeps replaces ONNX Runtime. So tests don't need the real one.
  /// - Parameter version: The runtime's version; nil if it isn't installed.
  /// - Returns: The path of the Python.
  @discardableResult
  func addDevice(version: String? = "1.32.0") throws -> String {
    let python = folder.appendingPathComponent("python").path
    try? FileManager.default.removeItem(at: folder.appendingPathComponent("site"))
    if let version { try install("onnxruntime", version, module: "onnxruntime", Self.runtime) }
    try ExecutableScript.write(
      """
      #!/bin/sh
      export PYTHONPATH='\(folder.path)/site' PYTHONNOUSERSITE=1 XDG_CACHE_HOME='\(folder.path)/cache'
      PATH="/usr/bin:$PATH" exec python3 "$@"
      """, to: python)
    try write("pc: {python: \(python), quiet: 1000, patience: 0}\n", to: "devices.yaml")
    return python
  }

  /// Adds a package to the device's Python, as pip would.
  func install(_ package: String, _ version: String, module: String, _ code: String) throws {
    try write("Name: \(package)\nVersion: \(version)\n", to: "site/\(package)-\(version).dist-info/METADATA")
    try write(code, to: "site/\(module).py")
  }

  private static let runtime = """
    import time

    class GraphOptimizationLevel:
        ORT_DISABLE_ALL, ORT_ENABLE_ALL = range(2)

    class SessionOptions:
        def add_session_config_entry(self, name, value): pass

    class InferenceSession:
        def __init__(self, path, options, providers):
            with open(path) as file:
                if "refuse" in file.read():
                    raise RuntimeError("no kernel for the operator Fold(18)")

        def get_inputs(self): return []
        def run(self, outputs, feed): time.sleep(0.0005)
    """
}

extension TemporaryNotebook {
  /// Options of a run whose cells have the user's cache in the notebook's folder. The lock of this machine's
  /// measurements is then the test's own, since tests run concurrently.
  var withOwnCache: NotebookRun.Options {
    NotebookRun.Options(executor: OwnCacheExecutor(cache: folder.appendingPathComponent("cache").path))
  }
}

/// Runs cells as processes of this machine with another folder for the user's cache.
private struct OwnCacheExecutor: Executor {
  let cache: String
  private let here = LocalExecutor()

  init(cache: String) { self.cache = cache }

  var lease: CellLease.Kind { here.lease }

  func threads(jobs: Int) -> Int { here.threads(jobs: jobs) }

  func environment(threads: Int) -> [String: String] {
    here.environment(threads: threads).merging(["XDG_CACHE_HOME": cache]) { _, own in own }
  }

  func run(
    _ task: CellTask, observe: @escaping @Sendable (CellEvent) -> Void
  ) async throws -> CellProcess.Ending {
    try await here.run(task, observe: observe)
  }
}
