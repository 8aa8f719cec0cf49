internal import Basics
import Foundation
internal import Numerics

/// A colour of the sRGB space.
public struct RGB: Hashable, Sendable {
  /// 0 to 255.
  public var red: UInt8
  public var green: UInt8
  public var blue: UInt8

  /// Makes a colour from a number such as `0x3F90DA`.
  public init(_ value: UInt32) {
    red = UInt8(value >> 16 & 0xFF)
    green = UInt8(value >> 8 & 0xFF)
    blue = UInt8(value & 0xFF)
  }

  init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  /// As CSS writes it: `#3f90da`.
  public var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// M. A. Petroff, Accessible Color Sequences for Data Visualization, arXiv:2107.02270: the set of ten, the
  /// greyish ones last.
  public static let petroff: [RGB] = [
    0x3F90DA, 0xFFA90E, 0xBD1F01, 0x832DB6, 0x92DADD, 0xA96B59, 0x717581, 0xE76300, 0xB9AC70, 0x94A4A2,
  ].map { RGB($0) }

  /// Relative luminance after WCAG 2.2, 0 to 1.
  public var luminance: Double {
    func linear(_ component: UInt8) -> Double {
      let value = Double(component) / 255
      return value <= 0.04045 ? value / 12.92 : CorrectlyRounded.pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// Contrast ratio to another colour after WCAG 2.2, 1 to 21.
  public func contrast(to other: RGB) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// The colour itself if it stands out from the paper enough, else the nearest mixture with black (on light paper) or
  /// white (on dark paper) that does.
  public func readable(on paper: RGB, contrast required: Double) -> RGB {
    let end = paper.luminance > 0.18 ? RGB(0x000000) : RGB(0xFFFFFF)
    for step in 0...100 {
      let mixture = mixed(with: end, share: Double(step) / 100)
      if mixture.contrast(to: paper) >= required { return mixture }
    }
    return end
  }

  /// White or black, whichever is read better on the colour; the contrast is 4.5 at least.
  var contrastingText: RGB {
    let (white, black) = (RGB(0xFFFFFF), RGB(0x000000))
    return contrast(to: white) >= contrast(to: black) ? white : black
  }

  func mixed(with other: RGB, share: Double) -> RGB {
    func mix(_ a: UInt8, _ b: UInt8) -> UInt8 {
      UInt8(clamping: (Double(a) + (Double(b) - Double(a)) * share).rounded())
    }
    return RGB(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
  }
}
