import Foundation
import Wire

/// A record: one line with its digest and its maker's seal, then JSON.
///
/// The digest reveals damage. The seal reveals records that another user made: a store may come with a notebook from
/// elsewhere, and nothing in it may decide what runs on this machine.
package enum StoreRecord {
  package enum Reading: Equatable {
    case json(Data)
    case damaged
    /// The record is undamaged, but was made with another key, or by a version of Labbook without seals.
    case foreign
  }

  /// - Parameter path: The record's path. The seal covers it, so that a record is invalid under another path.
  package static func data(_ value: some Encodable, as path: String, key: UserKey = .user) throws -> Data {
    let json = try CellJob.encoder.encode(value)
    let sealed = Data("\(seal(json, path, key))\n".utf8) + json
    return Data("\(SHA256.hex(sealed)) ".utf8) + sealed
  }

  package static func reading(_ data: Data, as path: String, key: UserKey = .user) -> Reading {
    guard let space = data.prefix(65).firstIndex(of: 0x20) else {
      // Older versions without seals put a line end there.
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

  /// The value in the JSON; nil if another version of Labbook wrote it, in which case it is computed again.
  package static func value<Value: Decodable>(_ json: Data, as type: Value.Type = Value.self) -> Value? {
    try? CellJob.decoder.decode(Value.self, from: json)
  }
}
