import Core
import Foundation
internal import Yams

extension TargetDevices {
  /// Reads the file that describes devices, which is beside the notebooks.
  ///
  /// ```yaml
  /// pc:
  ///   python: ~/runtimes/bin/python
  /// pi4:
  ///   host: pi@raspberrypi.local
  ///   runtimes:
  ///     - onnxruntime
  ///     - {runtime: mnn, threads: 4}
  /// ```
  /// - Throws: `InputError` at file, line and column.
  public static func load(_ path: String = "devices.yaml") throws -> TargetDevices {
    let content: Data
    do {
      content = try FileAccess.read(path)
    } catch let error as InputError {
      throw InputError(error.cause, at: error.place, remedy: "\(error.remedy ?? "") \(DeviceFile.example)")
    }
    return try DeviceFile(path: path).devices(String(decoding: content, as: UTF8.self))
  }
}

/// Reads devices from YAML, and reports errors with their places.
struct DeviceFile {
  let path: String

  static let example = "The shortest such file is the line `pc: {}`, for this machine and ONNX Runtime."

  private static let deviceKeys = ["host", "ssh", "python", "runtimes", "quiet", "patience"]
  private static let setupKeys = ["runtime", "name", "threads", "processors", "memory", "options"]

  func devices(_ yaml: String) throws -> TargetDevices {
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: yaml)
    } catch let error as YamlError {
      throw problem(error)
    }
    guard let root, let mapping = root.mapping, !mapping.isEmpty else {
      throw InputError("the file names no devices", at: Place(file: path, line: 1), remedy: Self.example)
    }
    var owners: [String: Place] = [:]
    return try TargetDevices(
      try mapping.map { key, value in
        let (described, places) = try device(key, value)
        let names = [(described.name, place(key))] + zip(described.setups.map(\.name), places)
        for (name, position) in names {
          if let first = owners.updateValue(position, forKey: name) {
            throw InputError(
              "two devices have the name \"\(name)\"", at: position,
              remedy: "The other one is at \(first). Give one of them another name by `name:`.")
          }
        }
        return described
      })
  }

  /// A device, and the places of its setups.
  private func device(_ key: Yams.Node, _ value: Yams.Node) throws -> (TargetDevice, [Place]) {
    let name = key.scalar?.string ?? ""
    guard !name.isEmpty, name.allSatisfy({ $0.isLetter || $0.isNumber || "-_.".contains($0) }) else {
      throw InputError(
        "\"\(name)\" can't name a device", at: place(key), remedy: "Use letters, digits, hyphens, points, underscores.")
    }
    var places = [place(key)]
    if value.scalar?.string.isEmpty == true { return (TargetDevice(name), places) }
    guard let mapping = value.mapping else {
      throw InputError(
        "the device \"\(name)\" is not described by `key: value` lines", at: place(value), remedy: Self.example)
    }
    var device = TargetDevice(name)
    for (key, value) in mapping {
      switch key.string ?? "" {
      case "host": device.host = try text(value, "host")
      case "ssh": device.sshOptions = try texts(value, "ssh")
      case "python": device.python = try text(value, "python")
      case "quiet": device.quiet = try number(value, "quiet", atLeast: 0)
      case "patience": device.patience = try number(value, "patience", atLeast: 0)
      case "runtimes":
        guard let items = value.sequence, !items.isEmpty else {
          throw InputError(
            "`runtimes` must be a list", at: place(value), remedy: "Write `runtimes: [onnxruntime, mnn]`.")
        }
        device.setups = try items.map { try setup($0, on: name) }
        places = items.map(place)
      default: throw unknown(key, among: Self.deviceKeys)
      }
    }
    if let host = device.host, host.hasPrefix("-") || host.isEmpty {
      throw InputError(
        "\"\(host)\" is not a host", at: place(value),
        remedy: "Write a host for ssh, such as `host: pi@raspberrypi.local`; options go to `ssh: [-p, \"2222\"]`.")
    }
    if let setup = device.setups.first(where: { $0.runtime.isBuiltIn && (device.host != nil || $0.memory != nil) }) {
      throw InputError(
        "\(setup.runtime.title) runs in Labbook's own process, so it has no "
          + "`\(device.host != nil ? "host" : "memory")`",
        at: place(value), remedy: "Use it on this machine, without a limit, or use onnxruntime.")
    }
    return (device, places)
  }

  private func setup(_ node: Yams.Node, on device: String) throws -> RuntimeSetup {
    func kind(_ node: Yams.Node) throws -> RuntimeKind {
      let name = node.scalar?.string ?? ""
      guard let kind = RuntimeKind(rawValue: name.lowercased()) else {
        throw InputError(
          "the runtime \"\(name)\" is unknown", at: place(node),
          remedy: InputError.remedy(
            unknown: name, among: RuntimeKind.allCases.map(\.rawValue), called: "runtimes"))
      }
      return kind
    }
    guard let mapping = node.mapping else { return RuntimeSetup(try kind(node), on: device) }
    guard let runtime = mapping["runtime"] else {
      throw InputError(
        "the entry doesn't name its runtime", at: place(node), remedy: "Write `{runtime: mnn, threads: 4}`.")
    }
    let runtimeKind = try kind(runtime)
    var threads = 1
    var name: String?
    var processors: [Int]?
    var memory: Int?
    var options: [String: String] = [:]
    for (key, value) in mapping {
      switch key.string ?? "" {
      case "runtime": break
      case "name": name = try text(value, "name")
      case "threads": threads = Int(try number(value, "threads", atLeast: 1, whole: true))  // bounded: by `number`
      case "memory": memory = Int(try number(value, "memory", atLeast: 1, whole: true))  // bounded: by `number`
      case "processors":
        processors = try (value.sequence.map(Array.init) ?? [value]).map {
          Int(try number($0, "processors", atLeast: 0, whole: true))  // bounded: by `number`
        }
      case "options": options = try self.options(value, of: runtimeKind)
      default: throw unknown(key, among: Self.setupKeys)
      }
    }
    return RuntimeSetup(
      runtimeKind, on: device, threads: threads, processors: processors, memory: memory, options: options,
      name: name)
  }

  private func options(_ node: Yams.Node, of runtime: RuntimeKind) throws -> [String: String] {
    guard let settings = node.mapping else {
      throw InputError("`options` must be `key: value` lines", at: place(node))
    }
    var options: [String: String] = [:]
    for (key, value) in settings {
      let name = key.string ?? ""
      guard let values = runtime.options.first(where: { $0.key == name })?.value else {
        throw InputError(
          "`\(name)` is not an option of \(runtime.title)", at: place(key),
          remedy: InputError.remedy(
            unknown: name, among: runtime.options.map(\.key), called: "options of \(runtime.title)"))
      }
      let setting = try text(value, name)
      guard values.isEmpty || values.contains(setting) else {
        throw InputError(
          "`\(name)` can't be \"\(setting)\"", at: place(value),
          remedy: InputError.remedy(unknown: setting, among: values, called: "values"))
      }
      options[name] = setting
    }
    return options
  }

  // MARK: Values

  private func text(_ node: Yams.Node, _ key: String) throws -> String {
    guard let text = node.scalar?.string, !text.isEmpty else {
      throw InputError("`\(key)` must be text", at: place(node))
    }
    return text
  }

  private func texts(_ node: Yams.Node, _ key: String) throws -> [String] {
    if let sequence = node.sequence { return try sequence.map { try text($0, key) } }
    return try text(node, key).split(separator: " ").map(String.init)
  }

  private func number(_ node: Yams.Node, _ key: String, atLeast least: Double, whole: Bool = false) throws -> Double {
    guard let number = node.scalar.flatMap({ Double($0.string) }), number >= least, number <= 1e6,
      !whole || number == number.rounded()
    else {
      throw InputError(
        "`\(key)` must be a \(whole ? "whole " : "")number, \(whole ? String(format: "%.0f", least) : "\(least)") or "
          + "more" + ((node.scalar.flatMap { Double($0.string) } ?? 0) > 1e6 ? ", and at most 1000000" : ""),
        at: place(node))
    }
    return number
  }

  private func unknown(_ key: Yams.Node, among known: [String]) -> InputError {
    let name = key.string ?? ""
    return InputError(
      "`\(name)` is not a key here", at: place(key),
      remedy: InputError.remedy(unknown: name, among: known, called: "keys"))
  }

  private func place(_ node: Yams.Node) -> Place {
    Place(file: path, line: node.mark?.line, column: node.mark?.column)
  }

  /// The place where a mapping has a key again: keys of a mapping begin in the same column. It is the first key's if
  /// both are in one line, as in `{a: 1, a: 2}`.
  private func repetition(of name: String, after first: Yams.Mark, in yaml: String) -> Place {
    let lines = yaml.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    let indentation = max(0, first.column - 1)
    for (index, line) in lines.enumerated().dropFirst(max(0, first.line))
    where line.prefix(indentation).allSatisfy({ $0 == " " }) {
      let text = line.dropFirst(indentation)
      for key in [name, "\"\(name)\"", "'\(name)'"] where text.hasPrefix(key) {
        if text.dropFirst(key.count).first(where: { $0 != " " }) == ":" {
          return Place(file: path, line: index + 1, column: first.column)
        }
      }
    }
    return Place(file: path, line: first.line, column: first.column)
  }

  private func problem(_ error: YamlError) -> InputError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return InputError(
        "this is not YAML: \(problem)", at: Place(file: path, line: mark.line, column: mark.column),
        remedy: "Indent lines by spaces, and put texts with colons in quotes.")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let names = duplicates.sorted().map { "\"\($0)\"" }.joined(separator: ", ")
      return InputError(
        "\(names) appears twice", at: repetition(of: duplicates.first ?? "", after: context.mark, in: context.text),
        remedy: "Give each device a name of its own, and each of its settings once.")
    default:
      return InputError("this is not YAML: \(error)", at: Place(file: path), remedy: Self.example)
    }
  }
}
