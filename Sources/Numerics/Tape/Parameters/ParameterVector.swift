/// The parameters of a model: one vector, of which a layout says what stands where.
///
/// A tape reads it where it lies, and an optimiser moves it there.
public final class ParameterVector {
  public let layout: ParameterLayout
  public let precision: Tape.Precision
  private let singles: Buffer<Float>
  private let doubles: Buffer<Double>

  /// Parameters before training, the same for the same seed.
  public init(_ layout: ParameterLayout, seed: UInt64, precision: Tape.Precision = .single) {
    self.layout = layout
    self.precision = precision
    singles = Buffer(precision == .single ? layout.count : 0, repeating: 0)
    doubles = Buffer(precision == .double ? layout.count : 0, repeating: 0)
    values = layout.initialValues(seed: seed)
  }

  /// Parameters of these values.
  ///
  /// - Throws: `TapeError` when there are more or fewer than the layout has.
  public convenience init(
    _ layout: ParameterLayout, values: [Float], precision: Tape.Precision = .single
  ) throws {
    guard values.count == layout.count else {
      throw TapeError(
        "ParameterVector", "\(values.count) values were given for \(layout.count) parameters",
        remedy: "Use the layout that they were made with.")
    }
    self.init(layout, seed: 0, precision: precision)
    self.values = values.map(Double.init)
  }

  /// All parameters, in the layout's order.
  public var values: [Double] {
    get { precision == .single ? singles.values.map(Double.init) : doubles.array }
    set {
      for (index, value) in newValue.prefix(layout.count).enumerated() {
        if precision == .single { singles.pointer[index] = Float(value) } else { doubles.pointer[index] = value }
      }
    }
  }

  /// All parameters in single precision.
  public var floats: [Float] { precision == .single ? singles.array : doubles.values.map(Float.init) }

  /// Where they lie, in single precision.
  package var buffer: Buffer<Float> { singles }

  func pointer(_ tensor: ParameterLayout.Tensor) -> UnsafeMutableRawPointer {
    precision == .single
      ? UnsafeMutableRawPointer(singles.pointer + tensor.range.lowerBound)
      : UnsafeMutableRawPointer(doubles.pointer + tensor.range.lowerBound)
  }
}
