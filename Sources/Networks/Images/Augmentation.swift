internal import COneDNN
import Core
import Numerics

/// Random changes of training images, which differ every time that an image is used.
public struct Augmentation: Codable, Hashable, Sendable {
  /// The greatest shift in pixels in each direction. The edge of the image is mirrored.
  public var crop: Int
  /// Whether images are mirrored horizontally: half of them, chosen at random, in the first epoch and every second one
  /// after it, and the others in the epochs between (Jordan, 2024). So an image and its mirror image are seen equally
  /// often.
  public var flips: Bool
  /// The side in pixels of a square that is greyed out at a random place (DeVries and Taylor, 2017); 0 for none.
  public var cutout: Int

  public init(crop: Int = 4, flips: Bool = true, cutout: Int = 0) {
    self.crop = crop
    self.flips = flips
    self.cutout = cutout
  }

  public static let none = Augmentation(crop: 0, flips: false, cutout: 0)

  func validate(size: Int) throws {
    guard (0..<size).contains(crop), (0...size).contains(cutout) else {
      throw InputError(
        "images of \(size) pixels can't be moved by \(crop) pixels with \(cutout) cut out",
        remedy: "Use numbers from 0 to below the image's size.")
    }
  }

  fileprivate func change(
    _ image: Int, size: Int, isMirrored: Bool, using random: inout SeededGenerator
  ) -> image_change {
    var change = image_change()
    change.image = image
    if crop > 0 {
      change.top = Int32(Int.random(in: -crop...crop, using: &random))
      change.left = Int32(Int.random(in: -crop...crop, using: &random))
    }
    change.flips = flips && isMirrored
    if cutout > 0 {
      let (y, x) = (Int.random(in: 0..<size, using: &random), Int.random(in: 0..<size, using: &random))
      change.cut_top = Int32(max(y - cutout / 2, 0))
      change.cut_bottom = Int32(min(y - cutout / 2 + cutout, size))
      change.cut_left = Int32(max(x - cutout / 2, 0))
      change.cut_right = Int32(min(x - cutout / 2 + cutout, size))
    }
    return change
  }
}

/// Normalised batches of images in one piece of memory.
final class ImageBatch {
  let images: Buffer<Float>
  private(set) var labels: [UInt16] = []
  private let set: ImageSet
  private let normalization: ImageNormalization

  init(_ set: ImageSet, batch: Int, normalization: ImageNormalization) {
    self.set = set
    self.normalization = normalization
    images = Buffer(batch * set.imageBytes, repeating: 0)
  }

  /// - Parameters:
  ///   - numbers: The images of the batch. If there are fewer than the batch size, the last one is repeated.
  ///   - isMirrored: Whether to mirror an image, if the augmentation mirrors images.
  func load(
    _ numbers: ArraySlice<Int>, _ augmentation: Augmentation, isMirrored: (Int) -> Bool,
    using random: inout SeededGenerator
  ) {
    labels = numbers.map { set.labels[$0] }
    let changes = numbers.map {
      augmentation.change($0, size: set.size, isMirrored: isMirrored($0), using: &random)
    }
    prepare(changes)
  }

  /// Loads the images unchanged, or all of them mirrored.
  func load(_ range: Range<Int>, flips: Bool = false) {
    labels = Array(set.labels[range])
    prepare(
      range.map {
        var change = image_change()
        change.image = $0
        change.flips = flips
        return change
      })
  }

  private func prepare(_ changes: [image_change]) {
    var changes = changes
    guard let last = changes.last else { return }
    let batch = images.count / set.imageBytes
    while changes.count < batch { changes.append(last) }
    images_prepare(
      batch, set.pixels, set.size, changes, normalization.mean, normalization.deviation, set.size, images.pointer)
  }
}
