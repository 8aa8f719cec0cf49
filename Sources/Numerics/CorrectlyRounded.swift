internal import CElementary

/// Elementary functions whose result is the double nearest to the exact value (correct rounding), so that it is the
/// same on every machine. The functions of the C library, which Foundation uses, differ in their last bit by version
/// and processor.
///
/// ```swift
/// let ratio = CorrectlyRounded.log(2.5)
/// ```
public enum CorrectlyRounded {
  public static func exp(_ x: Double) -> Double { elementary_function(ELEMENTARY_EXP, x) }
  /// `exp(x) - 1`, which is accurate for small x too.
  public static func expm1(_ x: Double) -> Double { elementary_function(ELEMENTARY_EXPM1, x) }
  /// The natural logarithm.
  public static func log(_ x: Double) -> Double { elementary_function(ELEMENTARY_LOG, x) }
  /// `log(1 + x)`, which is accurate for small x too.
  public static func log1p(_ x: Double) -> Double { elementary_function(ELEMENTARY_LOG1P, x) }
  public static func log2(_ x: Double) -> Double { elementary_function(ELEMENTARY_LOG2, x) }
  public static func log10(_ x: Double) -> Double { elementary_function(ELEMENTARY_LOG10, x) }
  /// The sine of an angle in radians.
  public static func sin(_ x: Double) -> Double { elementary_function(ELEMENTARY_SIN, x) }
  public static func cos(_ x: Double) -> Double { elementary_function(ELEMENTARY_COS, x) }
  /// The inverse tangent, in radians.
  public static func atan(_ x: Double) -> Double { elementary_function(ELEMENTARY_ATAN, x) }
  public static func tanh(_ x: Double) -> Double { elementary_function(ELEMENTARY_TANH, x) }
  /// The error function, `2 / sqrt(pi)` times the integral of `exp(-t^2)` from 0 to x.
  public static func erf(_ x: Double) -> Double { elementary_function(ELEMENTARY_ERF, x) }
  public static func pow(_ x: Double, _ y: Double) -> Double { elementary_power(x, y) }
}
