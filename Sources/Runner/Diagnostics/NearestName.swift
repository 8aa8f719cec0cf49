/// The name among `names` that `name` was probably meant to be: the least edit distance (insertions, deletions,
/// substitutions and swaps of neighbours), if that is at most a third of the longer name's length.
func nearestName(to name: String, among names: some Sequence<String>) -> String? {
  names
    .map { (name: $0, distance: editDistance(name, $0)) }
    .filter { $0.distance * 3 <= max(name.count, $0.name.count) }
    .min { ($0.distance, $0.name) < ($1.distance, $1.name) }?.name
}

private func editDistance(_ a: String, _ b: String) -> Int {
  let a = Array(a.lowercased())
  let b = Array(b.lowercased())
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
