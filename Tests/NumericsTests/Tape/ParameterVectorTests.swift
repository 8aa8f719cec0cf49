import Testing

@testable import Numerics

@Suite struct ParameterVectorTests {
  private func message(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "no error"
    } catch { return "\(error)" }
  }

  @Test func tensorsStandOneBehindTheOther() throws {
    var layout = ParameterLayout()
    let layer = Linear("layer", inputs: 4, outputs: 3, layerNorm: true, in: &layout)
    let table = Embedding("codes", count: 2, width: 4, in: &layout)
    #expect(
      layout.tensors.map(\.name) == [
        "layer.weight", "layer.bias", "layer.norm.scale", "layer.norm.shift", "codes.table",
      ])
    #expect(layout.tensors.map(\.range) == [0..<12, 12..<15, 15..<18, 18..<21, 21..<29])
    #expect(layout.count == 29)
    let values = ParameterVector(layout, seed: 3).values
    #expect(values == ParameterVector(layout, seed: 3).values)
    #expect(values != ParameterVector(layout, seed: 4).values)
    #expect(layer.weight.range.allSatisfy { abs(values[$0]) <= 0.5 })
    #expect(Array(values[12..<21]) == [0, 0, 0, 1, 1, 1, 0, 0, 0])
    #expect(table.table.range.allSatisfy { abs(values[$0]) <= 0.5 })
    #expect(try ParameterVector(layout, values: values.map(Float.init)).values == values)
  }

  @Test func whatDoesNotFitIsAnError() {
    var layout = ParameterLayout()
    _ = Linear("layer", inputs: 4, outputs: 3, in: &layout)
    #expect(
      message { _ = try ParameterVector(layout, values: [1, 2]) } == """
        ParameterVector: 2 values were given for 15 parameters
          Use the layout with which they were made.
        """)
    #expect(
      message { _ = try Tape(precision: .double).bind(ParameterVector(layout, seed: 1)) } == """
        bind: parameters in single precision can't be used on a tape in double precision
          Use the same precision for both.
        """)
    #expect(
      message { _ = try Tape().bind(ParameterVector(layout, seed: 1)).moved(against: [], rate: 1) } == """
        moved: 0 gradients were given for 2 tensors
          Request the gradients of all variables.
        """)
  }
}
