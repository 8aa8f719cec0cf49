/// A line that the agent says; which of the values it has depends on the event.
struct AgentMessage: Decodable {
  var event: String
  var model: String?
  /// As the request had it.
  var id: String?
  var round: Int?
  var reason: String?
  var missing: [String]?
  var texts: [String: String]?
  var numbers: [String: Double]?
  var runtimes: [String: String]?
  var processors: [Int]?
  var files: Int?
  var bytes: Int?
  var seconds: Double?

  // Of a visit.
  var load: Int?
  var warm: [Int]?
  var runs: [Int]?
  var stalled: Int?
  var others: Double?
  var steal: Double?
  var probe: Int?
  var clock: [Int]?
  var heat: Double?
  var spoilt: [String]?
  var waiting: Double?
  var wall: Int?

  /// Of a conversion: the files that it made.
  var paths: [String]?

  // While it waits.
  var by: [String]?
  var patience: Double?

  // Of a profile: nanoseconds of whole runs without and with the profiler.
  var plain: [Int]?
  var profiled: [Int]?
  var operators: [Operator]?

  /// `[name, type, nanoseconds]`.
  struct Operator: Decodable {
    var name: String
    var type: String
    var nanoseconds: Double

    init(name: String, type: String, nanoseconds: Double) {
      (self.name, self.type, self.nanoseconds) = (name, type, nanoseconds)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      type = try list.decode(String.self)
      nanoseconds = try list.decode(Double.self)
    }
  }
}

/// A request to the agent: a JSON object.
struct AgentRequest: Encodable {
  /// A model that is to be run.
  struct Visit: Encodable {
    /// Its name in the cache: SHA-256 and suffix.
    var model: String
    /// The answer has it again.
    var id: String
    var round: Int?
    /// The least and the greatest number of timed runs.
    var runs: Int
    var most: Int = 1000
    /// Timed and warm-up runs take this many times as long as loading.
    var factor: Double = 0
  }

  struct Setup: Encodable {
    var runtime: String
    var threads: Int
    var processors: [Int]?
    var memory: Int?
    var options: [String: String]
    var quiet: Double
    var patience: Double
  }

  var `do`: String
  var models: [String]?
  var model: String?
  var bytes: Int?
  var setup: Setup?
  var visits: [Visit]?
  /// "profile" where visits are profiles.
  var how: String?
  /// Seconds that a model may take.
  var limit: Double?

  init(_ name: String) { `do` = name }
}
