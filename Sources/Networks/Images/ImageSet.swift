import Core
import Foundation

/// Square colour images, each with a class.
public struct ImageSet: Hashable, Sendable {
  /// The names of the classes.
  public var classes: [String]
  /// The height and width in pixels.
  public let size: Int
  /// For each image its red values, row by row from the top, then the green ones, then the blue ones.
  public let pixels: [UInt8]
  /// The class number of each image.
  public let labels: [UInt16]

  public static let channels = 3

  /// - Throws: `InputError` when the counts don't match, or there are more than 65536 classes.
  public init(classes: [String], size: Int, pixels: [UInt8], labels: [UInt16]) throws {
    guard (1...4096).contains(size), pixels.count == labels.count * Self.channels * size * size else {
      throw InputError("\(pixels.count) bytes are not \(labels.count) images of \(size) x \(size) x 3")
    }
    self.init(unchecked: classes, size: size, pixels: pixels, labels: labels)
    try checkLabels()
  }

  /// - Throws: `InputError` unless each label is one of the classes, whose list may have been changed.
  func checkLabels() throws {
    guard classes.count <= Network.classCounts.upperBound else {
      throw InputError(
        "there are \(classes.count) classes", remedy: "Use at most \(Network.classCounts.upperBound).")
    }
    if let index = labels.firstIndex(where: { Int($0) >= classes.count }) {
      throw InputError(
        "image \(index) is of class \(labels[index]), but there are \(classes.count) classes",
        remedy: "Classes count from 0.")
    }
  }

  public var count: Int { labels.count }

  /// The number of bytes of one image.
  var imageBytes: Int { Self.channels * size * size }

  /// The first images, at most `count`.
  public func first(_ count: Int) -> ImageSet { self[0..<min(max(count, 0), self.count)] }

  /// A range of the images.
  /// - Precondition: The range is within `0..<count`.
  public subscript(range: Range<Int>) -> ImageSet {
    let bytes = Array(pixels[range.lowerBound * imageBytes..<range.upperBound * imageBytes])
    return ImageSet(unchecked: classes, size: size, pixels: bytes, labels: Array(labels[range]))
  }

  private init(unchecked classes: [String], size: Int, pixels: [UInt8], labels: [UInt16]) {
    self.classes = classes
    self.size = size
    self.pixels = pixels
    self.labels = labels
  }

  /// The mean and standard deviation of the channels, for values from 0 to 1.
  public var normalization: ImageNormalization {
    var sums = [0, 0, 0]
    var squares = [0, 0, 0]
    let positions = size * size
    pixels.withUnsafeBufferPointer { pixels in
      for image in 0..<count {
        for channel in 0..<Self.channels {
          let start = (image * Self.channels + channel) * positions
          for index in start..<start + positions {
            let value = Int(pixels[index])
            sums[channel] += value
            squares[channel] += value * value
          }
        }
      }
    }
    let number = Double(max(count * positions, 1))
    let means = sums.map { Double($0) / number }
    let deviations = zip(squares, means).map { max((Double($0) / number - $1 * $1).squareRoot(), 1) }
    return ImageNormalization(mean: means.map { Float($0 / 255) }, deviation: deviations.map { Float($0 / 255) })
  }
}

/// The number that is subtracted from each of a pixel's channels, for values from 0 to 1, and the divisor of the
/// rest.
public struct ImageNormalization: Codable, Hashable, Sendable {
  /// The means of red, green and blue.
  public var mean: [Float]
  public var deviation: [Float]

  public init(mean: [Float], deviation: [Float]) {
    self.mean = mean
    self.deviation = deviation
  }

  /// - Throws: `InputError` unless there is a mean and a positive deviation for each channel.
  func validate() throws {
    let channels = ImageSet.channels
    guard mean.count == channels, deviation.count == channels, mean.allSatisfy(\.isFinite),
      deviation.allSatisfy({ $0 > 0 && $0.isFinite })
    else {
      throw InputError(
        "images can't be normalised with the means \(mean) and the deviations \(deviation)",
        remedy:
          "Give three means and three positive deviations: those of the training images are trained.normalization.")
    }
  }
}
