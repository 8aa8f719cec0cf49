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

  /// Whether the runtime runs in Labbook's own process, only on this machine, and needs no Python.
  public var isBuiltIn: Bool { debianPackage != nil }

  /// The Debian package that a built-in runtime needs; nil for runtimes that pip installs.
  var debianPackage: String? { self == .onednn ? "libdnnl2" : nil }
}
