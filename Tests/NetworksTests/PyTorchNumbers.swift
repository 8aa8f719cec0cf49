import Core
import Numerics

@testable import Networks

/// PyTorch's results, printed by `Tests/Reference/networks_torch.py numbers`.
enum PyTorchNumbers {
  struct Case {
    var space: any NetworkSpace
    var point: String
    var testLogits: [Float]
    var trainingLogits: [Float]
    var loss: Double
    /// The norm of the gradient of each weight.
    var gradientNorms: [String: Double]
    var stemMean: Float
    var stemVariance: Float
  }

  /// Weights from a formula: the k-th number of a tensor is a hash of k and the tensor's name.
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
    for index in 0..<images.count {
      images.pointer[index] = Float((index * index * 31 + index * 7919) % 1021) / 510 - 1
    }
    return images
  }

  static let cases = [
    Case(
      space: ResidualCNN(widths: [8, 16], blocksPerStage: 2), point: "8 - | 16 8",
      testLogits: [
        0.2880416, -0.2985839, 0.2076067, -0.2317771, -0.05668458, -0.01971512, -0.2228835, 0.2104217, -0.03234009,
        0.2738505, 0.2938332, -0.3360261, 0.2373602, -0.2566088, 0.03346971, -0.02168983, -0.2361135, 0.2376727,
        -0.07154985, 0.3018363,
      ],
      trainingLogits: [
        -0.3197244, 0.1077211, 0.2422893, -0.3467789, 0.3474676, -0.7229162, 0.3049434, -0.884222, 0.518383,
        0.4529512, -0.3081686, 0.01699655, 0.2977667, -0.4331169, 0.4841657, -0.6858757, 0.3047464, -0.7988426,
        0.4189428, 0.499713,
      ],
      loss: 2.349223,
      gradientNorms: [
        "stem.conv.weight": 0.571112, "stem.bn.weight": 0.114807, "stem.bn.bias": 0.115762,
        "stages.0.0.conv1.weight": 0.876337, "stages.0.0.bn1.weight": 0.0587686, "stages.0.0.bn1.bias": 0.0634243,
        "stages.0.0.conv2.weight": 0.683448, "stages.0.0.bn2.weight": 0.0385871, "stages.0.0.bn2.bias": 0.0771676,
        "stages.1.0.conv1.weight": 0.629053, "stages.1.0.bn1.weight": 0.062581, "stages.1.0.bn1.bias": 0.0343532,
        "stages.1.0.conv2.weight": 0.73117, "stages.1.0.bn2.weight": 0.228828, "stages.1.0.bn2.bias": 0.342906,
        "stages.1.0.shortcut.conv.weight": 0.106516, "stages.1.0.shortcut.bn.weight": 0.222641,
        "stages.1.0.shortcut.bn.bias": 0.342906, "stages.1.1.conv1.weight": 0.456867,
        "stages.1.1.bn1.weight": 0.011321, "stages.1.1.bn1.bias": 0.0200176, "stages.1.1.conv2.weight": 0.205756,
        "stages.1.1.bn2.weight": 0.278989, "stages.1.1.bn2.bias": 0.58168, "linear.weight": 1.89328,
        "linear.bias": 0.574956,
      ],
      stemMean: -0.05751814, stemVariance: 0.8198484),
    Case(
      space: ResidualCNN(widths: [16, 32, 64], blocksPerStage: 2), point: "8 16 | 32 - | 24 64",
      testLogits: [
        1.074274, -2.241163, 0.6008213, 1.950303, -2.109766, -0.5461111, 1.848129, -0.2333634, -1.430556, 1.041642,
        1.007091, -2.044125, 0.5421025, 1.757254, -1.84486, -0.4798265, 1.587937, -0.1604385, -1.266751, 0.8906854,
      ],
      trainingLogits: [
        0.7715981, -1.235809, 0.1815351, 0.9121571, -0.2954523, -0.9720917, 0.4701131, 0.4748152, -0.6837158,
        -0.137769, 0.8107013, -1.021246, -0.04216965, 0.7762545, 0.1657376, -1.169101, 0.2768921, 0.7016271,
        -0.4541007, -0.5007409,
      ],
      loss: 2.269311,
      gradientNorms: [
        "stem.conv.weight": 2.64746, "stem.bn.weight": 0.564839, "stem.bn.bias": 0.479107,
        "stages.0.0.conv1.weight": 5.44663, "stages.0.0.bn1.weight": 0.389021, "stages.0.0.bn1.bias": 0.248555,
        "stages.0.0.conv2.weight": 3.04406, "stages.0.0.bn2.weight": 0.343391, "stages.0.0.bn2.bias": 0.194345,
        "stages.0.1.conv1.weight": 4.89358, "stages.0.1.bn1.weight": 0.309365, "stages.0.1.bn1.bias": 0.26126,
        "stages.0.1.conv2.weight": 3.28299, "stages.0.1.bn2.weight": 0.244185, "stages.0.1.bn2.bias": 0.126078,
        "stages.1.0.conv1.weight": 2.27665, "stages.1.0.bn1.weight": 0.145423, "stages.1.0.bn1.bias": 0.151438,
        "stages.1.0.conv2.weight": 3.39028, "stages.1.0.bn2.weight": 0.126231, "stages.1.0.bn2.bias": 0.154715,
        "stages.1.0.shortcut.conv.weight": 0.497283, "stages.1.0.shortcut.bn.weight": 0.221434,
        "stages.1.0.shortcut.bn.bias": 0.154715, "stages.2.0.conv1.weight": 1.20741,
        "stages.2.0.bn1.weight": 0.0640252, "stages.2.0.bn1.bias": 0.0470868, "stages.2.0.conv2.weight": 1.02028,
        "stages.2.0.bn2.weight": 0.185614, "stages.2.0.bn2.bias": 0.251208,
        "stages.2.0.shortcut.conv.weight": 0.593819, "stages.2.0.shortcut.bn.weight": 0.17606,
        "stages.2.0.shortcut.bn.bias": 0.251208, "stages.2.1.conv1.weight": 1.62854,
        "stages.2.1.bn1.weight": 0.0603129, "stages.2.1.bn1.bias": 0.0531534, "stages.2.1.conv2.weight": 1.34253,
        "stages.2.1.bn2.weight": 0.19263, "stages.2.1.bn2.bias": 0.393477, "linear.weight": 3.78686,
        "linear.bias": 0.564233,
      ],
      stemMean: -0.05751814, stemVariance: 0.8198484),
    Case(
      space: MobileNet(widths: [8, 16], blocksPerStage: 2, features: 24), point: "16k3 48k5 | 24k5 32k3",
      testLogits: [
        -0.08765624, 0.2832967, -0.498146, 0.3403107, 0.485503, -0.5200679, 0.237213, 0.3938702, -0.2357276,
        -0.06461991, -0.09286376, 0.2770611, -0.4933396, 0.3256347, 0.4972924, -0.5227163, 0.2195205, 0.4079035,
        -0.2394512, -0.06027694,
      ],
      trainingLogits: [
        -0.3571107, -0.0813631, 0.3061751, -0.2172021, 0.1176923, 0.03324167, -0.3226768, 0.3979011, -0.01074836,
        -0.304463, -0.3381469, -0.1524852, 0.370956, -0.3794269, 0.0884978, 0.1040359, -0.4818552, 0.4048826,
        0.06755071, -0.2429757,
      ],
      loss: 2.3629,
      gradientNorms: [
        "stem.conv.weight": 0.529924, "stem.bn.weight": 0.0801034, "stem.bn.bias": 0.0772922,
        "stages.0.0.expand.conv.weight": 0.139594, "stages.0.0.expand.bn.weight": 0.00430023,
        "stages.0.0.expand.bn.bias": 0.051267, "stages.0.0.depthwise.conv.weight": 0.159012,
        "stages.0.0.depthwise.bn.weight": 0.0606692, "stages.0.0.depthwise.bn.bias": 0.0522803,
        "stages.0.0.project.conv.weight": 0.211545, "stages.0.0.project.bn.weight": 0.106301,
        "stages.0.0.project.bn.bias": 5.0231e-08, "stages.0.1.expand.conv.weight": 0.249483,
        "stages.0.1.expand.bn.weight": 0.00293098, "stages.0.1.expand.bn.bias": 0.0387189,
        "stages.0.1.depthwise.conv.weight": 0.260422, "stages.0.1.depthwise.bn.weight": 0.0519604,
        "stages.0.1.depthwise.bn.bias": 0.0480306, "stages.0.1.project.conv.weight": 0.348148,
        "stages.0.1.project.bn.weight": 0.0375415, "stages.0.1.project.bn.bias": 2.04043e-08,
        "stages.1.0.expand.conv.weight": 0.231564, "stages.1.0.expand.bn.weight": 0.00346248,
        "stages.1.0.expand.bn.bias": 0.0387525, "stages.1.0.depthwise.conv.weight": 0.255748,
        "stages.1.0.depthwise.bn.weight": 0.0459883, "stages.1.0.depthwise.bn.bias": 0.0442608,
        "stages.1.0.project.conv.weight": 0.267527, "stages.1.0.project.bn.weight": 0.035645,
        "stages.1.0.project.bn.bias": 3.93807e-08, "stages.1.1.expand.conv.weight": 0.209247,
        "stages.1.1.expand.bn.weight": 0.00151102, "stages.1.1.expand.bn.bias": 0.022105,
        "stages.1.1.depthwise.conv.weight": 0.0827759, "stages.1.1.depthwise.bn.weight": 0.029617,
        "stages.1.1.depthwise.bn.bias": 0.024098, "stages.1.1.project.conv.weight": 0.0845039,
        "stages.1.1.project.bn.weight": 0.0193832, "stages.1.1.project.bn.bias": 2.26229e-08,
        "last.conv.weight": 0.0622255, "last.bn.weight": 0.309544, "last.bn.bias": 0.404963, "linear.weight": 1.16085,
        "linear.bias": 0.591698,
      ],
      stemMean: -0.05751814, stemVariance: 0.8198484),
    Case(
      space: GroupedCNN(imageSize: 32, pooling: .max(2)), point: "16 | 24",
      testLogits: [
        0.2170924, 0.6080009, -0.3566441, 0.4122516, 0.5407924, -0.5629385, 0.1153262, -0.3805045, 0.02244004,
        0.4667582, 0.2479308, 0.5800735, -0.2975084, 0.3901014, 0.4755839, -0.53285, 0.08179337, -0.4661461,
        0.05699899, 0.4493448,
      ],
      trainingLogits: [
        -0.3990507, 0.1965647, -0.04304902, -0.1038429, 0.377134, -0.2296245, -0.147654, 0.451077, -0.2102984,
        0.03927923, -0.4187621, 0.2583443, -0.1885068, -0.2392136, 0.3814924, -0.341833, -0.1635278, 0.5401162,
        -0.2047884, 0.09987687,
      ],
      loss: 2.46846,
      gradientNorms: [
        "stem.conv.weight": 2.72292, "stem.bn.weight": 0.407653, "stem.bn.bias": 0.165112,
        "stages.0.0.narrow.conv.weight": 1.41245, "stages.0.0.narrow.bn.weight": 0.159846,
        "stages.0.0.narrow.bn.bias": 0.162075, "stages.0.0.grouped.conv.weight": 1.60722,
        "stages.0.0.grouped.bn.weight": 0.282373, "stages.0.0.grouped.bn.bias": 0.194064,
        "stages.0.0.widen.conv.weight": 0.652923, "stages.0.0.widen.bn.weight": 0.108329,
        "stages.0.0.widen.bn.bias": 0.00088356, "stages.1.0.narrow.conv.weight": 0.431094,
        "stages.1.0.narrow.bn.weight": 0.0775004, "stages.1.0.narrow.bn.bias": 0.0937249,
        "stages.1.0.grouped.conv.weight": 0.660057, "stages.1.0.grouped.bn.weight": 0.0600862,
        "stages.1.0.grouped.bn.bias": 0.0607183, "stages.1.0.widen.conv.weight": 0.328989,
        "stages.1.0.widen.bn.weight": 0.348605, "stages.1.0.widen.bn.bias": 0.449874, "linear.weight": 1.18512,
        "linear.bias": 0.606387,
      ],
      stemMean: -0.05751814, stemVariance: 0.8198484),
    Case(
      space: GroupedCNN(imageSize: 32, pooling: .average(3)), point: "8 | 32",
      testLogits: [
        -0.408821, -0.2707396, 0.5965402, -0.5094274, 0.02566908, 0.3971938, -0.6114601, 0.1220777, 0.308415,
        -0.3729925, -0.4027329, -0.2723728, 0.5951026, -0.5098542, 0.02529567, 0.3952978, -0.6153294, 0.1229641,
        0.3103692, -0.3763712,
      ],
      trainingLogits: [
        0.1533594, -0.3289343, 0.1561238, 0.02566138, -0.1777431, 0.3060648, -0.2761297, -0.004251547, 0.62789,
        -0.2119942, -1.046331, 0.6955296, -0.4624704, -0.485852, 0.9349882, -0.9364014, -0.08209616, 1.083522,
        -1.043113, 0.3313346,
      ],
      loss: 2.896413,
      gradientNorms: [
        "stem.conv.weight": 7.602, "stem.bn.weight": 0.98783, "stem.bn.bias": 1.13808,
        "stages.0.0.narrow.conv.weight": 3.19395, "stages.0.0.narrow.bn.weight": 0.378722,
        "stages.0.0.narrow.bn.bias": 0.537233, "stages.0.0.grouped.conv.weight": 5.37475,
        "stages.0.0.grouped.bn.weight": 0.418812, "stages.0.0.grouped.bn.bias": 0.384512,
        "stages.0.0.widen.conv.weight": 1.40008, "stages.0.0.widen.bn.weight": 0.605249,
        "stages.0.0.widen.bn.bias": 0.585493, "stages.1.0.narrow.conv.weight": 3.064,
        "stages.1.0.narrow.bn.weight": 0.241432, "stages.1.0.narrow.bn.bias": 0.29902,
        "stages.1.0.grouped.conv.weight": 3.0027, "stages.1.0.grouped.bn.weight": 0.269907,
        "stages.1.0.grouped.bn.bias": 0.325973, "stages.1.0.widen.conv.weight": 0.976963,
        "stages.1.0.widen.bn.weight": 0.399137, "stages.1.0.widen.bn.bias": 0.48537, "linear.weight": 1.29253,
        "linear.bias": 0.597013,
      ],
      stemMean: -0.05751814, stemVariance: 0.8198484),
  ]

  /// The rates of one cycle of 10 steps with the maximum 0.5.
  static let rates = [
    0.020000000000000018, 0.26, 0.5, 0.47524231600673683, 0.40587282697488153, 0.30563101096814466,
    0.19437098903185537, 0.09412917302511849, 0.024759683993263143, 2e-06,
  ]
  /// A weight that starts at 1, after each of these steps of SGD: gradients 0.3, 0.6, ..., momentum 0.9, decay 0.1.
  static let steps: [Float] = [
    0.9848, 0.5555109, -0.7809471, -2.528531, -4.423709, -6.153431, -7.454268, -8.191373, -8.417484, -8.417505,
  ]
}
