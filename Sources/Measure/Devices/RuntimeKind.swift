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
    case .ncnn: ["ncnn==1.0.20261020"]
    case .litert: ["ai-edge-litert==2.3.0"]
    case .onednn: []
    }
  }

  /// The pip packages to install without what they require. ncnn converts ONNX models with the program in pnnx's
  /// wheel, which requires PyTorch (several GB), although the program uses nothing of it.
  public var packagesAlone: [String] { self == .ncnn ? ["pnnx==20261020"] : [] }

  /// The arguments of each of pip's calls that install the runtime into a Python of a version such as "3.10.12". A
  /// Python that is too old for the tested versions gets the newest that pip finds for it.
  func pipArguments(forPython version: String?) -> [String] {
    let parts = (version ?? "").split(separator: ".").prefix(2).compactMap { Int($0) }
    let isTooOld = leastPython.map { parts.count == 2 && (parts[0], parts[1]) < (3, $0) } ?? false
    let packages = isTooOld ? packages.map { String($0.prefix { $0 != "=" }) } : packages
    let alone: [[String]] = packagesAlone.isEmpty ? [] : [["install", "--no-deps"] + packagesAlone]
    return ([["install"] + packages] + alone).map { $0.joined(separator: " ") }
  }

  /// The minor version of Python 3 that the tested versions need at least; nil if it isn't known, or the agent's 3.7 is
  /// enough.
  private var leastPython: Int? {
    switch self {
    case .onnxruntime: 11
    case .mnn: 8
    case .litert: 10
    case .ncnn, .onednn: nil
    }
  }

  /// The keys of `options:` in devices.yaml that the runtime's adapter reads, each with its values. An empty list of
  /// values stands for any text.
  var options: KeyValuePairs<String, [String]> {
    switch self {
    case .onnxruntime: ["optimization": ["none", "basic", "extended", "all"], "provider": []]
    case .mnn:
      [
        "precision": ["high", "normal", "low", "Low_BF16"],
        "backend": ["CPU", "AUTO", "CUDA", "OPENCL", "OPENGL", "VULKAN", "METAL", "TRT", "HIAI", "NN"],
      ]
    case .ncnn: ["fp16": ["true", "false"]]
    case .litert, .onednn: [:]
    }
  }

  /// Whether the runtime runs in Labbook's own process, only on this machine, and needs no Python.
  public var isBuiltIn: Bool { debianPackage != nil }

  /// The Debian package that a built-in runtime needs; nil for runtimes that pip installs.
  var debianPackage: String? { self == .onednn ? "libdnnl2" : nil }
}
