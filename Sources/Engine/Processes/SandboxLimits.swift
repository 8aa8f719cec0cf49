import Foundation
import Glibc

/// What code in a sandbox may use of the machine.
package enum SandboxLimits {
  /// Bytes that may be written to each temporary folder in memory.
  static let scratchBytes = 1 << 30
  /// Bytes of one file that may be written, and of all in the cell's folder.
  static let fileBytes = 4 << 30
  /// Processes and threads at once.
  package static let processes = 512
  /// Bytes of memory of one process, and of all that live at once.
  static var memory: Int { max(4 << 30, Int(clamping: ProcessInfo.processInfo.physicalMemory)) }

  /// Begins a command by limits that hold for each process: util-linux's prlimit.
  static var arguments: [String] {
    [
      "/usr/bin/prlimit", "--core=0", "--nofile=1024", "--fsize=\(fileBytes)", "--as=\(memory)", "--",
    ]
  }

  static let processArguments = ["/usr/bin/prlimit", "--nproc=\(processes)", "--"]

  /// What went beyond what limits of single processes don't bound; nil for nothing.
  /// - Parameters:
  ///   - process: The sandbox's outermost.
  ///   - folder: All that it writes outside of memory.
  static func excess(below process: pid_t, folder: URL) -> String? {
    var children: [pid_t: [(process: pid_t, threads: Int, pages: Int)]] = [:]
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
      guard let child = pid_t(entry), let text = try? String(contentsOfFile: "/proc/\(entry)/stat", encoding: .utf8),
        let close = text.lastIndex(of: ")")
      else { continue }
      let fields = text[text.index(after: close)...].split(separator: " ")
      guard fields.count > 21, let parent = pid_t(fields[1]) else { continue }
      children[parent, default: []].append((child, Int(fields[17]) ?? 1, Int(fields[21]) ?? 0))
    }
    var (count, pages) = (0, 0)
    var rest = [process]
    while let next = rest.popLast() {
      for child in children[next] ?? [] {
        count += child.threads
        pages += child.pages
        rest.append(child.process)
      }
      if count > processes { return "more than \(processes) processes" }
    }
    if pages > memory / Int(getpagesize()) { return "more than \(memory >> 30) GiB of memory" }
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    let sizes = files?.compactMap { (($0 as? URL)?.path).flatMap(size) } ?? []
    return sizes.reduce(0, +) > fileBytes ? "more than \(fileBytes >> 30) GiB of files" : nil
  }

  /// Bytes on the disk, which of a file with holes are less than it pretends.
  private static func size(_ path: String) -> Int? {
    var status = stat()
    return lstat(path, &status) == 0 ? Int(status.st_blocks) * 512 : nil
  }
}
