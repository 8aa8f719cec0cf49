import Core
import Numerics

@testable import Networks

/// What PyTorch computes; printed by `Tests/Reference/networks_torch.py numbers`.
enum PyTorchNumbers {
  struct Case {
    var widths: [Int]
    var blocks: Int
    var point: String
    var testLogits: [Float]
    var trainingLogits: [Float]
    var loss: Double
    /// Of the gradients by weight.
    var gradientNorms: [String: Double]
    var stemMean: Float
    var stemVariance: Float
  }

  /// Weights that need no file: the k-th number of a tensor is a hash of k and the tensor's name.
  static func weights(_ network: Network) -> NetworkWeights {
    var tensors: [String: NetworkWeights.Tensor] = [:]
    for parameter in network.parameters + network.statistics {
      let seed = parameter.name.unicodeScalars.reduce(0) { $0 + Int($1.value) }
      let isScale = parameter.name.contains("bn") && parameter.name.hasSuffix("weight")
      let fan = parameter.shape.dropFirst().reduce(1, *)
      let values = (0..<parameter.count).map { index -> Float in
        let value = Double((index * 7919 + seed * 104_729) % 1009) / 1009 - 0.5
        if parameter.shape.count > 1 { return Float(value * 4 / Double(fan).squareRoot()) }
        return Float(isScale || parameter.name.hasSuffix("running_var") ? value * 0.5 + 1 : value * 0.2)
      }
      tensors[parameter.name] = NetworkWeights.Tensor(shape: parameter.shape, values: values)
    }
    return NetworkWeights(tensors: tensors)
  }

  /// Two normalised images.
  static func images(_ size: Int) -> Buffer<Float> {
    let images = Buffer<Float>(2 * 3 * size * size, repeating: 0)
    for index in 0..<images.count { images.pointer[index] = Float(index * 31 % 257) / 128 - 1 }
    return images
  }

  static let cases = [
    Case(
      widths: [8, 16], blocks: 2, point: "8 - | 16 8",
      testLogits: [
        0.3492526, -0.3244054, 0.2422531, -0.1574455, -0.0235137, 0.07053089, -0.3447909, 0.2850729, -0.07612327,
        0.2905352, 0.3608249, -0.3366098, 0.2592024, -0.1449397, -0.0398424, 0.07946795, -0.3695357, 0.2967097,
        -0.08944544, 0.3063667,
      ],
      trainingLogits: [
        -0.3976341, 0.09413486, 0.2333661, -0.3291214, 0.4290869, -0.7169438, 0.392831, -0.8881927, 0.5048363,
        0.4440674, -0.3413277, 0.1466572, 0.1882995, -0.1490504, 0.2824878, -0.6518231, 0.1844967, -0.8851692,
        0.5477759, 0.3894182,
      ],
      loss: 2.278628,
      gradientNorms: [
        "stem.conv.weight": 1.26939, "stem.bn.weight": 0.176729, "stem.bn.bias": 0.139176,
        "stages.0.0.conv1.weight": 1.25639, "stages.0.0.bn1.weight": 0.141672, "stages.0.0.bn1.bias": 0.111789,
        "stages.0.0.conv2.weight": 0.957888, "stages.0.0.bn2.weight": 0.0960977, "stages.0.0.bn2.bias": 0.0694587,
        "stages.1.0.conv1.weight": 0.663625, "stages.1.0.bn1.weight": 0.0635204, "stages.1.0.bn1.bias": 0.0567181,
        "stages.1.0.conv2.weight": 0.795352, "stages.1.0.bn2.weight": 0.261873, "stages.1.0.bn2.bias": 0.347195,
        "stages.1.0.shortcut.conv.weight": 0.140969, "stages.1.0.shortcut.bn.weight": 0.204044,
        "stages.1.0.shortcut.bn.bias": 0.347195, "stages.1.1.conv1.weight": 0.405561,
        "stages.1.1.bn1.weight": 0.0332783, "stages.1.1.bn1.bias": 0.0273817, "stages.1.1.conv2.weight": 0.278644,
        "stages.1.1.bn2.weight": 0.267203, "stages.1.1.bn2.bias": 0.563174, "linear.weight": 1.83364,
        "linear.bias": 0.558014,
      ],
      stemMean: -0.05758786, stemVariance: 0.7947941),
    Case(
      widths: [16, 32, 64], blocks: 2, point: "8 16 | 32 - | 24 64",
      testLogits: [
        1.294306, -2.634458, 0.6451538, 2.352485, -2.538285, -0.6585544, 2.282218, -0.3480662, -1.739541, 1.283519,
        1.243155, -2.495079, 0.5992497, 2.253673, -2.401955, -0.6433498, 2.139659, -0.3141429, -1.644779, 1.19763,
      ],
      trainingLogits: [
        0.8842912, -1.110974, 0.07041229, 0.848612, -0.1172408, -1.079269, 0.3866676, 0.6305593, -0.5582864,
        -0.3096081, 0.8461152, -1.082507, 0.112695, 0.7638863, -0.0747916, -1.057936, 0.3570392, 0.6417944,
        -0.4981138, -0.3102377,
      ],
      loss: 2.327354,
      gradientNorms: [
        "stem.conv.weight": 1.95274, "stem.bn.weight": 0.32137, "stem.bn.bias": 0.24702,
        "stages.0.0.conv1.weight": 3.07578, "stages.0.0.bn1.weight": 0.108824, "stages.0.0.bn1.bias": 0.132598,
        "stages.0.0.conv2.weight": 1.80398, "stages.0.0.bn2.weight": 0.214528, "stages.0.0.bn2.bias": 0.0917118,
        "stages.0.1.conv1.weight": 2.62567, "stages.0.1.bn1.weight": 0.153413, "stages.0.1.bn1.bias": 0.142022,
        "stages.0.1.conv2.weight": 1.91451, "stages.0.1.bn2.weight": 0.145088, "stages.0.1.bn2.bias": 0.0550129,
        "stages.1.0.conv1.weight": 1.25117, "stages.1.0.bn1.weight": 0.0782463, "stages.1.0.bn1.bias": 0.0682064,
        "stages.1.0.conv2.weight": 2.35632, "stages.1.0.bn2.weight": 0.0920634, "stages.1.0.bn2.bias": 0.0737342,
        "stages.1.0.shortcut.conv.weight": 0.295891, "stages.1.0.shortcut.bn.weight": 0.0922651,
        "stages.1.0.shortcut.bn.bias": 0.0737342, "stages.2.0.conv1.weight": 1.30059,
        "stages.2.0.bn1.weight": 0.075628, "stages.2.0.bn1.bias": 0.0784859, "stages.2.0.conv2.weight": 1.12074,
        "stages.2.0.bn2.weight": 0.166191, "stages.2.0.bn2.bias": 0.263459,
        "stages.2.0.shortcut.conv.weight": 0.525188, "stages.2.0.shortcut.bn.weight": 0.18499,
        "stages.2.0.shortcut.bn.bias": 0.263459, "stages.2.1.conv1.weight": 1.8051,
        "stages.2.1.bn1.weight": 0.0494287, "stages.2.1.bn1.bias": 0.0530384, "stages.2.1.conv2.weight": 1.0751,
        "stages.2.1.bn2.weight": 0.190262, "stages.2.1.bn2.bias": 0.397634, "linear.weight": 3.82248,
        "linear.bias": 0.571976,
      ],
      stemMean: -0.05758786, stemVariance: 0.7947941),
  ]

  /// One cycle of 10 steps up to 0.5.
  static let rates = [
    0.020000000000000018, 0.26, 0.5, 0.47524231600673683, 0.40587282697488153, 0.30563101096814466,
    0.19437098903185537, 0.09412917302511849, 0.024759683993263143, 2e-06,
  ]
  /// A weight of 1 after each of these steps of SGD: gradients 0.3, 0.6, ..., momentum 0.9, decay 0.1.
  static let steps: [Float] = [
    0.9848, 0.5555109, -0.7809471, -2.528531, -4.423709, -6.153431, -7.454268, -8.191373, -8.417484, -8.417505,
  ]
}
