/// The keyed container that a frame gave to the last value of its depth, kept for reuse, because allocating a
/// container takes longer than reading or writing a small structure.
///
/// The frame owns the container, so the container's reference to the frame is unowned. If someone else keeps the
/// container when the frame is released, the container's `Owner` retains the frame from then on.
struct KeptContainer<Frame: AnyObject> {
  /// A container's owning reference to its frame.
  final class Owner {
    var frame: Frame?
  }

  private var container: AnyObject?
  private var keys: ObjectIdentifier?
  private var owner: Owner?

  /// Whether no one else keeps the container.
  var isFree: Bool {
    @inline(__always)
    mutating get { owner == nil || isKnownUniquelyReferenced(&container) }
  }

  /// The container for keys of this type, if it is kept here and no one else keeps it.
  @inline(__always)
  mutating func take(keyedBy keys: ObjectIdentifier) -> AnyObject? {
    self.keys == keys && isKnownUniquelyReferenced(&container) ? container : nil
  }

  /// Keeps a container that was made for a frame.
  /// - Parameters:
  ///   - container: A structure around one reference, as the standard library's keyed containers are. A container of
  ///     another form isn't kept.
  ///   - isForReuse: Whether the frame is kept for the next value. If not, the container owns the frame.
  mutating func keep<Container>(
    _ container: Container, keyedBy keys: ObjectIdentifier, _ owner: Owner, _ frame: Frame, isForReuse: Bool
  ) {
    guard isForReuse, MemoryLayout<Container>.size == MemoryLayout<AnyObject>.size else {
      owner.frame = frame
      return
    }
    letGo(frame)
    self.container = unsafeBitCast(container, to: AnyObject.self)
    self.keys = keys
    self.owner = owner
  }

  /// Releases the container. If someone else keeps it, it owns the frame from now on.
  mutating func letGo(_ frame: Frame) {
    if !isFree { owner?.frame = frame }
    container = nil
    keys = nil
    owner = nil
  }
}
