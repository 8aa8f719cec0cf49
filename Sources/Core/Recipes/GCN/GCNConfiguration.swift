extension GCN {
  /// The way in which a graph's node vectors become one vector.
  public enum Readout: String, Codable, Hashable, Sendable, CaseIterable {
    /// The first row of each graph: the global node, which aggregates all others.
    case globalNode
    /// The mean of all rows.
    case mean
    /// The sum of all rows.
    case sum
  }

  /// The shape of a GCN. The defaults are those of BRP-NAS (Dudziak and others, 2020) except for the width, which is
  /// 600 there, and dropout, which is 0.002 there.
  public struct Configuration: Codable, Hashable, Sendable {
    /// The number of graph convolutions, 1 to 1024.
    public var layers: Int
    /// The units of each layer, 1 to 65536.
    public var hiddenUnits: Int
    /// The probability in [0, 1) that a unit's output is 0 while training.
    public var dropout: Double
    /// Whether each node's vector is normalised before the activation.
    public var layerNorm: Bool
    public var readout: Readout

    public init(
      layers: Int = 4, hiddenUnits: Int = 64, dropout: Double = 0, layerNorm: Bool = true,
      readout: Readout = .globalNode
    ) {
      self.layers = layers
      self.hiddenUnits = hiddenUnits
      self.dropout = dropout
      self.layerNorm = layerNorm
      self.readout = readout
    }

    func validate() throws {
      if !(1...1024 ~= layers) {
        throw InputError("a GCN can't have \(layers) layers", remedy: "Use 1 to 1024; four is usual.")
      }
      if !(1...65536 ~= hiddenUnits) {
        throw InputError("a GCN can't have \(hiddenUnits) hidden units", remedy: "Use 1 to 65536; 64 to 600 are usual.")
      }
      if !(dropout >= 0 && dropout <= 0.99) {
        throw InputError("the dropout probability \(dropout) is not between 0 and 0.99", remedy: "0.002 is usual.")
      }
    }
  }
}
