/// A line of output from the agent. The event determines which values it has.
struct AgentMessage: Decodable {
  var event: String
  var model: String?
  /// The id in the request.
  var id: String?
  var round: Int?
  var reason: String?
  var missing: [String]?
  var texts: [String: String]?
  var numbers: [String: Double]?
  var runtimes: [String: String]?
  var lacking: [String: String]?
  var managed: Bool?
  var processors: [Int]?
  var files: Int?
  var bytes: Int?
  var seconds: Double?

  // Values of a visit.
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

  /// The files that a conversion made.
  var paths: [String]?

  // The number of models that are prepared, of how many.
  var done: Int?
  var of: Int?

  // Values while it waits.
  var by: [String]?
  var patience: Double?

  // Values of a profile: nanoseconds of whole runs without and with the profiler.
  var plain: [Int]?
  var profiled: [Int]?
  var operators: [Operator]?

  /// An operator as `[name, type, nanoseconds, start in nanoseconds]`.
  struct Operator: Decodable {
    var name: String
    var type: String
    var nanoseconds: Double
    var start: Double?

    init(name: String, type: String, nanoseconds: Double, start: Double? = nil) {
      (self.name, self.type, self.nanoseconds, self.start) = (name, type, nanoseconds, start)
    }

    init(from decoder: any Decoder) throws {
      var list = try decoder.unkeyedContainer()
      name = try list.decode(String.self)
      type = try list.decode(String.self)
      nanoseconds = try list.decode(Double.self)
      start = list.isAtEnd ? nil : try list.decode(Double.self)
    }
  }
}

/// A request to the agent: a JSON object.
struct AgentRequest: Encodable {
  /// A model to run.
  struct Visit: Encodable {
    /// The model's name in the cache: its SHA-256 and suffix.
    var model: String
    /// The id, which the answer repeats.
    var id: String
    var round: Int?
    /// The least and the greatest number of timed runs.
    var runs: Int
    var most: Int = 1000
    /// The least ratio of the time of timed and warm-up runs to the time of loading.
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
  /// The paths of models on this machine, by their names in the cache.
  var links: [String: String]?
  /// The stamps of these files when their digests were computed: number, size, and the time of the last change in
  /// seconds and nanoseconds.
  var stamps: [String: [Int]]?
  var setup: Setup?
  var visits: [Visit]?
  /// The kind of visits: "profile" for profiles.
  var how: String?
  /// Whether models are prepared one at a time, each in its visit.
  var alone: Bool?
  /// The time limit of a model, in seconds.
  var limit: Double?
  /// The time limit of a model's conversion, in seconds; nil for the agent's ten minutes.
  var conversion: Double?
  /// The seconds without a line from Labbook after which the agent ends.
  var silence: Double?

  init(_ name: String) { `do` = name }
}
