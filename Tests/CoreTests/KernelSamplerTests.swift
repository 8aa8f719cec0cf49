import Foundation
import Numerics
import Testing

@testable import Core

@Suite struct KernelSamplerTests {
  /// Kernels as in CNNs: smaller maps have more channels, 16 to 256, and few windows are larger than 3.
  private static let known: [Kernel] = {
    var random = SeededGenerator(seed: 2)
    return (0..<120).map { _ in
      let stage = Int.random(in: 0..<5, using: &random)
      let channels = (16 << stage) + Int.random(in: 0..<(8 << stage), using: &random)
      let node = Node(
        .convolution, kernel: random.uniform() < 0.8 ? 3 : 1, stride: 1, inputChannels: channels,
        outputChannels: channels, height: 64 >> stage, width: 64 >> stage)
      return Kernel([node, Node(.relu, outputChannels: channels, height: 64 >> stage, width: 64 >> stage)])
    }
  }()

  @Test func drawsWhatIsLikeTheKnownOnes() throws {
    let sampler = try KernelSampler(Self.known, units: 64, steps: 800, seed: 1)
    let drawn = try sampler.sample(200)
    #expect(drawn.count == 200 && Set(drawn).count == 200)
    #expect(Set(drawn).isDisjoint(with: Self.known))
    #expect(try sampler.sample(200) == drawn, "the same bits again")
    for kernel in drawn {
      let node = kernel.nodes[0]
      #expect([4, 8, 16, 32, 64].contains(node[.height] ?? 0) && node[.width] == node[.height])
      #expect([1, 3].contains(node[.kernel] ?? 0) && node[.stride] == 1)
      // The fused nodes have the sizes of the node that they are fused with.
      #expect(kernel.nodes.count == 2 && kernel.nodes[1][.outputChannels] == node[.outputChannels])
    }
    // Along the known kernels the number of elements varies by a factor of 4, from 64 x 64 with 20 channels to 4 x 4
    // with 320. With independent channels and heights it would vary by far more.
    let spread = Self.known.map(Self.logarithm)
    let range = (spread.min() ?? 0) - 1...(spread.max() ?? 0) + 1
    #expect(drawn.count { range.contains(Self.logarithm($0)) } > 180)
    // The sampler draws kernels of all stages.
    #expect(Set(drawn.compactMap { $0.nodes[0][.height] }).count >= 4)
  }

  /// The logarithm of channels times height, which is nearly the same for all known kernels.
  private static func logarithm(_ kernel: Kernel) -> Double {
    let node = kernel.nodes[0]
    return CorrectlyRounded.log(Double((node[.outputChannels] ?? 1) * (node[.height] ?? 1)))
  }

  @Test func aLossThatIsNoNumberIsAnError() throws {
    let error = #expect(throws: InputError.self) {
      _ = try KernelSampler(Self.known, units: 4, steps: 3, divergence: 1e300, seed: 1)
    }
    #expect(error?.cause.contains(/^the sampler's loss is (inf|nan) in step 1$/) == true)
    #expect(error?.remedy == "Use a smaller weight of the divergence; 0.1 is usual.")
  }

  @Test func whatItCanNotLearnFrom() throws {
    #expect(
      try message { _ = try KernelSampler(Array(Self.known.prefix(3)), seed: 1) } == """
        a sampler can't learn from 3 different kernels of the families ["conv"] with 256 units, 1500 steps and the \
        divergence 0.1
          Give at least 10 of one family; 256, 1500 and 0.1 are usual.
        """)
    let bare = (1...12).map { Kernel([Node(.convolution, kernel: $0)]) }
    #expect(
      try message { _ = try KernelSampler(bare, seed: 1) } == """
        a kernel "conv" has no height
          Give the first node all its sizes.
        """)
    let flat = Kernel([
      Node(.convolution, kernel: 3, stride: 1, inputChannels: 8, outputChannels: 8, height: 0, width: 1)
    ])
    #expect(
      try message { _ = try KernelSampler(Self.known + [flat], seed: 1) } == """
        a size of the kernel "conv" is below 1 or above 2147483646
          Give its nodes the sizes that they have in networks.
        """)
    #expect(
      try message { _ = try KernelSampler(Self.known, divergence: .infinity, seed: 1) }.contains("the divergence inf\n")
    )
  }
}
