/// The median latency of a measurement so far, for observers: the median of the models' medians, whose visits are of
/// this measurement or of earlier ones.
struct RunningMedian {
  /// The median of each visit of a model, in milliseconds.
  private var visits: [String: [Double]] = [:]
  private var models: [String: Double] = [:]

  init(_ visits: [Visit] = []) {
    for visit in visits { add(visit) }
  }

  mutating func add(_ visit: Visit) {
    visits[visit.id, default: []].append(median(visit.milliseconds))
    models[visit.id] = median(visits[visit.id] ?? [])
  }

  /// The median in milliseconds; NaN without visits.
  var value: Double { median(Array(models.values)) }
}
