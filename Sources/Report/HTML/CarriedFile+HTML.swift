import Foundation
import Wire

extension CarriedFile {
  package static let carrierClass = "labbook-file"
}

/// Writes attachments into a page: each in a `template` element, which browsers neither show nor run, compressed,
/// with its digest.
extension [CarriedFile] {
  package var html: HTML {
    .lines(
      map { file in
        .element(
          "template",
          [
            "class": CarriedFile.carrierClass, "data-kind": file.kind.rawValue, "data-path": file.path,
            "data-bytes": String(file.content.count), "data-sha256": SHA256.hex(file.content),
          ],
          .text(
            "\n" + file.compressed.base64EncodedString(options: [.lineLength76Characters, .endLineWithLineFeed]) + "\n")
        )
      })
  }
}
