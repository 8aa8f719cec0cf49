/// The keyed container that a frame gave to the last value of its depth, kept for the next one: making one takes longer
/// than reading or writing a small structure.
///
/// Since the frame keeps the container, the container refers to the frame without keeping it. Where somebody else holds
/// the container when the frame is let go, its `Owner` keeps the frame from then on.
struct KeptContainer<Frame: AnyObject> {
  /// What a container has beside the frame.
  final class Owner {
    var frame: Frame?
  }

  private var container: AnyObject?
  private var keys: ObjectIdentifier?
  private var owner: Owner?

  /// Whether nobody else holds the container.
  var isFree: Bool {
    @inline(__always)
    mutating get { owner == nil || isKnownUniquelyReferenced(&container) }
  }

  /// The container for keys of this type, if it is here and nobody else holds it.
  @inline(__always)
  mutating func take(keyedBy keys: ObjectIdentifier) -> AnyObject? {
    self.keys == keys && isKnownUniquelyReferenced(&container) ? container : nil
  }

  /// Keeps a container that was made for a frame.
  /// - Parameters:
  ///   - container: A structure around one reference, as the standard library's keyed containers are; another one isn't
  ///     kept.
  ///   - isForReuse: Whether the frame is kept for the next value. If not, the container keeps the frame.
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

  /// Forgets the container. If somebody else holds it, it keeps the frame.
  mutating func letGo(_ frame: Frame) {
    if !isFree { owner?.frame = frame }
    container = nil
    keys = nil
    owner = nil
  }
}
