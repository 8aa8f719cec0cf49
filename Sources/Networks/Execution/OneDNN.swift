internal import COneDNN
import Core

/// The oneDNN library in this process.
package enum OneDNN {
  /// Loads the library, and sets the number of threads of this thread's convolutions.
  /// - Throws: `InputError` that says how to install it.
  static func use(threads: Int) throws {
    if let cause = onednn_load() {
      throw InputError(
        "oneDNN, which runs convolutions, can't be loaded: \(String(cString: cause))",
        remedy: "Install oneDNN: apt install libdnnl2")
    }
    onednn_set_threads(Int32(clamping: threads))
  }

  /// The version, such as 2.6.3; nil where the library can't be loaded.
  package static var version: String? { onednn_load() == nil ? String(cString: onednn_version()) : nil }

  /// The number of channels that are stored next to each other in a feature map (the block size).
  static var block: Int { onednn_block() }

  static func failure(_ layer: String, _ cause: String) -> InputError {
    InputError(
      "the convolution \(layer) can't be run: \(cause)", remedy: "The memory may be too small: use a smaller batch.")
  }
}
