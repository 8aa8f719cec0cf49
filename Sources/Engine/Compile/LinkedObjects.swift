import Foundation
import Wire

/// Digests of the object files that a library was linked from, module by module.
package enum LinkedObjects {
  /// Reads the linker's file list, which the build leaves beside the library.
  /// - Parameters:
  ///   - library: `libLabbookCell.so`.
  ///   - list: Paths of object files, one a line, each in a folder named `Module.build`.
  /// - Returns: The first digits of each module's digest, by the module's name; nil where the library was installed
  ///   without its object files, or where some of these are newer than the library.
  package static func digests(library: URL, list: URL) -> [String: String]? {
    guard let text = try? String(contentsOf: list, encoding: .utf8), let built = modified(library) else { return nil }
    var lines: [String: String] = [:]
    for path in text.split(separator: "\n").map({ $0.trimmingCharacters(in: ["'", "\""]) }).sorted() {
      let url = URL(fileURLWithPath: path)
      // This object holds the module's interface for debuggers, and no code.
      if url.lastPathComponent.hasSuffix(".swiftmodule.o") { continue }
      guard let folder = url.pathComponents.last(where: { $0.hasSuffix(".build") && $0 != ".build" }),
        let time = modified(url), time <= built, let data = FileManager.default.contents(atPath: path)
      else { return nil }
      let place = path.components(separatedBy: folder + "/").last ?? path
      lines[String(folder.dropLast(6)), default: ""] += "\(place) \(SHA256.hex(data))\n"
    }
    return lines.isEmpty ? nil : lines.mapValues { String(SHA256.hex($0).prefix(16)) }
  }

  private static func modified(_ file: URL) -> Date? {
    try? FileManager.default.attributesOfItem(atPath: file.path)[.modificationDate] as? Date
  }
}
