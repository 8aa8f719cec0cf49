import Core

/// Tells how far a cell's own loop is; training reports its epochs by itself.
///
/// ```swift
/// for (index, device) in devices.enumerated() {
///   progress(Double(index) / Double(devices.count), device)
/// }
/// ```
/// - Parameters:
///   - fraction: The part done, from 0 to 1.
///   - note: A few words on what is being done.
public func progress(_ fraction: Double, _ note: String = "") {
  let runtime = CellRuntime.shared
  if runtime.isDue("progress", interval: 0.1) || fraction >= 1 { runtime.send(.progress(fraction, note: note)) }
}
