import Basics
import Core
import Engine
import Foundation
import Report
import Wire

/// Reads an archive from a page.
extension ReportArchive {

  /// Reads the archive of a report's page.
  /// - Throws: `InputError` when the page contains no archive, or one that doesn't match its digests.
  package init(page: Data, file: String) throws {
    files = []
    var total = 0
    let opening = Data("<template class=\"\(CarriedFile.carrierClass)\" ".utf8)
    let closing = Data("</template>".utf8)
    var rest = page[...]
    while let start = rest.range(of: opening) {
      let text = rest[start.upperBound...]
      let head = text.prefix { $0 != UInt8(ascii: ">") }
      let body = text[head.endIndex...].dropFirst()
      let end = body.range(of: closing)
      let read = try Self.read(
        attributes: String(decoding: head, as: UTF8.self), content: end.map { body[..<$0.lowerBound] },
        room: Budgets.carriedBytes - total, file: file)
      total += read.content.count
      files.append(read)
      guard files.count <= Budgets.carriedFiles else {
        throw InputError.forged("the report carries more than \(Budgets.carriedFiles) files", file)
      }
      rest = body[(end?.upperBound ?? body.endIndex)...]
    }
    guard self.file(.notebook) != nil, self.file(.lock) != nil else {
      if let kind = FileKind(of: page, at: file), !kind.isPage {
        throw InputError("this is \(kind.name), not a report's page", at: Place(file: file), remedy: kind.remedy)
      }
      throw InputError(
        "the page carries no notebook", at: Place(file: file),
        remedy: "Only reports that Labbook wrote can be unpacked; pages saved by a browser may have lost it.")
    }
    try requireSoundness(file: file)
  }

  /// - Parameter content: The file's compressed content; nil where the page ends before the file does.
  /// - Parameter room: The greatest size of the unpacked file, in bytes.
  private static func read(attributes: String, content: Data?, room: Int, file: String) throws -> CarriedFile {
    func damaged(_ path: String, _ what: String) -> InputError {
      InputError(
        "\(path.visible) in the report \(what)", at: Place(file: file),
        remedy: "The report was changed or cut short after it was written; get it again from where it came.")
    }
    // Names and values alternate: ` data-path="`, `n.md"`, …
    let pieces = attributes.components(separatedBy: "\"")
    var values: [String: String] = [:]
    for (name, value) in zip(pieces, pieces.dropFirst()) where name.hasSuffix("=") {
      values[name.dropLast().trimmingCharacters(in: .whitespaces)] = unescaped(value[...])
    }
    let path = values["data-path"] ?? ""
    guard let kind = values["data-kind"].flatMap(CarriedFile.Kind.init),
      let bytes = values["data-bytes"].flatMap({ Int($0) }),
      bytes >= 0, let digest = values["data-sha256"]
    else { throw damaged(path.isEmpty ? "a file" : path, "has an incomplete description") }
    guard bytes <= min(Budgets.carriedFileBytes, room) else {
      throw InputError(
        "\(path.visible) in the report would be unpacked to \(bytes) bytes, more than a report may carry",
        at: Place(file: file),
        remedy: "The limit is \(Budgets.carriedFileBytes >> 20) MiB for a file and \(Budgets.carriedBytes >> 20) MiB "
          + "for all together."
      )
    }
    if let objection = objection(to: path) { throw damaged("\"\(path.visible)\"", objection) }
    guard let content, let compressed = Data(base64Encoded: content, options: .ignoreUnknownCharacters),
      let data = Compression.decompressed(compressed, count: bytes), SHA256.hex(data) == digest
    else { throw damaged(path, "is damaged: its content doesn't match its digest") }
    return CarriedFile(kind: kind, path: path, content: data, compressed: compressed)
  }

  /// Reads the archive of the report at `path`.
  package init(reading path: String) throws {
    try self.init(page: try FileAccess.read(path, limit: Budgets.pageBytes), file: path)
  }

  private static func unescaped(_ text: Substring) -> String {
    var text = String(text)
    for (name, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      text = text.replacing(name, with: character)
    }
    return text
  }

  /// The lock inside the report.
  package func lock(file: String) throws -> ReportLock {
    do {
      return try ReportLock(json: self.file(.lock)?.content ?? Data())
    } catch {
      throw InputError(
        "the report's lock can't be read: it was written by another version of Labbook", at: Place(file: file),
        remedy: "Unpack the report, and run its notebook with this version.")
    }
  }
}
