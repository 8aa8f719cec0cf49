import Basics
import Foundation
import Glibc
import Wire

/// One process of a cell's job: the cell itself, or a point of its sweep. Its folder contains its input and a folder
/// for each attempt.
struct BatchTask: Sendable {
  let folder: URL
  /// The name of its folder within the job's folder.
  let name: String

  init(_ name: String, in job: JobFolder) {
    self.name = name
    folder = job.url.appendingPathComponent(name)
  }

  var jobFile: URL { folder.appendingPathComponent("job.json") }

  /// Writes the input of the task, unless the same input exists already.
  /// - Returns: Whether earlier attempts are still valid.
  func prepare(_ job: CellJob, environment: String) throws -> Bool {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let data = try CellJob.encoder.encode(job)
    let isSame = FileManager.default.contents(atPath: jobFile.path).map { Self.asks(for: $0, theSameAs: data) } ?? true
    if !isSame { return false }
    // A running attempt has read both files already.
    if attempts().isEmpty {
      try Data(environment.utf8).writeDurably(to: folder.appendingPathComponent("environment"), replace: true)
      try data.writeDurably(to: jobFile, replace: true)
    }
    return true
  }

  /// Whether two jobs give the same result, whichever executable contains their cell.
  private static func asks(for old: Data, theSameAs new: Data) -> Bool {
    func essence(_ data: Data) -> Data? {
      guard var job = try? CellJob.decoder.decode(CellJob.self, from: data) else { return nil }
      job.entry = nil
      job.threads = 1
      job.lease = nil
      return try? CellJob.encoder.encode(job)
    }
    return essence(old) == essence(new)
  }

  // MARK: Attempts

  /// The attempts, oldest first: by the number of their submission, then by the number of the queue's restarts.
  func attempts() -> [URL] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.compactMap { name -> (Int, Int, String)? in
      let parts = name.split(separator: "-")
      guard parts.count == 4, parts[0] == "attempt", let number = Int(parts[1]), let restart = Int(parts[3]) else {
        return nil
      }
      return (number, restart, name)
    }.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map { folder.appendingPathComponent($0.2) }
  }

  /// The record of an attempt's end, if it exists.
  static func record(_ attempt: URL) -> TaskRecord? {
    FileManager.default.contents(atPath: attempt.appendingPathComponent("ending").path)
      .flatMap { TaskRecord(String(decoding: $0, as: UTF8.self)) }
  }

  /// The place and time at which an attempt began, if it did.
  static func origin(_ attempt: URL) -> Origin? {
    guard let data = FileManager.default.contents(atPath: attempt.appendingPathComponent("begun").path) else {
      return nil
    }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.count >= 2 else { return nil }
    let flags = Set((lines.count > 3 ? lines[3] : "").split(separator: " "))
    let kernels = flags.contains("avx512f") ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "–"
    return Origin(
      date: String(lines[1]), processor: lines.count > 2 && !lines[2].isEmpty ? String(lines[2]) : "–",
      host: String(lines[0]), kernels: kernels)
  }

  /// Whether this machine sees all files of an attempt and all values that it wrote. A network file system may show
  /// the record of the end before them.
  static func isVisible(_ record: TaskRecord, of attempt: URL, events: [CellEvent], blobs: URL) -> Bool {
    for (name, size) in zip(["stdout", "stderr", "events"], record.sizes)
    where self.size(attempt.appendingPathComponent(name)) < size {
      return false
    }
    for case .handedOn(let value) in events where size(blobs.appendingPathComponent(value.sha256)) < value.bytes {
      return false
    }
    return true
  }

  /// A file's size after opening it, which refreshes the cache of a network file system.
  static func size(_ file: URL) -> Int {
    let descriptor = open(file.path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return 0 }
    defer { close(descriptor) }
    var status = stat()
    return fstat(descriptor, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Names, sizes and times of a folder's files. A change of them shows that a checkpoint was written.
  static func signature(of folder: String) -> String {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.sorted().map { name in
      var status = stat()
      stat("\(folder)/\(name)", &status)
      return "\(name) \(status.st_size) \(status.st_mtim.tv_sec).\(status.st_mtim.tv_nsec)"
    }.joined(separator: "\n")
  }
}
