internal import Basics
import Core
import Foundation
import Glibc
import Wire

/// The raw rounds of a measurement: a file to which a line is appended for each model and round, so that no
/// measurement is lost when the process ends. It is compressed when measuring is complete.
public struct RoundsJournal: Sendable {
  /// One line of the file.
  public enum Entry: Codable, Sendable {
    /// Measuring began or continued.
    case session(Session)
    case visit(Visit)
    /// A model failed in a round.
    case failure(id: String, digest: String, device: String, reason: String)
  }

  public struct Session: Codable, Hashable, Sendable {
    /// The time in UTC, in the form of ISO 8601.
    public var date: String
    public var device: String
    public var setup: RuntimeSetup
    public var description: DeviceDescription
    public var plan: MeasuringPlan
    /// The numbers of the processors on which the models ran; nil if they aren't known.
    public var processors: [Int]?
  }

  /// The greatest number of seconds between two writes to the disk.
  private static let syncInterval = 1.0

  /// The system's uptime at the last write to the disk. A power cut loses what was added later.
  private var lastSync = 0.0

  public let path: String
  public private(set) var entries: [Entry] = []

  private var compressedPath: String { path + ".gz" }

  /// Reads the file, or its compressed form.
  /// - Parameter path: The path of the uncompressed file, such as `latency.rounds.jsonl`.
  /// - Throws: `InputError` at the first invalid line. An incomplete last line is ignored.
  public init(_ path: String) throws {
    self.path = path.hasSuffix(".gz") ? String(path.dropLast(3)) : path
    let files = FileManager.default
    var content = Data()
    var source = self.path
    if files.fileExists(atPath: self.path) {
      content = try FileAccess.read(self.path)
    } else if files.fileExists(atPath: compressedPath) {
      source = compressedPath
      content = try FileAccess.readContent(compressedPath)
    }
    let decoder = JSONDecoder()
    let lines = content.split(separator: 0x0A, omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      do {
        let entry = try decoder.decode(Entry.self, from: Data(line))
        if case .visit(let visit) = entry, !visit.isSound { throw CocoaError(.coderInvalidValue) }
        entries.append(entry)
      } catch {
        // The process may have ended while it wrote the last line.
        if index == lines.count - 1 { break }
        throw InputError(
          "this line is not an entry of a measurement's rounds", at: Place(file: source, line: index + 1),
          remedy: "Remove the line, or remove the file to measure again.")
      }
    }
  }

  public var visits: [Visit] {
    entries.compactMap { if case .visit(let visit) = $0 { visit } else { nil } }
  }

  /// The visits of models on a device. Those of another file content under the same id don't count.
  func visits(of models: [ModelFile], on device: String) -> [Visit] {
    let digests = models.digests
    return visits.filter { $0.device == device && digests[$0.id] == $0.digest }
  }

  public var sessions: [Session] {
    entries.compactMap { if case .session(let session) = $0 { session } else { nil } }
  }

  /// The ids of all models that were run, on any device.
  var ids: Set<String> {
    Set(
      entries.compactMap { entry -> String? in
        switch entry {
        case .session: nil
        case .visit(let visit): visit.id
        case .failure(let id, _, _, _): id
        }
      })
  }

  /// Whether only the compressed form exists.
  private var isCompressed: Bool {
    !FileManager.default.fileExists(atPath: path) && FileManager.default.fileExists(atPath: compressedPath)
  }

  // MARK: Writing

  /// Makes the file appendable: uncompressed, and with complete lines only.
  mutating func open() throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(try entries.map(Self.line).joined()).writeDurably(to: URL(fileURLWithPath: path), replace: true)
    } catch let failure as POSIXFailure {
      throw Self.unwritable(path, "\(failure)")
    } catch let error as CocoaError {
      throw Self.unwritable(path, fileCause(error))
    }
  }

  mutating func add(_ entry: Entry) throws {
    let line = try Self.line(entry)
    let descriptor = Glibc.open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else { throw Self.unwritable(path, String(cString: strerror(errno))) }
    defer { Glibc.close(descriptor) }
    let written = line.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
    guard written == line.count else {
      if written > 0 { ftruncate(descriptor, lseek(descriptor, 0, SEEK_END) - off_t(written)) }
      throw Self.unwritable(path, String(cString: strerror(errno)))
    }
    let now = ProcessInfo.processInfo.systemUptime
    if now - lastSync >= Self.syncInterval {
      fdatasync(descriptor)
      lastSync = now
    }
    entries.append(entry)
  }

  private static func line(_ entry: Entry) throws -> Data {
    try CellJob.encoder.encode(entry) + Data([0x0A])
  }

  private static func unwritable(_ path: String, _ why: String) -> InputError {
    InputError(
      "the rounds can't be written: \(why)", at: Place(file: path),
      remedy: "Free disk space. The measurements so far are kept, and measuring continues from there.")
  }

  /// Replaces the file by its compressed form.
  func compress() throws {
    let content = try Data(entries.map(Self.line).joined())
    try Gzip.compressed(content).writeDurably(to: URL(fileURLWithPath: compressedPath), replace: true)
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Deletes all rounds, in memory and on disk.
  mutating func clear() {
    entries = []
    for path in [path, compressedPath] { try? FileManager.default.removeItem(atPath: path) }
  }
}

extension [ModelFile] {
  /// The digests of the models' files by the models' ids.
  var digests: [String: String] {
    Dictionary(map { ($0.id, $0.digest) }, uniquingKeysWith: { first, _ in first })
  }
}
