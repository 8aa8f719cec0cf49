import Core

extension ImageSet {
  /// The same images at a lower resolution: each new pixel is the mean over the area that it covers.
  ///
  /// ```swift
  /// let small = try cifar.training.resized(to: 16)
  /// ```
  /// Training on smaller images first takes a quarter of the time at half the size, and the weights can be used for
  /// larger images.
  ///
  /// - Parameter newSize: The height and width in pixels.
  /// - Throws: `InputError` when the size isn't between 1 and the present size.
  public func resized(to newSize: Int) throws -> ImageSet {
    guard (1...size).contains(newSize) else {
      throw InputError(
        "images of \(size) pixels can't be reduced to \(newSize)", remedy: "Use 1 to \(size): images aren't enlarged.")
    }
    if newSize == size { return self }
    // The unit is 1 / newSize of a pixel, so all shares are whole numbers and their sum is size x size.
    let shares = (0..<newSize).map { index in
      let (start, end) = (index * size, (index + 1) * size)
      return (start / newSize...(end - 1) / newSize).map { source in
        (source, min(end, (source + 1) * newSize) - max(start, source * newSize))
      }
    }
    let area = size * size
    var result = [UInt8](repeating: 0, count: count * Self.channels * newSize * newSize)
    pixels.withUnsafeBufferPointer { pixels in
      result.withUnsafeMutableBufferPointer { result in
        for plane in 0..<count * Self.channels {
          for (y, rows) in shares.enumerated() {
            for (x, columns) in shares.enumerated() {
              var sum = 0
              for (row, height) in rows {
                let start = (plane * size + row) * size
                for (column, width) in columns { sum += height * width * Int(pixels[start + column]) }
              }
              // bounded: a mean of bytes
              result[(plane * newSize + y) * newSize + x] = UInt8(truncatingIfNeeded: (sum + area / 2) / area)
            }
          }
        }
      }
    }
    return try ImageSet(classes: classes, size: newSize, pixels: result, labels: labels)
  }
}
