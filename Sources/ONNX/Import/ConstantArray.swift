import Core
import Foundation

/// A small array that is known without running the model, such as the target shape of a reshape.
///
/// Whole numbers are exact up to 2^53, which exceeds any tensor's size.
struct ConstantArray: Hashable {
  var shape: [Int]
  /// The values, row-major.
  var values: [Double]
  var isInteger: Bool

  /// The greatest number of elements. Shapes are short; longer arrays are weights.
  static let elementLimit = 4096

  /// A list of whole numbers.
  init(_ integers: [Int]) {
    self.init(shape: [integers.count], values: integers.map(Double.init), isInteger: true)
  }

  init(shape: [Int], values: [Double], isInteger: Bool) {
    self.shape = shape
    self.values = values
    self.isInteger = isInteger
  }

  /// The values as whole numbers, clamped to the range of sizes and indices; nil if one isn't whole.
  var integers: [Int]? {
    let converted = values.compactMap { Int(exactly: min(max($0, -ONNXLimit.extent), ONNXLimit.extent)) }
    return converted.count == values.count ? converted : nil
  }
}

/// Limits of numbers in a file that prevent overflow in arithmetic.
enum ONNXLimit {
  /// The limit of an axis' extent, and of every number that is added to or multiplied with one.
  static let extent = 2_147_483_646.0
  /// The limit of a tensor's number of elements.
  static let elements = 1 << 53

  // bounded: by the extent, which is an integer
  static func clamp(_ value: Int64) -> Int { Int(min(max(value, -Int64(extent)), Int64(extent))) }

  /// The product of the extents; nil if an extent or the product is negative or too large.
  static func elementCount(_ shape: [Int]) -> Int? {
    shape.reduce(1 as Int?) { product, extent in
      guard let product, extent >= 0, Double(extent) <= Self.extent else { return nil }
      let (next, overflow) = product.multipliedReportingOverflow(by: extent)
      return overflow || next > elements ? nil : next
    }
  }
}

extension ConstantArray {
  /// Reads a tensor of the file; nil if it is large, in another file, of another type or damaged.
  init?(_ tensor: TensorProto) {
    let shape = tensor.dims.map(ONNXLimit.clamp)
    guard let count = ONNXLimit.elementCount(shape), count <= Self.elementLimit, tensor.dataLocation == 0,
      let type = ElementType(rawValue: tensor.dataType)
    else { return nil }
    let values = tensor.rawData.isEmpty ? type.typedValues(of: tensor) : type.values(tensor.rawData)
    guard values.count == count else { return nil }
    self.init(shape: shape, values: values, isInteger: type.isInteger)
  }

  /// The types of elements by ONNX's numbers.
  private enum ElementType: Int32 {
    case float = 1
    case uint8, int8, uint16, int16, int32, int64
    case bool = 9
    case float16, double, uint32, uint64
    case bfloat16 = 16

    var isInteger: Bool {
      switch self {
      case .float, .float16, .double, .bfloat16: false
      default: true
      }
    }

    /// The values of a tensor that stores them by type instead of as raw bytes.
    func typedValues(of tensor: TensorProto) -> [Double] {
      switch self {
      case .float: values(tensor.floatData)
      case .double: tensor.doubleData
      case .int64: tensor.int64Data.map(Double.init)
      case .float16: tensor.int32Data.map { Double(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) }
      case .bfloat16: tensor.int32Data.map { Double(Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16)) }
      case .uint32, .uint64: []
      default: tensor.int32Data.map(Double.init)
      }
    }

    /// Consecutive little-endian values.
    func values(_ bytes: Data) -> [Double] {
      func read<Bits: FixedWidthInteger>(_: Bits.Type, _ value: (Bits) -> Double) -> [Double] {
        let size = MemoryLayout<Bits>.size
        guard bytes.count % size == 0 else { return [] }
        return bytes.withUnsafeBytes { buffer in
          stride(from: 0, to: buffer.count, by: size).map {
            value(Bits(littleEndian: buffer.loadUnaligned(fromByteOffset: $0, as: Bits.self)))
          }
        }
      }
      return switch self {
      case .float: read(UInt32.self) { Double(Float(bitPattern: $0)) }
      case .double: read(UInt64.self) { Double(bitPattern: $0) }
      case .float16: read(UInt16.self) { Double(Float16(bitPattern: $0)) }
      case .bfloat16: read(UInt16.self) { Double(Float(bitPattern: UInt32($0) << 16)) }
      case .uint8, .bool: read(UInt8.self) { Double($0) }
      case .int8: read(Int8.self) { Double($0) }
      case .uint16: read(UInt16.self) { Double($0) }
      case .int16: read(Int16.self) { Double($0) }
      case .uint32: read(UInt32.self) { Double($0) }
      case .int32: read(Int32.self) { Double($0) }
      case .uint64: read(UInt64.self) { Double($0) }
      case .int64: read(Int64.self) { Double($0) }
      }
    }
  }
}
