import Basics
import Engine
import Foundation
import Wire

/// The keys whose reports are run without a sandbox, in the user's configuration.
package struct TrustedKeys: Sendable {
  package struct Entry: Hashable, Sendable {
    package var key: String
    package var name: String
  }

  package private(set) var entries: [Entry] = []
  /// The reason why the file is not used; nil if it is used, or doesn't exist.
  package private(set) var objection: String?
  private let file: URL?

  package init(folder: URL? = UserFolder.configuration) {
    file = folder?.appendingPathComponent("trusted")
    guard let folder, let file, let text = FileManager.default.contents(atPath: file.path) else { return }
    guard UserFolder.isOwn(folder.path), UserFolder.isOwn(file.path) else {
      objection =
        "\(file.path.visible) is not used, because others can write to it: chmod go-w "
        + "\(folder.path.visible) \(file.path.visible)"
      return
    }
    for line in String(decoding: text, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let words = line.split(separator: " ", maxSplits: 1)
      guard let key = words.first, Self.isKey(String(key)) else { continue }
      entries.append(Entry(key: String(key), name: words.count > 1 ? String(words[1]) : ""))
    }
  }

  package subscript(key: String) -> Entry? { entries.first { $0.key == key } }

  package mutating func add(_ key: String, name: String) throws {
    entries.removeAll { $0.key == key }
    entries.append(Entry(key: key, name: name))
    try write()
  }

  package mutating func remove(_ key: String) throws {
    entries.removeAll { $0.key == key }
    try write()
  }

  private func write() throws {
    if let objection { throw NotebookError(objection) }
    guard let file else {
      throw NotebookError("the folder of your configuration is unknown", remedy: "Set HOME or XDG_CONFIG_HOME.")
    }
    let text = entries.map { "\($0.key) \($0.name)".trimmingCharacters(in: .whitespaces) + "\n" }.joined()
    do {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      try Data(text.utf8).writeDurably(to: file, replace: true)
    } catch {
      throw NotebookError(
        "\(file.path) can't be written: \(fileCause(error))", remedy: "XDG_CONFIG_HOME may name another folder.")
    }
  }

  package static func isKey(_ text: String) -> Bool { text.wholeMatch(of: /[0-9a-f]{64}/) != nil }
}
