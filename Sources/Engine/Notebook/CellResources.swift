import Core
import Yams

/// The resources that a cell requests as a job of a cluster: `//| resources: {cpus: 8, memory: 16G, gpus: 1, time:
/// 4h}`.
///
/// Results don't depend on them, so they aren't part of a cell's key.
package struct CellResources: Codable, Hashable, Sendable {
  /// `cpus`: the number of processors, which is also the number of threads that the cell may keep busy.
  package var processors: Int?
  /// `memory`: the memory in mebibytes.
  package var memory: Int?
  /// `gpus`: the number of graphics processors.
  package var accelerators: Int?
  /// `time`: the longest time that a job may run, in seconds.
  package var seconds: Double?

  package static let names = ["cpus", "memory", "gpus", "time"]

  package init(processors: Int? = nil, memory: Int? = nil, accelerators: Int? = nil, seconds: Double? = nil) {
    self.processors = processors
    self.memory = memory
    self.accelerators = accelerators
    self.seconds = seconds
  }

  /// These resources, completed with those of `others` that aren't set here.
  package func completed(by others: CellResources) -> CellResources {
    CellResources(
      processors: processors ?? others.processors, memory: memory ?? others.memory,
      accelerators: accelerators ?? others.accelerators, seconds: seconds ?? others.seconds)
  }

  /// A text such as `8 CPUs, 16 GiB, 1 GPU, at most 4 h`; nil if nothing is requested.
  package var text: String? {
    func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
    let parts = [
      processors.map { count($0, "CPU") },
      memory.map { $0.isMultiple(of: 1024) ? "\($0 / 1024) GiB" : "\($0) MiB" },
      accelerators.map { count($0, "GPU") },
      seconds.map { "at most \(Self.text(seconds: $0))" },
    ].compactMap { $0 }
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  private static func text(seconds: Double) -> String {
    for (size, unit) in [(3600.0, "h"), (60, "min")] where seconds >= size {
      let number = seconds / size
      if number == number.rounded() { return "\(Int(clamping: number)) \(unit)" }
    }
    return "\(Int(clamping: seconds.rounded())) s"
  }
}

extension CellResources {
  /// The reason why a value is invalid, and the remedy.
  package struct Problem: Error {
    package var message: String
    package var remedy: String
    package var mark: Mark?
  }

  /// Reads `{cpus: 8, memory: 16G}`.
  package init(_ node: Yams.Node) throws(Problem) {
    self.init()
    guard let mapping = node.mapping else {
      throw Problem(
        message: "`resources` must be `key: value` pairs", remedy: "Write {cpus: 8, memory: 16G, gpus: 1, time: 4h}.",
        mark: node.mark)
    }
    for (key, value) in mapping { try set(key, to: value) }
  }

  /// Sets the resource named `key`.
  package mutating func set(_ key: Yams.Node, to value: Yams.Node) throws(Problem) {
    let name = key.scalar?.string ?? ""
    let text = value.scalar?.string ?? ""
    switch name {
    case "cpus":
      guard let number = Int(text), (1...100_000).contains(number) else {
        throw Problem(message: "`cpus` must be a whole number, 1 or more", remedy: "Write cpus: 8.", mark: value.mark)
      }
      processors = number
    case "gpus":
      guard let number = Int(text), (0...100_000).contains(number) else {
        throw Problem(message: "`gpus` must be a whole number, 0 or more", remedy: "Write gpus: 1.", mark: value.mark)
      }
      accelerators = number
    case "memory":
      guard let size = Self.mebibytes(text) else {
        throw Problem(
          message: "`memory` must be a size such as 500M, 16G or 1T", remedy: "Write memory: 16G.", mark: value.mark)
      }
      memory = size
    case "time":
      guard let time = Self.seconds(text) else {
        throw Problem(
          message: "`time` must be a time such as 30m, 4h or 2d", remedy: "Write time: 4h.", mark: value.mark)
      }
      seconds = time
    default:
      throw Problem(
        message: "`\(name)` is not a resource",
        remedy: nearestName(to: name, among: Self.names).map { "Did you mean `\($0)`?" }
          ?? "Known resources: \(Self.names.joined(separator: ", ")).", mark: key.mark)
    }
  }

  /// The mebibytes of `500M`, `16G`, `16GB`, `16GiB` or `1.5T`, from 1 MiB to 1 PiB.
  package static func mebibytes(_ text: String) -> Int? {
    let units: [Character: Double] = ["M": 1, "G": 1024, "T": 1_048_576]
    var rest = text.uppercased()
    for suffix in ["IB", "B"] where rest.hasSuffix(suffix) {
      rest.removeLast(suffix.count)
      break
    }
    guard let unit = rest.last.flatMap({ units[$0] }), let number = Double(rest.dropLast()) else { return nil }
    let size = (number * unit).rounded(.up)
    return size >= 1 && size <= 1_073_741_824 ? Int(clamping: size) : nil
  }

  /// The seconds of `90s`, `30m`, `4h` or `2d`.
  package static func seconds(_ text: String) -> Double? {
    guard text.last == "d" else { return CellOptions.seconds(text) }
    return CellOptions.seconds("\(text.dropLast())h").map { $0 * 24 }.flatMap { $0 <= 366 * 86400 ? $0 : nil }
  }
}
