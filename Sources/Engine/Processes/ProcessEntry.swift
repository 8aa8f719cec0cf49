import Basics
import Foundation
import Glibc

/// A process as `/proc/<id>/stat` describes it (proc_pid_stat(5)).
struct ProcessEntry: Hashable, Sendable {
  var process: pid_t
  /// The name, with control characters made visible. A process can give itself any bytes as its name.
  var name: String
  var parent: pid_t
  var group: pid_t
  /// False for a zombie, which waits only for its parent.
  var isAlive: Bool
  var threads: Int
  /// The resident memory, in pages.
  var pages: Int

  /// All processes of the machine that this user can see.
  static var all: [ProcessEntry] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { entry in
      guard let process = pid_t(entry), let status = FileManager.default.contents(atPath: "/proc/\(entry)/stat") else {
        return nil
      }
      return ProcessEntry(process, status: status)
    }
  }

  /// - Parameter status: The content of `/proc/<id>/stat`.
  init?(_ process: pid_t, status: Data) {
    // The name can contain anything, so the fields are counted from its last parenthesis.
    guard let open = status.firstIndex(of: UInt8(ascii: "(")), let close = status.lastIndex(of: UInt8(ascii: ")")),
      open < close
    else { return nil }
    let fields = String(decoding: status[(close + 1)...], as: UTF8.self).split(separator: " ")
    guard fields.count > 21, let parent = pid_t(fields[1]), let group = pid_t(fields[2]) else { return nil }
    self.process = process
    name = String(decoding: status[(open + 1)..<close], as: UTF8.self).visible
    (self.parent, self.group, isAlive) = (parent, group, fields[0] != "Z" && fields[0] != "X")
    (threads, pages) = (Int(fields[17]) ?? 1, Int(fields[21]) ?? 0)
  }
}
