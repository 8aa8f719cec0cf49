import Synchronization

/// The seed of whatever draws random numbers and was given no seed of its own: 0, or in a notebook the seed of the cell that
/// runs.
public enum DefaultSeed {
  private static let seed = Mutex<UInt64>(0)

  public static var value: UInt64 {
    get { seed.withLock { $0 } }
    set { seed.withLock { $0 = newValue } }
  }
}
