import Foundation
import Wire

/// A record: JSON with its digest in the line before it.
package enum StoreRecord {
  package static func data(_ value: some Encodable) throws -> Data {
    let json = try CellJob.encoder.encode(value)
    return Data((SHA256.hex(json) + "\n").utf8) + json
  }

  /// The JSON of a record, or nil if it is damaged.
  package static func json(_ data: Data) -> Data? {
    let json = data.dropFirst(65)
    guard data.count > 65, String(decoding: data.prefix(64), as: UTF8.self) == SHA256.hex(Data(json)) else {
      return nil
    }
    return Data(json)
  }

  /// What JSON holds, or nil if another version of Labbook wrote it; it is simply made anew.
  package static func value<Value: Decodable>(_ json: Data, as type: Value.Type = Value.self) -> Value? {
    try? CellJob.decoder.decode(Value.self, from: json)
  }
}
