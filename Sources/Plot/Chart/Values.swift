import Foundation

/// The numbers of one channel of a mark, stored compactly: an even sequence as three numbers, everything else as
/// little-endian floats, in single precision if this is finer than any picture can show.
///
/// A value that is not finite is missing: a line has a gap there. Values are rounded when they are made, so that a
/// chart that was stored and read again is equal to the original.
///
/// ```swift
/// let epochs: Values = [1, 2, 3]
/// let losses = Values(history.map(\.loss))
/// ```
public struct Values: Hashable, Sendable {
  enum Storage: Hashable, Sendable {
    case sequence(from: Double, step: Double, count: Int)
    case single([Float])
    case double([Double])

    /// Compares bits, so that missing values (NaN) are equal.
    static func == (first: Storage, second: Storage) -> Bool {
      switch (first, second) {
      case (.sequence(let from, let step, let count), .sequence(let otherFrom, let otherStep, let otherCount)):
        from == otherFrom && step == otherStep && count == otherCount
      case (.single(let values), .single(let others)): values.elementsEqual(others) { $0.bitPattern == $1.bitPattern }
      case (.double(let values), .double(let others)): values.elementsEqual(others) { $0.bitPattern == $1.bitPattern }
      default: false
      }
    }

    func hash(into hasher: inout Hasher) {
      switch self {
      case .sequence(let from, let step, let count):
        hasher.combine(from)
        hasher.combine(step)
        hasher.combine(count)
      case .single(let values): for value in values { hasher.combine(value.bitPattern) }
      case .double(let values): for value in values { hasher.combine(value.bitPattern) }
      }
    }
  }

  let storage: Storage

  public init(_ values: some Sequence<Double>) {
    storage = Self.compact(Array(values))
  }

  public init(_ values: some Sequence<Float>) {
    self.init(values.map(Double.init))
  }

  public init(_ values: some Sequence<Int>) {
    self.init(values.map(Double.init))
  }

  /// The largest and smallest finite value, nil when there is none.
  public var extent: ClosedRange<Double>? {
    var low = Double.infinity
    var high = -Double.infinity
    for value in self where value.isFinite {
      low = Swift.min(low, value)
      high = Swift.max(high, value)
    }
    return low <= high ? low...high : nil
  }

  /// The least finite value above 0; nil if there is none.
  var leastPositive: Double? {
    var least = Double.infinity
    for value in self where value > 0 { least = Swift.min(least, value) }
    return least.isFinite ? least : nil
  }

  private static func compact(_ values: [Double]) -> Storage {
    if values.count > 2, values.allSatisfy(\.isFinite) {
      let step = values[1] - values[0]
      let isEven = values.indices.allSatisfy { values[$0] == values[0] + Double($0) * step }
      if isEven { return .sequence(from: values[0], step: step, count: values.count) }
    }
    let singles = values.map(Float.init)
    let finite = values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else { return .single(singles) }
    let rounding = Swift.max(abs(low), abs(high)) * 0x1p-24
    let isFine =
      rounding <= 1e-5 * (high - low) && high.magnitude < 1e38 && low.magnitude < 1e38
      // Values nearer to zero would become zero, which a logarithmic axis can't show.
      && finite.allSatisfy { $0 == 0 || $0.magnitude >= Double(Float.leastNormalMagnitude) }
    return isFine || zip(singles, values).allSatisfy { Double($0) == $1 } ? .single(singles) : .double(values)
  }
}

extension Values: RandomAccessCollection {
  public var startIndex: Int { 0 }

  public var endIndex: Int {
    switch storage {
    case .sequence(_, _, let count): count
    case .single(let values): values.count
    case .double(let values): values.count
    }
  }

  public subscript(position: Int) -> Double {
    switch storage {
    case .sequence(let from, let step, _): from + Double(position) * step
    case .single(let values): Double(values[position])
    case .double(let values): values[position]
    }
  }
}

extension Values: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Double...) {
    self.init(elements)
  }
}

extension Values: Codable {
  private enum CodingKeys: String, CodingKey {
    case from, step, count, float32, float64
  }

  /// The greatest number of values of a sequence that is read. A cell's output has room for fewer values of any other
  /// kind.
  private static let greatestCount = 1 << 24

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if let data = try container.decodeIfPresent(Data.self, forKey: .float32) {
      storage = .single(try Self.words(of: data, key: .float32, in: container).map(Float.init(bitPattern:)))
    } else if let data = try container.decodeIfPresent(Data.self, forKey: .float64) {
      storage = .double(try Self.words(of: data, key: .float64, in: container).map(Double.init(bitPattern:)))
    } else {
      let count = try container.decode(Int.self, forKey: .count)
      guard count >= 0 else {
        throw DecodingError.dataCorruptedError(forKey: .count, in: container, debugDescription: "negative count")
      }
      guard count <= Self.greatestCount else {
        throw DecodingError.dataCorruptedError(
          forKey: .count, in: container, debugDescription: "\(count) values are too many")
      }
      storage = .sequence(
        from: try container.decode(Double.self, forKey: .from), step: try container.decode(Double.self, forKey: .step),
        count: count)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch storage {
    case .sequence(let from, let step, let count):
      try container.encode(from, forKey: .from)
      try container.encode(step, forKey: .step)
      try container.encode(count, forKey: .count)
    case .single(let values):
      try container.encode(Self.bytes(of: values.map(\.bitPattern)), forKey: .float32)
    case .double(let values):
      try container.encode(Self.bytes(of: values.map(\.bitPattern)), forKey: .float64)
    }
  }

  private static func bytes<Word: FixedWidthInteger>(of words: [Word]) -> Data {
    words.map(\.littleEndian).withUnsafeBytes { Data($0) }
  }

  private static func words<Word: FixedWidthInteger>(
    of data: Data, key: CodingKeys, in container: KeyedDecodingContainer<CodingKeys>
  ) throws -> [Word] {
    let size = MemoryLayout<Word>.size
    guard data.count.isMultiple(of: size) else {
      throw DecodingError.dataCorruptedError(
        forKey: key, in: container, debugDescription: "\(data.count) bytes are not whole numbers of \(size) bytes")
    }
    return data.withUnsafeBytes { bytes in
      stride(from: 0, to: data.count, by: size).map {
        Word(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Word.self))
      }
    }
  }
}
