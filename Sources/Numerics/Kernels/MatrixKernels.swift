internal import COpenBLAS

/// The kernels that multiply matrices in this process.
public enum MatrixKernels {
  /// The instruction set of Labbook's own ones, `AVX-512` or `AVX2`: the one that OpenBLAS's use. Nil where that is
  /// neither; all products are then OpenBLAS's.
  public static var instructions: String? { VectorKernels.present?.name }

  /// OpenBLAS's name for them, such as `Haswell` or `Cooperlake`. It chooses them from the processor when it is loaded,
  /// unless `OPENBLAS_CORETYPE` in the environment names others.
  public static var name: String {
    openblas_load().pointee.get_corename().map { String(cString: $0) } ?? "unknown"
  }

  /// OpenBLAS's version, such as `0.3.21`.
  public static var version: String {
    let configuration = openblas_load().pointee.get_config().map { String(cString: $0) } ?? ""
    return configuration.split(separator: " ").first { $0.first?.isNumber ?? false }.map(String.init) ?? "unknown"
  }
}
