/// k-medoids clustering: chooses the k members of a set with the least sum of distances from each member to the
/// nearest of them.
public enum Medoids {
  /// The medoids are chosen greedily, each where it lowers the sum most, and then exchanged for other members as long
  /// as this lowers the sum (PAM: Kaufman and Rousseeuw, 1987). Of equally good members the first is taken.
  ///
  /// - Parameters:
  ///   - count: The number of medoids. With fewer members, all of them are chosen.
  ///   - size: The number of members.
  ///   - distance: The distance of two members, at least 0.
  /// - Returns: The indices of the medoids, ascending.
  public static func choose(_ count: Int, of size: Int, distance: (Int, Int) -> Double) -> [Int] {
    guard size > 0, count > 0 else { return [] }
    if count >= size { return Array(0..<size) }
    let distances = (0..<size).map { row in (0..<size).map { distance(row, $0) } }
    var nearest = [Double](repeating: .infinity, count: size)
    var chosen: [Int] = []
    func sum(with candidate: Int, _ nearest: [Double]) -> Double {
      (0..<size).reduce(0) { $0 + min(nearest[$1], distances[candidate][$1]) }
    }
    for _ in 0..<count {
      var best: (member: Int, sum: Double)?
      for candidate in 0..<size where !chosen.contains(candidate) {
        let sum = sum(with: candidate, nearest)
        if sum < best?.sum ?? .infinity { best = (candidate, sum) }
      }
      guard let best else { break }
      chosen.append(best.member)
      for member in 0..<size { nearest[member] = min(nearest[member], distances[best.member][member]) }
    }
    var total = nearest.reduce(0, +)
    for _ in 0..<mostExchanges {
      var best: (place: Int, member: Int, sum: Double)?
      for place in chosen.indices {
        var others = [Double](repeating: .infinity, count: size)
        for (other, member) in chosen.enumerated() where other != place {
          for index in 0..<size { others[index] = min(others[index], distances[member][index]) }
        }
        for candidate in 0..<size where !chosen.contains(candidate) {
          let sum = sum(with: candidate, others)
          if sum < best?.sum ?? total * (1 - 1e-12) { best = (place, candidate, sum) }
        }
      }
      guard let best else { break }
      chosen[best.place] = best.member
      total = best.sum
    }
    return chosen.sorted()
  }

  private static let mostExchanges = 100
}
