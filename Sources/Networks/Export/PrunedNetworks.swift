import Core
import Dispatch
import Foundation
import Numerics
import Synchronization

/// A network that was cut out of a trained one and written as an ONNX file.
public struct PrunedNetwork: Codable, Hashable, Sendable {
  /// The name of its file without `.onnx`, such as `p0042`.
  public var id: String
  public var point: Point
  /// The number of the point's units that are pruned.
  public var prunedUnits: Int
  /// The graph for predictors. Its properties are `pruned_units` and, if it was tested, `accuracy`.
  public var graph: NetworkGraph
  public var parameters: Int
  /// The fraction of test images that were classified correctly; nil without test images.
  public var accuracy: Double?
  /// The path of the ONNX file.
  public var file: String

  public var floatingPointOperations: Double { graph.totalFloatingPointOperations() }
}

extension TrainedNetwork {
  /// Cuts networks out of this one, calibrates their batch norms, tests them, and writes them as ONNX files: see
  /// `NetworkWeights.export`.
  ///
  /// ```swift
  /// let pruned = try supernet.export(
  ///   points, of: space, calibratedOn: cifar.training, testedOn: cifar.test.first(1000), to: "models")
  /// ```
  /// - Throws: `InputError` when weights, points or images don't belong to the space, or a file can't be written.
  public func export(
    _ points: [Point], of space: some NetworkSpace, calibratedOn images: ImageSet, calibrationImages: Int = 256,
    testedOn test: ImageSet? = nil, to folder: String, _ export: ONNXExport = ONNXExport(),
    in context: TrainingContext = .current, progress: (Double) -> Void = { _ in }
  ) throws -> [PrunedNetwork] {
    try weights.export(
      points, of: space, normalization, calibratedOn: images, calibrationImages: calibrationImages, testedOn: test,
      to: folder, export, in: context, progress: progress)
  }
}

extension NetworkWeights {
  /// Cuts networks out of the one with these weights, calibrates their batch norms, tests them, and writes them as
  /// ONNX files. Their graphs are written beside them as `architectures.jsonl`.
  ///
  /// ```swift
  /// let weights = try NetworkWeights.load("supernet.safetensors", for: space.fullNetwork())
  /// let pruned = try weights.export(
  ///   points, of: space, cifar.training.normalization, calibratedOn: cifar.training, to: "models")
  /// ```
  /// - Parameters:
  ///   - points: The networks in the space. They are named `p0000`, `p0001`, ... in order. Files with higher numbers,
  ///     which an earlier export of more networks left in the folder, are removed.
  ///   - space: The space that was trained.
  ///   - normalization: The normalisation of the images that the weights were trained on.
  ///   - images: The training images. The first `calibrationImages` are used.
  ///   - test: The images for the accuracy; nil omits it.
  ///   - folder: The folder to write to. It is made if it doesn't exist.
  ///   - progress: A function that is called with the completed fraction of the work.
  /// - Throws: `InputError` when weights, points or images don't belong to the space, or a file can't be written.
  public func export<Space: NetworkSpace>(
    _ points: [Point], of space: Space, _ normalization: ImageNormalization, calibratedOn images: ImageSet,
    calibrationImages: Int = 256, testedOn test: ImageSet? = nil, to folder: String,
    _ export: ONNXExport = ONNXExport(), in context: TrainingContext = .current,
    progress: (Double) -> Void = { _ in }
  ) throws -> [PrunedNetwork] {
    try space.check(images)
    if let test { try space.check(test) }
    try normalization.validate()
    try export.validate()
    try OneDNN.use(threads: context.threads)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw InputError("the folder can't be made", at: Place(file: folder))
    }
    let work = PointExport(
      space: space, normalization: normalization, store: try ParameterStore(space.fullNetwork(), self), images: images,
      batch: min(128, images.count), calibrationImages: calibrationImages, test: test, folder: folder, export: export)
    // Networks are made concurrently, each on one thread: small convolutions gain little from a second thread.
    let resources = (0..<max(min(context.threads, points.count), 1)).map { _ in PassResources() }
    var result: [PrunedNetwork] = []
    for first in stride(from: 0, to: points.count, by: resources.count) {
      let numbers = first..<min(first + resources.count, points.count)
      let made = Mutex([Int: Result<PrunedNetwork, any Error>]())
      // Each thread has its own resources, and shared state is only read.
      nonisolated(unsafe) let (work, resources) = (work, resources)
      DispatchQueue.concurrentPerform(iterations: numbers.count) { index in
        let number = first + index
        let one = Result { try work.network(number, at: points[number], resources[index]) }
        made.withLock { $0[number] = one }
      }
      result += try numbers.compactMap { number in try made.withLock { $0[number] }?.get() }
      progress(Double(result.count) / Double(points.count))
    }
    try NetworkGraph.save(result.map(\.graph), to: "\(folder)/architectures.jsonl")
    removeLaterFiles(from: points.count, in: folder)
    return result
  }
}

/// The name of the network with a number, such as `p0042`.
private func name(ofNetwork number: Int) -> String {
  let digits = String(number)
  return "p" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
}

/// Removes the files of networks with this number and the ones after it, which would be measured with the others.
private func removeLaterFiles(from number: Int, in folder: String) {
  var number = number
  while (try? FileManager.default.removeItem(atPath: "\(folder)/\(name(ofNetwork: number)).onnx")) != nil {
    number += 1
  }
}

/// Makes the networks of an export, one by one.
private struct PointExport<Space: NetworkSpace> {
  let space: Space
  let normalization: ImageNormalization
  let store: ParameterStore
  let images: ImageSet
  let batch: Int
  let calibrationImages: Int
  let test: ImageSet?
  let folder: String
  let export: ONNXExport

  func network(_ number: Int, at point: Point, _ resources: PassResources) throws -> PrunedNetwork {
    try OneDNN.use(threads: 1)
    let network = try space.network(at: point)
    let id = name(ofNetwork: number)
    let statistics = Buffer<Float>(store.statistics.count, repeating: 0)
    statistics.pointer.update(from: store.statistics.pointer, count: statistics.count)
    let batches = max(min(calibrationImages, images.count) / batch, 1)
    try NetworkTest(
      network, of: store, resources, images: images, normalization: normalization, batch: batch
    ).calibrate(values: store.values, statistics: statistics, batches: batches)
    let accuracy = try test.map { test in
      try NetworkTest(network, of: store, resources, images: test, normalization: normalization, batch: 128)
        .run(values: store.values, statistics: statistics).accuracy
    }
    let file = "\(folder)/\(id).onnx"
    try network.save(onnx: file, weights: store.weights(store.values, statistics).sliced(for: network), export)
    let prunedUnits = space.prunedUnits(of: point)
    var properties = ["pruned_units": Double(prunedUnits)]
    properties["accuracy"] = accuracy
    return PrunedNetwork(
      id: id, point: point, prunedUnits: prunedUnits, graph: try network.graph(id: id, properties: properties),
      parameters: network.parameterCount, accuracy: accuracy, file: file)
  }
}
