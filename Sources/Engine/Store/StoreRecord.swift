import Foundation
import Wire

/// A record: JSON, and in the line before it its digest and its maker's seal.
///
/// The digest tells a damaged record. The seal tells one that another user made: a store may come with a notebook from
/// anywhere, and nothing in it may decide what is run here.
package enum StoreRecord {
  package enum Reading: Equatable {
    case json(Data)
    case damaged
    /// Whole, but made with another key, or by a version of Labbook that had none.
    case foreign
  }

  /// - Parameter path: Where the record is kept; under another path it is not the same record.
  package static func data(_ value: some Encodable, as path: String, key: UserKey = .user) throws -> Data {
    let json = try CellJob.encoder.encode(value)
    let sealed = Data("\(seal(json, path, key))\n".utf8) + json
    return Data("\(SHA256.hex(sealed)) ".utf8) + sealed
  }

  package static func reading(_ data: Data, as path: String, key: UserKey = .user) -> Reading {
    guard let space = data.prefix(65).firstIndex(of: 0x20) else {
      // Versions before there were seals put a line end there.
      let isOld =
        data.count > 65 && data[data.startIndex + 64] == 0x0A
        && Data(SHA256.hex(Data(data.dropFirst(65))).utf8) == data.prefix(64)
      return isOld ? .foreign : .damaged
    }
    let sealed = Data(data[(space + 1)...])
    guard Data(SHA256.hex(sealed).utf8) == data[..<space], let end = sealed.firstIndex(of: 0x0A) else {
      return .damaged
    }
    let json = Data(sealed[(end + 1)...])
    return sealed[..<end] == Data(seal(json, path, key).utf8) ? .json(json) : .foreign
  }

  private static func seal(_ json: Data, _ path: String, _ key: UserKey) -> String {
    key.seal(Data("\(path)\0".utf8) + json)
  }

  /// What JSON holds, or nil if another version of Labbook wrote it; it is simply made anew.
  package static func value<Value: Decodable>(_ json: Data, as type: Value.Type = Value.self) -> Value? {
    try? CellJob.decoder.decode(Value.self, from: json)
  }
}
