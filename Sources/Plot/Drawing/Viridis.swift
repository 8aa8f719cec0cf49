extension RGB {
  /// The colour map viridis by N. Smith and S. van der Walt (CC0). Even steps of an amount look even, also with
  /// colour blindness and in grey.
  ///
  /// - Parameter share: A number from 0, dark violet, to 1, yellow.
  public static func viridis(_ share: Double) -> RGB {
    let place = max(0, min(1, share.isFinite ? share : 0)) * Double(viridisColors.count - 1)
    let below = min(Int(place), viridisColors.count - 2)
    return viridisColors[below].mixed(with: viridisColors[below + 1], share: place - Double(below))
  }

  /// The colours at every sixteenth of the scale.
  private static let viridisColors: [RGB] = [
    0x440154, 0x48186A, 0x472D7B, 0x424086, 0x3B528B, 0x33638D, 0x2C728E, 0x26828E, 0x21918C, 0x1FA088, 0x28AE80,
    0x3FBC73, 0x5EC962, 0x84D44B, 0xADDC30, 0xD8E219, 0xFDE725,
  ].map { RGB($0) }
}
