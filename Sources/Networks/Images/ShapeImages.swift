import Core
import Numerics

extension ImageSet {
  /// Drawn images of ten kinds of shapes, with random colours, places and sizes on random backgrounds. They are for
  /// training without a data set.
  ///
  /// - Parameters:
  ///   - count: The number of images. Classes alternate.
  ///   - size: The height and width in pixels, 8 to 256.
  ///   - seed: The seed. The same seed gives the same images; the default in a notebook is the cell's seed.
  /// - Throws: `InputError` when count or size is invalid, or the images would take more than 4 GiB.
  public static func shapes(
    _ count: Int, size: Int = 32, seed: UInt64 = TrainingContext.current.seed
  ) throws -> ImageSet {
    guard count > 0, count <= 1_000_000, (8...256).contains(size), count * channels * size * size <= 1 << 32 else {
      throw InputError(
        "\(count) shapes of \(size) pixels can't be drawn",
        remedy: "Draw 1 to 1000000 of 8 to 256 pixels, which take at most 4 GiB.")
    }
    var random = SeededGenerator(seed: seed)
    var pixels: [UInt8] = []
    pixels.reserveCapacity(count * channels * size * size)
    for index in 0..<count {
      pixels += draw(ShapeKind.allCases[index % ShapeKind.allCases.count], size: size, using: &random)
    }
    let labels = (0..<count).map { UInt16($0 % ShapeKind.allCases.count) }
    return try ImageSet(classes: ShapeKind.allCases.map(\.rawValue), size: size, pixels: pixels, labels: labels)
  }

  private static func draw(_ kind: ShapeKind, size: Int, using random: inout SeededGenerator) -> [UInt8] {
    let half = Double(size) / 2
    let radius = half * (0.5 + 0.35 * random.uniform())
    let (x0, y0) = (half + 0.25 * half * (2 * random.uniform() - 1), half + 0.25 * half * (2 * random.uniform() - 1))
    let ground = (0..<channels).map { _ in 255 * random.uniform() }
    // The colour differs from the background in every channel by at least a quarter.
    let colour = ground.map { value in
      let step = 64 + 100 * random.uniform()
      return value + step > 255 || (value > 128 && random.uniform() < 0.5) ? max(value - step, 0) : value + step
    }
    var pixels = [UInt8](repeating: 0, count: channels * size * size)
    for row in 0..<size {
      for column in 0..<size {
        let isInside = kind.contains((Double(column) - x0) / radius, (Double(row) - y0) / radius)
        for channel in 0..<channels {
          let value = (isInside ? colour : ground)[channel] + 24 * (random.uniform() - 0.5)
          // bounded: from 0 to 255, and made of finite brightness.
          pixels[(channel * size + row) * size + column] = UInt8(max(0, min(255, value)))
        }
      }
    }
    return pixels
  }
}

/// The kinds of shapes, in coordinates from -1 to 1 with y downwards.
enum ShapeKind: String, CaseIterable {
  case disc, ring, square, frame, triangle, diamond, plus, cross, bars, columns

  func contains(_ x: Double, _ y: Double) -> Bool {
    let (ax, ay) = (abs(x), abs(y))
    let square = max(ax, ay) <= 0.85
    let distance = x * x + y * y
    switch self {
    case .disc: return distance <= 1
    case .ring: return distance <= 1 && distance >= 0.4
    case .square: return square
    case .frame: return square && max(ax, ay) >= 0.5
    case .triangle: return y <= 0.8 && y >= -0.9 && ax <= (y + 0.9) * 0.55
    case .diamond: return ax + ay <= 1
    case .plus: return square && min(ax, ay) <= 0.25
    case .cross: return square && abs(ax - ay) <= 0.33
    case .bars: return square && ay.truncatingRemainder(dividingBy: 0.6) < 0.3
    case .columns: return square && ax.truncatingRemainder(dividingBy: 0.6) < 0.3
    }
  }
}
