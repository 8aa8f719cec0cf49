import Basics
import Engine
import Foundation
import Glibc
import Synchronization

/// Draws an SVG picture in another process with limits, because drawing may take any amount of time and memory.
package enum DrawingProcess {
  /// The argument in place of a verb that starts the process.
  package static let argument = "--draw-picture"

  /// The fingerprints of pictures that can't be drawn. A report draws each picture several times, and would wait for
  /// the budget's end each time.
  private static let refused = Mutex<Set<Int>>([])

  /// - Returns: The pixels; nil when the picture can't be drawn within the budget.
  static func pixels(_ data: Data, greatestWidth: Int) -> PixelReader.Pixels? {
    var hasher = Hasher()
    data.withUnsafeBytes { hasher.combine(bytes: $0) }
    let fingerprint = hasher.finalize()
    if refused.withLock({ $0.contains(fingerprint) }) { return nil }
    if let pixels = drawn(data, greatestWidth: greatestWidth) { return pixels }
    refused.withLock { _ = $0.insert(fingerprint) }
    return nil
  }

  private static func drawn(_ data: Data, greatestWidth: Int) -> PixelReader.Pixels? {
    guard let folder = try? TemporaryFolder("picture") else { return nil }
    let (source, target) = (folder.url.appendingPathComponent("picture"), folder.url.appendingPathComponent("pixels"))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/prlimit")
    process.arguments = [
      "--cpu=\(Int(clamping: Budgets.pictureSeconds))", "--as=\(2 << 30)", "--core=0", "--", RunnerProgram.file.path,
      argument,
      source.path, target.path, String(greatestWidth),
    ]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do {
      try data.write(to: source)
      try ProcessTree.start(process)
    } catch {
      return nil
    }
    ProcessTree.finish(process)
    guard process.terminationStatus == 0, let bytes = FileManager.default.contents(atPath: target.path) else {
      return nil
    }
    return PixelReader.Pixels(bytes)
  }

  /// The work of the other process. It never returns.
  package static func serve(_ arguments: [String]) -> Never {
    guard arguments.count == 3, let width = Int(arguments[2]) else { exit(2) }
    guard let data = FileManager.default.contents(atPath: arguments[0]),
      let pixels = PixelReader.decoded(data, greatestWidth: width),
      (try? pixels.data.write(to: URL(fileURLWithPath: arguments[1]))) != nil
    else { exit(1) }
    exit(0)
  }
}

extension PixelReader.Pixels {
  /// The pixels as bytes: five numbers, then the rows.
  fileprivate var data: Data {
    let head = [width, height, stride, channels, isChanged ? 1 : 0].map(String.init).joined(separator: " ")
    return Data("\(head)\n".utf8) + bytes
  }

  fileprivate init?(_ data: Data) {
    guard let end = data.firstIndex(of: 0x0A) else { return nil }
    let numbers = String(decoding: data[..<end], as: UTF8.self).split(separator: " ").compactMap { Int($0) }
    guard numbers.count == 5 else { return nil }
    self.init(
      bytes: Array(data[(end + 1)...]), width: numbers[0], height: numbers[1], stride: numbers[2], channels: numbers[3],
      isChanged: numbers[4] == 1)
    guard width > 0, height > 0, bytes.count >= stride * (height - 1) + width * channels else { return nil }
  }
}
