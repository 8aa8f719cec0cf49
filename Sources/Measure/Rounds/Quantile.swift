/// The quantile by linear interpolation between the two nearest values (type 7 of Hyndman and Fan, 1996).
/// - Parameter values: The values in any order, at least one.
func quantile(_ part: Double, of values: [Double]) -> Double {
  let sorted = values.sorted()
  guard let last = sorted.last else { return .nan }
  let position = part * Double(sorted.count - 1)
  let below = Int(position)  // bounded: by the count, as `part` lies between 0 and 1
  guard below + 1 < sorted.count else { return last }
  return sorted[below] + (position - Double(below)) * (sorted[below + 1] - sorted[below])
}

func median(_ values: [Double]) -> Double { quantile(0.5, of: values) }

func mean(_ values: some Collection<Double>) -> Double { values.reduce(0, +) / Double(values.count) }
