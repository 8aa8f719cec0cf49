import Core
import Foundation
import Yams

/// Reads clusters from YAML, with errors that have a place in the file.
///
/// ```yaml
/// slurm:
///   kind: slurm
///   partition: gpu
///   time: 4h
/// lab:
///   kind: ssh
///   hosts: [anna, {host: bert, slots: 4}]
/// ```
package struct ClusterFile: Sendable {
  package let path: String

  package init(path: String) {
    self.path = path
  }

  /// The user's own file. No file beside a notebook can replace it, since it decides which machines run cells.
  package static var user: ClusterFile {
    ClusterFile(path: UserFolder.configuration?.appendingPathComponent("clusters.yaml").path ?? "clusters.yaml")
  }

  private static let commonKeys = [
    "kind", "cpus", "memory", "gpus", "time", "modules", "shared", "patience", "interval", "lag", "restarts",
  ]
  private static let slurmKeys = ["partition", "account", "array", "options"]
  private static let sshKeys = ["hosts"]
  private static let example =
    "The shortest description is `slurm: {kind: slurm}` or `lab: {kind: ssh, hosts: [anna]}`."

  /// The cluster named `name`.
  /// - Parameter place: The place of the request.
  /// - Throws: `NotebookError` if there is none, or something in the file is wrong.
  package func cluster(_ name: String, askedAt place: Place? = nil) throws -> Cluster {
    guard let content = FileManager.default.contents(atPath: path) else {
      throw NotebookError(
        "the cluster \"\(name)\" is unknown, because the file \(path) doesn't exist", at: place,
        remedy: "\(Self.example) With --on here, cells run on this machine.")
    }
    let clusters = try clusters(String(decoding: content, as: UTF8.self))
    if let cluster = clusters.first(where: { $0.name == name }) { return cluster }
    let names = clusters.map(\.name)
    throw NotebookError(
      "the file \(path) has no cluster \"\(name)\"", at: place,
      remedy: (nearestName(to: name, among: names).map { "Did you mean \"\($0)\"?" }
        ?? "It describes \(names.joined(separator: ", ")).") + " With --on here, cells run on this machine.")
  }

  /// All clusters of a file's text.
  package func clusters(_ yaml: String) throws -> [Cluster] {
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw NotebookError([error.diagnostic("the file is not YAML", place)])
    }
    guard let mapping = root?.mapping, !mapping.isEmpty else {
      throw NotebookError(
        "the file describes no clusters", at: Place(file: path, line: 1), remedy: Self.example)
    }
    return try mapping.map { try cluster($0, $1) }
  }

  private func cluster(_ key: Yams.Node, _ value: Yams.Node) throws -> Cluster {
    let name = key.scalar?.string ?? ""
    guard !name.isEmpty, name != "here", name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }) else {
      throw NotebookError(
        name == "here" ? "\"here\" means this machine and can't name a cluster" : "\"\(name)\" can't name a cluster",
        at: place(key.mark), remedy: "Use letters, digits, hyphens, points, underscores.")
    }
    guard let mapping = value.mapping, let kind = mapping["kind"]?.scalar?.string else {
      throw NotebookError(
        "the cluster \"\(name)\" has no `kind`", at: place(key.mark), remedy: "Write `kind: slurm` or `kind: ssh`.")
    }
    var slurm = SlurmSettings()
    var hosts: [ClusterHost] = []
    let known: [String]
    switch kind {
    case "slurm": known = Self.commonKeys + Self.slurmKeys
    case "ssh": known = Self.commonKeys + Self.sshKeys
    default:
      throw NotebookError(
        "the kind of cluster \"\(kind)\" is unknown", at: place(mapping["kind"]?.mark), remedy: "Write slurm or ssh.")
    }
    var cluster = Cluster(name: name, kind: .ssh([]))
    for (key, value) in mapping {
      let name = key.scalar?.string ?? ""
      guard known.contains(name) else { throw unknown(key, among: known) }
      switch name {
      case "partition": slurm.partition = try text(value, name)
      case "account": slurm.account = try text(value, name)
      case "options": slurm.options = try texts(value, name)
      case "array": slurm.arraySize = try whole(value, name, in: 1...1_000_000)
      case "hosts": hosts = try (value.sequence.map(Array.init) ?? [value]).map(host)
      case "modules": cluster.modules = try texts(value, name)
      case "shared": cluster.sharedFolders = try texts(value, name).map { try folder($0, at: value) }
      case "patience": cluster.patience = try seconds(value, name)
      case "interval": cluster.interval = try seconds(value, name)
      case "lag": cluster.lag = try seconds(value, name)
      case "restarts": cluster.restarts = try whole(value, name, in: 0...1_000)
      case "kind": break
      default:
        do throws(CellResources.Problem) {
          try cluster.defaults.set(key, to: value)
        } catch {
          throw NotebookError(error.message, at: place(error.mark), remedy: error.remedy)
        }
      }
    }
    if kind == "ssh", hosts.isEmpty {
      throw NotebookError(
        "the cluster \"\(name)\" has no `hosts`", at: place(key.mark), remedy: "Write `hosts: [anna, bert]`.")
    }
    cluster.kind = kind == "ssh" ? .ssh(hosts) : .slurm(slurm)
    return cluster
  }

  private func host(_ node: Yams.Node) throws -> ClusterHost {
    var host = ClusterHost(host: node.scalar?.string ?? "")
    for (key, value) in node.mapping ?? [:] {
      switch key.scalar?.string ?? "" {
      case "host": host.host = try text(value, "host")
      case "slots": host.slots = try whole(value, "slots", in: 1...10_000)
      case "ssh": host.options = try texts(value, "ssh")
      default: throw unknown(key, among: ["host", "slots", "ssh"])
      }
    }
    guard !host.host.isEmpty, !host.host.hasPrefix("-") else {
      throw NotebookError(
        "\"\(host.host)\" is not a host", at: place(node.mark),
        remedy: "Write a destination of ssh, such as anna or {host: me@bert, slots: 4, ssh: [-p, \"2222\"]}.")
    }
    return host
  }
}

// MARK: Values

extension ClusterFile {
  private func place(_ mark: Mark?) -> Place {
    Place(file: path, line: mark?.line ?? 1, column: mark?.column)
  }

  private func unknown(_ key: Yams.Node, among known: [String]) -> NotebookError {
    let name = key.scalar?.string ?? ""
    return NotebookError(
      "`\(name)` is not a setting of a cluster", at: place(key.mark),
      remedy: nearestName(to: name, among: known).map { "Did you mean `\($0)`?" }
        ?? "Known keys: \(known.joined(separator: ", ")).")
  }

  private func text(_ node: Yams.Node, _ name: String) throws -> String {
    guard let text = node.scalar?.string, !text.isEmpty, !text.contains("\n") else {
      throw NotebookError("`\(name)` must be text", at: place(node.mark))
    }
    return text
  }

  private func texts(_ node: Yams.Node, _ name: String) throws -> [String] {
    try (node.sequence.map(Array.init) ?? [node]).map { try text($0, name) }
  }

  private func folder(_ path: String, at node: Yams.Node) throws -> String {
    guard path.hasPrefix("/") else {
      throw NotebookError(
        "`shared` must be absolute paths of folders", at: place(node.mark), remedy: "Write shared: /home.")
    }
    return path
  }

  private func whole(_ node: Yams.Node, _ name: String, in range: ClosedRange<Int>) throws -> Int {
    guard let number = node.scalar.flatMap({ Int($0.string) }), range.contains(number) else {
      throw NotebookError(
        "`\(name)` must be a whole number from \(range.lowerBound) to \(range.upperBound)", at: place(node.mark))
    }
    return number
  }

  private func seconds(_ node: Yams.Node, _ name: String) throws -> Double {
    guard let seconds = node.scalar.flatMap({ CellResources.seconds($0.string) }) else {
      throw NotebookError("`\(name)` must be a time such as 10s, 5m or 1h", at: place(node.mark))
    }
    return seconds
  }
}
