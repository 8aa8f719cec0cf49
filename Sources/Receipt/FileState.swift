import Glibc

/// The state of a file as `stat` reports it. Any change of the file or its content changes this state.
///
/// Only the kernel sets the time of the last status change (ctime). So a file whose content was replaced and whose
/// modification time was then set back is noticed too.
public struct FileState: Equatable, Sendable {
  /// The path, absolute or relative to the working directory.
  public var path: String
  /// The fields of `stat`; nil if the file doesn't exist.
  public var stamp: Stamp?

  /// The fields of `stat` that are compared.
  public struct Stamp: Equatable, Sendable {
    public var device: UInt64
    public var inode: UInt64
    public var size: Int64
    public var modified: Time
    public var changed: Time
  }

  /// The seconds and nanoseconds since 1970.
  public struct Time: Equatable, Comparable, Sendable {
    public var seconds: Int
    public var nanoseconds: Int

    public init(seconds: Int, nanoseconds: Int) {
      (self.seconds, self.nanoseconds) = (seconds, nanoseconds)
    }

    public static func < (left: Time, right: Time) -> Bool {
      (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
  }

  /// Reads the current state of the file.
  public init(of path: String) {
    self.path = path
    var status = stat()
    guard stat(path, &status) == 0 else { return }
    stamp = Stamp(
      device: UInt64(status.st_dev), inode: UInt64(status.st_ino), size: Int64(status.st_size),
      modified: Time(seconds: status.st_mtim.tv_sec, nanoseconds: status.st_mtim.tv_nsec),
      changed: Time(seconds: status.st_ctim.tv_sec, nanoseconds: status.st_ctim.tv_nsec))
  }

  init(path: String, stamp: Stamp?) {
    (self.path, self.stamp) = (path, stamp)
  }
}

extension FileState {
  /// The text `device inode size modified changed path`, or `- path` if the file doesn't exist.
  var text: String {
    guard let stamp else { return "- \(path)" }
    let numbers = [
      "\(stamp.device)", "\(stamp.inode)", "\(stamp.size)", "\(stamp.modified.seconds)",
      "\(stamp.modified.nanoseconds)",
      "\(stamp.changed.seconds)", "\(stamp.changed.nanoseconds)",
    ]
    return (numbers + [path]).joined(separator: " ")
  }

  init?(text: Substring) {
    if text.hasPrefix("- ") {
      self.init(path: String(text.dropFirst(2)), stamp: nil)
      return
    }
    let parts = text.split(separator: " ", maxSplits: 7, omittingEmptySubsequences: false)
    guard parts.count == 8, let device = UInt64(parts[0]), let inode = UInt64(parts[1]), let size = Int64(parts[2])
    else {
      return nil
    }
    let times = parts[3..<7].compactMap { Int($0) }
    guard times.count == 4 else { return nil }
    self.init(
      path: String(parts[7]),
      stamp: Stamp(
        device: device, inode: inode, size: size, modified: Time(seconds: times[0], nanoseconds: times[1]),
        changed: Time(seconds: times[2], nanoseconds: times[3])))
  }
}
