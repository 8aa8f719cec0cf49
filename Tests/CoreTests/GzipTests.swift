import Foundation
import Testing

@testable import Core

struct GzipTests {
  @Test func tablesAreReadCompressed() throws {
    let content = Data("id,ms\na,1.5\nb,2.5\n".utf8)
    let files = try TemporaryFiles([:])
    let path = files.path("table.csv.gz")
    try Gzip.compressed(content).write(to: URL(fileURLWithPath: path))
    let table = try CSVTable.read(path)
    #expect(table.header == ["id", "ms"])
    #expect(table.rows.map(\.fields) == [["a", "1.5"], ["b", "2.5"]])
  }

  /// `cat a.gz b.gz` is a valid file, too, and the last length is that of its last part only.
  @Test func partsOneBehindTheOtherAreRead() throws {
    let (long, short) = (Data(repeating: 7, count: 5_000_000), Data("end".utf8))
    let both = try Gzip.compressed(long) + Gzip.compressed(short)
    #expect(try Gzip.decompressed(both, file: "x.gz") == long + short)
    #expect(try Gzip.decompressed(Gzip.compressed(Data()), file: "x.gz").isEmpty)
    // The last part is by far the longest, and each of the others is short.
    let many = Data(repeatElement(try Gzip.compressed(short), count: 20_000).joined())
    let content = Data(repeatElement(short, count: 20_000).joined())
    #expect(try Gzip.decompressed(many + Gzip.compressed(long), file: "x.gz") == content + long)
  }

  @Test func damageAndSizeAreErrors() throws {
    func message(_ content: Data, limit: Int = 1 << 20) -> String? {
      #expect(throws: InputError.self) { try Gzip.decompressed(content, file: "x.csv.gz", limit: limit) }?.description
    }
    let damage = """
      x.csv.gz: the file is damaged, or not compressed by gzip
        Copy or download it again: gzip -t x.csv.gz
      """
    var changed = try Gzip.compressed(Data((0..<100_000).map { UInt8(truncatingIfNeeded: $0 &* $0 >> 3) }))
    #expect(message(changed.prefix(changed.count / 2)) == damage)
    changed[changed.count / 2] ^= 0x55
    #expect(message(changed) == damage)
    #expect(message(Data("id,ms\na,1.5\n".utf8)) == damage)
    #expect(message(Data()) == damage)
    // Five million zeros take some five thousand bytes.
    #expect(
      message(try Gzip.compressed(Data(count: 5_000_000))) == """
        x.csv.gz: the file's content has more than 1 MiB, which is the most that can be read
          Put the data that the notebook needs into a smaller file.
        """)
  }
}
