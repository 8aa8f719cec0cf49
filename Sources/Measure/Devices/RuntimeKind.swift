/// A runtime that models can be run with. A new one is a line here, and a file with its adapter in `Agent`, or in
/// `BuiltIn` for one that is part of Labbook.
public enum RuntimeKind: String, Codable, Hashable, Sendable, CaseIterable {
  case onnxruntime, mnn, ncnn, litert, onednn

  /// The usual name of the runtime.
  public var title: String {
    switch self {
    case .onnxruntime: "ONNX Runtime"
    case .mnn: "MNN"
    case .ncnn: "ncnn"
    case .litert: "LiteRT"
    case .onednn: "oneDNN"
    }
  }

  /// The abbreviation in a device's name, as in "pi4-ort-1t".
  public var shortName: String { self == .onnxruntime ? "ort" : rawValue }

  /// The pip packages to install, in the versions that Labbook is tested with.
  public var packages: [String] {
    switch self {
    case .onnxruntime: ["onnxruntime==1.32.0"]
    case .mnn: ["MNN==3.6.1", "numpy"]
    case .ncnn: ["ncnn==1.0.20261020", "pnnx==20261020"]
    case .litert: ["ai-edge-litert==2.3.0"]
    case .onednn: []
    }
  }

  /// The packages for a version of Python such as "3.10.12". A Python that is too old for the tested versions gets the
  /// newest that pip finds for it.
  func packages(forPython version: String?) -> [String] {
    let parts = (version ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
    guard let leastPython, parts.count == 2, (parts[0], parts[1]) < (3, leastPython) else { return packages }
    return packages.map { String($0.prefix { $0 != "=" }) }
  }

  /// The minor version of Python 3 that the tested versions need at least; nil if it isn't known, or the agent's 3.7 is
  /// enough.
  private var leastPython: Int? {
    switch self {
    case .onnxruntime: 11
    case .mnn: 8
    case .litert, .ncnn, .onednn: nil
    }
  }

  /// Whether the runtime runs in Labbook's own process, only on this machine, and needs no Python.
  public var isBuiltIn: Bool { debianPackage != nil }

  /// The Debian package that a built-in runtime needs; nil for runtimes that pip installs.
  var debianPackage: String? { self == .onednn ? "libdnnl2" : nil }
}
