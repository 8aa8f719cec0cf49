import Core

/// Reports the progress of a cell's own loop. Training reports its epochs itself.
///
/// ```swift
/// for (index, device) in devices.enumerated() {
///   progress(Double(index) / Double(devices.count), device)
/// }
/// ```
/// - Parameters:
///   - fraction: The completed fraction, from 0 to 1.
///   - note: A short description of the current work.
public func progress(_ fraction: Double, _ note: String = "") {
  let runtime = CellRuntime.shared
  if runtime.isDue("progress", interval: 0.1) || fraction >= 1 { runtime.send(.progress(fraction, note: note)) }
}
