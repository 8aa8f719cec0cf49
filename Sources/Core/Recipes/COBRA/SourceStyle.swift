/// A style in which nodes of a network are written as lines of source text.
public struct SourceStyle: Codable, Hashable, Sendable {
  /// The form of a line.
  public enum Form: String, Codable, Hashable, Sendable, CaseIterable {
    /// `y = nn.conv(16, 32, kernel_size=3, stride=2)(x)  # 32, 16, 16`
    case module
    /// `y = F.conv(x, in_channels=16, out_channels=32, kernel=3, stride=2)  # 32, 16, 16`
    case function
    /// `y = conv(kernel=(3, 3), strides=(2, 2), channels=(16, 32)).forward(x)  # 32, 16, 16`
    case tuples
    /// `y = nn.conv(16, 32, 3, 2)(x)  # 32, 16, 16`, where a stride of 1 is left out
    case short
  }

  public var form: Form
  /// The names of the line's input and output.
  public var input: String
  public var output: String

  public init(_ form: Form, input: String = "x", output: String = "y") {
    self.form = form
    self.input = input
    self.output = output
  }

  /// The line, followed by the shape of the output as far as it is known.
  public func line(of node: Node) -> String {
    let name = node.operation.rawValue
    let (kernel, stride) = (node[.kernel], node[.stride])
    let channels = (node[.inputChannels], node[.outputChannels])
    func joined(_ parts: [String?]) -> String { parts.compactMap(\.self).joined(separator: ", ") }
    func named(_ key: String, _ value: Int?) -> String? { value.map { "\(key)=\($0)" } }
    func pair(_ key: String, _ first: Int?, _ second: Int?) -> String? {
      let values = [first, second].compactMap(\.self)
      return values.isEmpty ? nil : "\(key)=(\(values.map { "\($0)" }.joined(separator: ", ")))"
    }
    func plain(_ value: Int?) -> String? { value.map { "\($0)" } }
    let groups = named("groups", node[.groups])
    let call =
      switch form {
      case .module:
        "nn.\(name)("
          + joined([
            plain(channels.0), plain(channels.1), named("kernel_size", kernel), named("stride", stride), groups,
          ]) + ")(\(input))"
      case .function:
        "F.\(name)("
          + joined([
            input, named("in_channels", channels.0), named("out_channels", channels.1), named("kernel", kernel),
            named("stride", stride), groups,
          ]) + ")"
      case .tuples:
        "\(name)("
          + joined([
            pair("kernel", kernel, kernel), pair("strides", stride, stride), pair("channels", channels.0, channels.1),
            groups,
          ]) + ").forward(\(input))"
      case .short:
        "nn.\(name)("
          + joined([plain(channels.0), plain(channels.1), plain(kernel), stride == 1 ? nil : plain(stride), groups])
          + ")(\(input))"
      }
    let shape = joined([plain(node[.outputChannels]), plain(node[.height]), plain(node[.width])])
    return "\(output) = \(call)" + (shape.isEmpty ? "" : "  # \(shape)")
  }
}

extension String {
  /// The tokens of source text: each group of letters, each digit and each other character; no spaces.
  var sourceTokens: [String] {
    var tokens: [String] = []
    var joins = false
    for character in self {
      let isLetter = character.isLetter
      if isLetter, joins {
        tokens[tokens.count - 1].append(character)
      } else if !character.isWhitespace {
        tokens.append(String(character))
      }
      joins = isLetter
    }
    return tokens
  }
}
