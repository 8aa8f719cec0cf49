import Foundation
import Numerics

/// Named arrays of numbers with short metadata, in the safetensors format, which Python's libraries can read.
///
/// A file consists of the header's length (8 bytes, little-endian), the header (JSON: the type, shape and byte range
/// of each tensor, and under `__metadata__` pairs of text), and the numbers. See
/// https://huggingface.co/docs/safetensors.
package struct SafeTensors: Hashable, Sendable {
  package struct Tensor: Hashable, Sendable {
    package var shape: [Int]
    /// The values, row-major: as many as the product of `shape`.
    package var values: Values

    package init(shape: [Int], values: Values) {
      self.shape = shape
      self.values = values
    }
  }

  /// Numbers of one of the types that predictors and networks use.
  package enum Values: Hashable, Sendable {
    case single([Float])
    case double([Double])
    case integer([Int32])
    /// The type in which PyTorch counts batches.
    case long([Int64])

    /// The name of the type in the header.
    var type: String {
      switch self {
      case .single: "F32"
      case .double: "F64"
      case .integer: "I32"
      case .long: "I64"
      }
    }

    /// The size of a type's numbers in bytes; nil for types that can't be read.
    static func size(of type: String) -> Int? { ["F32": 4, "F64": 8, "I32": 4, "I64": 8][type] }

    /// The numbers as little-endian bytes.
    var data: Data {
      switch self {
      case .single(let values): Data(littleEndian: values)
      case .double(let values): PackedNumbers.pack(values)
      case .integer(let values): values.map(\.littleEndian).withUnsafeBytes { Data($0) }
      case .long(let values): values.map(\.littleEndian).withUnsafeBytes { Data($0) }
      }
    }

    init(type: String, data: Data) {
      switch type {
      case "F64": self = .double(PackedNumbers.unpack(data) ?? [])
      case "I32": self = .integer(Self.integers(data).map(Int32.init(littleEndian:)))
      case "I64": self = .long(Self.integers(data).map(Int64.init(littleEndian:)))
      default: self = .single([Float](littleEndian: data))
      }
    }

    private static func integers<Integer: FixedWidthInteger>(_ data: Data) -> [Integer] {
      let size = MemoryLayout<Integer>.size
      return data.withUnsafeBytes { bytes in
        (0..<bytes.count / size).map { bytes.loadUnaligned(fromByteOffset: $0 * size, as: Integer.self) }
      }
    }
  }

  package var metadata: [String: String] = [:]
  package var tensors: [String: Tensor] = [:]

  /// The header's entry for one tensor.
  private struct Entry: Codable {
    var type: String
    var shape: [Int]
    /// The start and the end of its bytes, counted from the end of the header.
    var bytes: [Int]

    private enum CodingKeys: String, CodingKey {
      case type = "dtype"
      case shape
      case bytes = "data_offsets"
    }
  }

  private struct Header: Codable {
    var metadata: [String: String] = [:]
    var entries: [String: Entry] = [:]

    private struct Key: CodingKey {
      var stringValue: String
      var intValue: Int? { nil }
      init(stringValue: String) { self.stringValue = stringValue }
      init?(intValue: Int) { return nil }
      static let metadata = Key(stringValue: "__metadata__")
    }

    init(metadata: [String: String], entries: [String: Entry]) {
      self.metadata = metadata
      self.entries = entries
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: Key.self)
      for key in container.allKeys {
        if key.stringValue == Key.metadata.stringValue {
          metadata = try container.decode([String: String].self, forKey: key)
        } else {
          entries[key.stringValue] = try container.decode(Entry.self, forKey: key)
        }
      }
    }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Key.self)
      if !metadata.isEmpty { try container.encode(metadata, forKey: .metadata) }
      for (name, entry) in entries { try container.encode(entry, forKey: Key(stringValue: name)) }
    }
  }

  /// The file's bytes. The same content gives the same bytes.
  package func encoded() throws -> Data {
    var entries: [String: Entry] = [:]
    var numbers = Data()
    // Larger types come first, so that all numbers are aligned to their size.
    let order = tensors.sorted { (left, right) in
      let sizes = (Values.size(of: left.value.values.type) ?? 0, Values.size(of: right.value.values.type) ?? 0)
      return (-sizes.0, left.key) < (-sizes.1, right.key)
    }
    for (name, tensor) in order {
      let start = numbers.count
      numbers.append(tensor.values.data)
      entries[name] = Entry(type: tensor.values.type, shape: tensor.shape, bytes: [start, numbers.count])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var header = try encoder.encode(Header(metadata: metadata, entries: entries))
    // Spaces pad the header, so that the numbers start at a multiple of eight bytes.
    header.append(contentsOf: repeatElement(UInt8(ascii: " "), count: (8 - header.count % 8) % 8))
    var result = Data()
    withUnsafeBytes(of: UInt64(header.count).littleEndian) { result.append(contentsOf: $0) }
    return result + header + numbers
  }

  package init(metadata: [String: String], tensors: [String: Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - place: The place that errors name.
  ///   - content: The kind of content, for the errors' remedies.
  /// - Throws: `InputError` when the data is not a complete safetensors file with the types F32, F64, I32 and I64.
  package init(_ data: Data, at place: Place, holding content: String = "predictor") throws {
    let remedy = "Save the \(content) again."
    func require(_ condition: Bool, _ cause: @autoclosure () -> String) throws {
      if !condition { throw InputError(cause(), at: place, remedy: remedy) }
    }
    let bytes = [UInt8](data)
    try require(bytes.count >= 8, "a safetensors file begins with 8 bytes, but this file has \(bytes.count)")
    let length = bytes[0..<8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    try require(
      length <= 100_000_000, "this is not a safetensors file: its header would have \(length) bytes")
    let start = 8 + Int(length)
    try require(start <= bytes.count, "the file ends within its header of \(length) bytes")
    let header: Header
    do {
      header = try JSONDecoder().decode(Header.self, from: Data(bytes[8..<start]))
    } catch {
      throw InputError("this is not a safetensors file: its header can't be read", at: place)
    }
    metadata = header.metadata
    var expected = 0
    let entries = header.entries.sorted { $0.value.bytes.lexicographicallyPrecedes($1.value.bytes) }
    for (name, entry) in entries {
      guard let size = Values.size(of: entry.type) else {
        throw InputError(
          "the tensor \"\(name)\" is of type \(entry.type), not F32, F64, I32 or I64", at: place,
          remedy: ["F16", "BF16"].contains(entry.type) ? "Save it with 32-bit numbers: tensor.float()." : remedy)
      }
      guard let count = Self.product(entry.shape), entry.bytes == [expected, expected + size * count] else {
        throw InputError("the tensor \"\(name)\" has the shape \(entry.shape) but the bytes \(entry.bytes)", at: place)
      }
      let begin = start + expected
      expected += size * count
      try require(
        start + expected <= bytes.count,
        "the file ends within the tensor \"\(name)\": \(start + expected) bytes are needed, but it has \(bytes.count)")
      tensors[name] = Tensor(
        shape: entry.shape, values: Values(type: entry.type, data: Data(bytes[begin..<start + expected])))
    }
    try require(start + expected == bytes.count, "the file has \(bytes.count - start - expected) bytes too many")
  }

  /// The number of values of a tensor; nil if it is negative or larger than any file.
  private static func product(_ shape: [Int]) -> Int? {
    var product = 1
    for extent in shape {
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      guard extent >= 0, !overflow, next < 1 << 48 else { return nil }
      product = next
    }
    return product
  }
}
