internal import Basics
import Foundation
internal import Numerics

/// A colour in the sRGB space.
public struct RGB: Hashable, Sendable {
  /// The components, from 0 to 255.
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

  /// The colour in CSS notation: `#3f90da`.
  public var hexadecimal: String {
    "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  /// The ten colours of M. A. Petroff, Accessible Color Sequences for Data Visualization, arXiv:2107.02270, with the
  /// greyish ones last.
  public static let petroff: [RGB] = [
    0x3F90DA, 0xFFA90E, 0xBD1F01, 0x832DB6, 0x92DADD, 0xA96B59, 0x717581, 0xE76300, 0xB9AC70, 0x94A4A2,
  ].map { RGB($0) }

  /// The relative luminance by WCAG 2.2, from 0 to 1.
  public var luminance: Double {
    func linear(_ component: UInt8) -> Double {
      let value = Double(component) / 255
      return value <= 0.04045 ? value / 12.92 : CorrectlyRounded.pow((value + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
  }

  /// The contrast ratio to another colour by WCAG 2.2, from 1 to 21.
  public func contrast(to other: RGB) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// The colour itself if its contrast with the paper suffices, else the nearest mixture with black (on light paper)
  /// or white (on dark paper) whose contrast does.
  public func readable(on paper: RGB, contrast required: Double) -> RGB {
    let end = paper.luminance > 0.18 ? RGB(0x000000) : RGB(0xFFFFFF)
    for step in 0...100 {
      let mixture = mixed(with: end, share: Double(step) / 100)
      if mixture.contrast(to: paper) >= required { return mixture }
    }
    return end
  }

  /// White or black, whichever has the greater contrast with the colour. The contrast is at least 4.5.
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
