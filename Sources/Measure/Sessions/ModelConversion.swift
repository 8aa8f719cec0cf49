import Core
import Foundation

/// Converts ONNX models to a runtime's format with the runtime's own converter, in a Python of this machine that has
/// it.
///
/// ```swift
/// let models = try ModelFile.all(in: "models")
/// let converted = try ModelConversion(to: .mnn, python: ".build/runtimes/bin/python").run(models, into: "models/mnn")
/// print(converted.filter { $0.reason != nil }.map(\.id))
/// ```
public struct ModelConversion {
  /// The result of a model's conversion.
  public struct Result: Codable, Hashable, Sendable {
    public var id: String
    /// The files that were written. For ncnn these are its own two, `.ncnn.bin` and `.ncnn.param`, and `.ncnn.zip`,
    /// which has both and the shapes of the inputs: it can be measured on other devices without a conversion there.
    public var files: [String]
    /// The reason why there are no files; nil on success.
    public var reason: String?
  }

  public var runtime: RuntimeKind
  /// The Python that has the converter.
  public var python: String
  /// The time limit for a model, in seconds.
  public var limit: Double

  public init(to runtime: RuntimeKind, python: String = "python3", limit: Double = 600) {
    self.runtime = runtime
    self.python = python
    self.limit = limit
  }

  /// Converts models. A model that can't be converted has a reason in its result, and the others are still converted.
  ///
  /// - Parameters:
  ///   - folder: The folder of the converted files, which are named after the models' ids. It is made if it doesn't
  ///     exist.
  ///   - progress: A function that is called with the finished share of the models, from 0 on.
  /// - Throws: `InputError` when there is no such Python, it lacks the runtime, it lacks the converter and no model was
  ///   converted before, two models have the same id, one isn't an ONNX file, or a file can't be written.
  public func run(
    _ models: [ModelFile], into folder: String, progress: (Double) -> Void = { _ in }
  ) throws -> [Result] {
    guard !runtime.isBuiltIn, runtime != .onnxruntime else {
      throw InputError("\(runtime.title) reads ONNX files as they are", remedy: "Convert to mnn, ncnn or litert.")
    }
    var ids = Set<String>()
    if let twice = models.first(where: { !ids.insert($0.id).inserted }) {
      throw InputError.twoWithID(twice.id, "models").at(Place(file: twice.path))
    }
    if let other = models.first(where: { ($0.path as NSString).pathExtension.lowercased() != "onnx" }) {
      throw InputError(
        "only ONNX models are converted", at: Place(file: other.path), remedy: "Convert the file that it was made from."
      )
    }
    let device = TargetDevice("here", python: python, setups: [RuntimeSetup(runtime, on: "here")])
    do {
      return try run(models, device, folder, progress)
    } catch let loss as AgentSession.Loss {
      throw loss.refusal ?? InputError("the converter is lost: \(loss)", remedy: "Try again.")
    }
  }

  private func run(
    _ models: [ModelFile], _ device: TargetDevice, _ folder: String, _ progress: (Double) -> Void
  ) throws -> [Result] {
    let session = try AgentSession(device)
    defer { session.end() }
    let description = try session.describe()
    let lacking = InputError(
      "\(python) has no \(description.missing(runtime))", remedy: device.remedy(for: [runtime], on: description))
    guard description.runtimes[runtime.rawValue] != nil else { throw lacking }
    try session.bring(models) { _, _ in }
    try session.start(device.setups[0], patience: 0) { _ in }
    var request = AgentRequest("visit")
    request.how = "convert"
    (request.limit, request.conversion) = (limit, limit)
    request.visits = models.map { AgentRequest.Visit(model: $0.cacheName, id: $0.id, runs: 1) }
    try session.send(request)
    progress(0)
    var results: [Result] = []
    var share = 0.0
    while true {
      let message = try session.next(within: limit + 90)
      switch (message.event, message.id) {
      case ("preparing", _):
        share = min(1, Double(message.done ?? 0) / Double(max(message.of ?? 1, 1)))
      case ("done", _):
        // Models that were converted before need no converter.
        if description.missingConverter(runtime) != nil, results.allSatisfy(\.files.isEmpty) { throw lacking }
        return results
      case ("failed", let id?):
        results.append(Result(id: id, files: [], reason: message.reason ?? "it failed"))
      case ("converted", let id?):
        results.append(Result(id: id, files: try copy(message.paths ?? [], id, to: folder)))
      default: continue
      }
      share = max(share, Double(results.count) / Double(models.count))
      progress(share)
    }
  }

  /// Copies files of the agent's cache to their destination. Their names in the cache begin with a digest, the
  /// converter's version and `.onnx`.
  private func copy(_ paths: [String], _ id: String, to folder: String) throws -> [String] {
    try paths.filter { !$0.hasSuffix(".json") }.map { path in
      let name = (path as NSString).lastPathComponent
      let suffix = name.range(of: ".onnx").map { String(name[$0.upperBound...]) } ?? ""
      let target = "\(folder)/\(id)\(suffix)"
      do {
        let parent = (target as NSString).deletingLastPathComponent
        try FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
        // The agent's cache is no input of a cell, and lies outside the notebook's folder.
        let content = try TrainingContext.withoutObserving { try FileAccess.read(path) }
        try content.write(to: URL(fileURLWithPath: target), options: .atomic)
      } catch let error as InputError {
        throw error
      } catch {
        throw InputError("the file can't be written", at: Place(file: target))
      }
      return target
    }
  }
}
