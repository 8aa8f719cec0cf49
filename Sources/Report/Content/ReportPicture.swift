import Basics
import Foundation
import Markup

/// A picture in a report's text.
package enum ReportPicture {
  /// The bytes of a picture in a format that `PictureData` supports.
  case data(Data)
  /// A picture that can't be shown: the text in its place, and its address if it is on the network.
  case missing(text: String, address: String?)
}

extension ReportContent {
  /// Reads a picture; warns when it can't be shown.
  package mutating func picture(_ image: Inline.Image) -> ReportPicture {
    let name = image.alternative.isEmpty ? image.source : image.alternative
    if let match = image.source.wholeMatch(of: /data:image\/(?:png|jpeg|gif|webp);base64,([A-Za-z0-9+\/=]*)/) {
      if let data = Data(base64Encoded: String(match.1)), PictureData.mediaType(data) != nil { return .data(data) }
      warn("the data URL of a picture can't be read", at: image.position)
      return .missing(text: words.picture(image.alternative, problem: .unknownFormat), address: nil)
    }
    if LinkPolicy.isRemote(image.source) {
      warn(
        "the picture \(image.source.prefix(60)) is on the network and not part of the report", at: image.position,
        remedy: "Save it beside the notebook and name it by its path.")
      return .missing(
        text: words.picture(name, problem: .remote),
        address: LinkPolicy.allows(image.source) ? image.source : nil)
    }
    guard let data = readFile(image.source.removingPercentEncoding ?? image.source) ?? readFile(image.source) else {
      let reach = Self.reach(of: report)
      if !reach.contains(image.source.removingPercentEncoding ?? image.source) {
        warn(
          "the picture \(image.source.visible) is not in the notebook's folder", at: image.position,
          remedy: reach.remedy(for: image.source))
      } else {
        warn(
          "the picture \(image.source.visible) can't be read", at: image.position,
          remedy: "Paths are relative to the notebook's folder. A picture may have at most "
            + "\(Budgets.pictureBytes >> 20) MiB.")
      }
      return .missing(text: words.picture(name, problem: .missing), address: nil)
    }
    guard PictureData.mediaType(data) != nil else {
      warn("\(image.source.visible) is not a PNG, JPEG, GIF, WebP or SVG picture", at: image.position)
      return .missing(text: words.picture(name, problem: .unknownFormat), address: nil)
    }
    return .data(data)
  }
}
