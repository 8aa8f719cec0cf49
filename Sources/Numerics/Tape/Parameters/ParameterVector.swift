/// The parameters of a model: one vector, whose structure is described by a layout.
///
/// A tape reads it in place, and an optimiser updates it in place.
public final class ParameterVector {
  public let layout: ParameterLayout
  public let precision: Tape.Precision
  private let singles: Buffer<Float>
  private let doubles: Buffer<Double>

  /// Initial parameters. The same seed gives the same values.
  public convenience init(_ layout: ParameterLayout, seed: UInt64, precision: Tape.Precision = .single) {
    self.init(zeros: layout, precision)
    values = layout.initialValues(seed: seed)
  }

  private init(zeros layout: ParameterLayout, _ precision: Tape.Precision) {
    self.layout = layout
    self.precision = precision
    singles = Buffer(precision == .single ? layout.count : 0, repeating: 0)
    doubles = Buffer(precision == .double ? layout.count : 0, repeating: 0)
  }

  /// Parameters with given values.
  ///
  /// - Throws: `TapeError` when their number differs from the layout's.
  public convenience init(
    _ layout: ParameterLayout, values: [Float], precision: Tape.Precision = .single
  ) throws {
    guard values.count == layout.count else {
      throw TapeError(
        "ParameterVector", "\(values.count) values were given for \(layout.count) parameters",
        remedy: "Use the layout with which they were made.")
    }
    self.init(zeros: layout, precision)
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

  /// The memory of the parameters in single precision.
  package var buffer: Buffer<Float> { singles }

  func pointer(_ tensor: ParameterLayout.Tensor) -> UnsafeMutableRawPointer {
    precision == .single
      ? UnsafeMutableRawPointer(singles.pointer + tensor.range.lowerBound)
      : UnsafeMutableRawPointer(doubles.pointer + tensor.range.lowerBound)
  }
}
