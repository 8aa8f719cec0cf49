/// The name among `names` that `name` was probably meant to be; nil when none is similar. It has the least edit
/// distance (insertions, deletions, replacements and swaps of neighbours), which is at most a third of the length of
/// `name` (and at least one). Letter case is ignored.
public func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased())
  let limit = max(1, wanted.count / 3)
  return names.lazy
    .map { (name: $0, distance: editDistance(wanted, Array($0.lowercased()))) }
    .filter { $0.distance <= limit }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?
    .name
}

/// The optimal string alignment distance.
private func editDistance(_ left: [Character], _ right: [Character]) -> Int {
  var beforeLast: [Int] = []
  var last = Array(0...right.count)
  for row in 0..<left.count {
    var current = [row + 1]
    for column in 0..<right.count {
      var distance = min(last[column + 1], current[column]) + 1
      distance = min(distance, last[column] + (left[row] == right[column] ? 0 : 1))
      if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
        distance = min(distance, beforeLast[column - 1] + 1)
      }
      current.append(distance)
    }
    beforeLast = last
    last = current
  }
  return last[right.count]
}

/// `names` as a phrase for an error message: in quotes and in order, the first `limit` of them and the number of the
/// others.
func quotedList(_ names: [String], limit: Int = 12) -> String {
  let head = names.prefix(limit).map { "\"\($0)\"" }.joined(separator: ", ")
  return names.count > limit ? "\(head) and \(names.count - limit) more" : head
}

extension InputError {
  /// The remedy for a name that isn't one of `names`: the most similar name if there is one, and all names.
  package static func remedy(unknown name: String, among names: [String], called noun: String) -> String {
    let nearest = nearestName(to: name, among: names).map { "Did you mean \"\($0)\"? " } ?? ""
    return names.isEmpty ? "There are no \(noun)." : "\(nearest)The \(noun) are \(quotedList(names))."
  }

  /// The same error, at `place` unless it already has one.
  package func at(_ place: Place?) -> InputError {
    InputError(cause, at: self.place ?? place, remedy: remedy)
  }
}
