import Numerics

/// The kernel a exp(-1/2 |(x - x') / l|^2) + b x x' / d, and the noise.
struct RelevanceKernel: Codable, Hashable, Sendable {
  /// The logarithms of a, b, the noise, and the d inverse length scales 1 / l.
  let logarithms: [Double]
  let amplitude: Double
  let slope: Double
  let noise: Double
  let inverseLengths: [Double]

  init(logarithms: [Double]) {
    self.logarithms = logarithms
    amplitude = CorrectlyRounded.exp(logarithms[0])
    slope = CorrectlyRounded.exp(logarithms[1]) / Double(max(logarithms.count - 3, 1))
    noise = CorrectlyRounded.exp(logarithms[2]) + 1e-6
    inverseLengths = logarithms.dropFirst(3).map { CorrectlyRounded.exp($0) }
  }

  func value(_ left: [Double], _ right: [Double]) -> Double {
    let (similarity, product) = parts(left, right)
    return amplitude * similarity + slope * product
  }

  /// The exponential, and the product x x'.
  func parts(_ left: [Double], _ right: [Double]) -> (similarity: Double, product: Double) {
    var distance = 0.0
    var product = 0.0
    for column in inverseLengths.indices {
      let difference = (left[column] - right[column]) * inverseLengths[column]
      distance += difference * difference
      product += left[column] * right[column]
    }
    return (CorrectlyRounded.exp(-distance / 2), product)
  }

  /// The kernel between eight rows, one in each lane of `left`, and another row. Every lane has the same bits as by
  /// `value` of its row alone.
  func values(_ left: [SIMD8<Double>], _ right: [Double]) -> SIMD8<Double> {
    var distance = SIMD8<Double>.zero
    var product = SIMD8<Double>.zero
    for column in inverseLengths.indices {
      let difference = (left[column] - right[column]) * inverseLengths[column]
      distance += difference * difference
      product += left[column] * right[column]
    }
    var similarity = SIMD8<Double>.zero
    for lane in similarity.indices { similarity[lane] = CorrectlyRounded.exp(-distance[lane] / 2) }
    return amplitude * similarity + slope * product
  }

  /// The covariance between all rows, with the noise: the lower triangle in row-major order.
  func covariance(_ rows: [[Double]]) -> [Double] {
    var result = [Double](repeating: 0, count: rows.count * rows.count)
    for row in rows.indices {
      for column in 0...row { result[row * rows.count + column] = value(rows[row], rows[column]) }
      result[row * rows.count + row] += noise
    }
    return result
  }
}

/// Searches the kernel that maximises the likelihood of the targets. A weak prior keeps the logarithms near their
/// starting values.
struct RelevanceSearch {
  let rows: [[Double]]
  let targets: [Double]

  /// - Parameter start: The number of the starting point, from 0. Length scales are sqrt(d), then twice and half as
  ///   long.
  func mostProbable(start: Int, steps: Int) -> (logarithms: [Double], loss: Double) {
    let width = rows.first?.count ?? 0
    let length = [1, 2, 0.5][start % 3] * Double(max(width, 1)).squareRoot() * (1 + Double(start / 3))
    let centre = [0, 0, CorrectlyRounded.log(0.05)] + [Double](repeating: -CorrectlyRounded.log(length), count: width)
    var point = centre
    var best = (logarithms: centre, loss: Double.infinity)
    var means = [Double](repeating: 0, count: centre.count)
    var squares = means
    for step in 0...steps {
      guard let (loss, gradient) = evaluate(point, centre) else { break }
      if loss < best.loss { best = (point, loss) }
      // Adam (Kingma and Ba, 2015) with a decreasing learning rate.
      let rate = 0.15 * Double(steps - step) / Double(max(steps, 1))
      for index in point.indices {
        means[index] = 0.9 * means[index] + 0.1 * gradient[index]
        squares[index] = 0.99 * squares[index] + 0.01 * gradient[index] * gradient[index]
        let mean = means[index] / (1 - CorrectlyRounded.pow(0.9, Double(step + 1)))
        let square = squares[index] / (1 - CorrectlyRounded.pow(0.99, Double(step + 1)))
        point[index] -= rate * mean / (square.squareRoot() + 1e-8)
      }
    }
    return best
  }

  /// The negative log likelihood and its gradient, 1/2 tr((K^-1 - w w') dK) with w = K^-1 y; nil if it can't be
  /// computed.
  func evaluate(_ point: [Double], _ centre: [Double]) -> (loss: Double, gradient: [Double])? {
    let kernel = RelevanceKernel(logarithms: point)
    let count = rows.count
    guard
      let posterior = GaussianPosterior(covariance: kernel.covariance(rows), targets: targets),
      posterior.negativeLogLikelihood.isFinite
    else { return nil }
    let inverse = posterior.inverseCovariance
    var loss = posterior.negativeLogLikelihood
    var gradient = [Double](repeating: 0, count: point.count)
    for row in 0..<count {
      for column in 0...row {
        let twice = row == column ? 0.5 : 1
        let factor = twice * (inverse[row * count + column] - posterior.weights[row] * posterior.weights[column])
        let (similarity, product) = kernel.parts(rows[row], rows[column])
        let near = factor * kernel.amplitude * similarity
        gradient[0] += near
        gradient[1] += factor * kernel.slope * product
        if row == column {
          gradient[2] += factor * (kernel.noise - 1e-6)
          continue
        }
        for index in kernel.inverseLengths.indices {
          let difference = (rows[row][index] - rows[column][index]) * kernel.inverseLengths[index]
          gradient[3 + index] -= near * difference * difference
        }
      }
    }
    // The prior of the logarithms is normal around the starting point, with standard deviation 2.
    for index in point.indices {
      let distance = point[index] - centre[index]
      loss += distance * distance / 8
      gradient[index] += distance / 4
    }
    return (loss, gradient)
  }
}
