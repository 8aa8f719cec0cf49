internal import COneDNN
import Core

/// oneDNN in this process.
package enum OneDNN {
  /// Loads the library, and lets this thread's convolutions run on `threads` threads.
  /// - Throws: `InputError` that says how to install it.
  static func use(threads: Int) throws {
    if let cause = onednn_load() {
      throw InputError(
        "oneDNN, which runs convolutions, can't be loaded: \(String(cString: cause))",
        remedy: "Install it: apt install libdnnl2")
    }
    onednn_set_threads(Int32(clamping: threads))
  }

  /// Such as 2.6.3; nil where it can't be loaded.
  package static var version: String? { onednn_load() == nil ? String(cString: onednn_version()) : nil }

  /// The channels that feature maps hold side by side.
  static var block: Int { onednn_block() }

  static func failure(_ layer: String, _ cause: String) -> InputError {
    InputError(
      "the convolution \(layer) can't be run: \(cause)", remedy: "Is there enough memory? Use a smaller batch.")
  }
}
