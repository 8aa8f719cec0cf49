import Report

/// The fixed words of the preview page in one language.
protocol PreviewWords: Words {
  /// The bar's words for each activity of the preview.
  var checking: String { get }
  var upToDate: String { get }
  var interrupted: String { get }
  /// The bar's words when the preview's program has ended.
  var ended: String { get }
  func problems(_ count: Int) -> String
  func running(_ cell: String) -> String

  var compiling: String { get }
  var runningAlone: String { get }
  func epoch(_ epoch: Int, of epochs: Int) -> String
  func loss(_ loss: String) -> String
  func accuracy(_ accuracy: String) -> String
  func left(_ duration: String) -> String
  func since(_ duration: String) -> String
  var error: String { get }
  var warning: String { get }
}

extension EnglishWords: PreviewWords {
  var checking: String { "Checking" }
  var upToDate: String { "Up to date" }
  var interrupted: String { "Interrupted" }
  var ended: String { "The preview has ended" }
  func problems(_ count: Int) -> String { count == 1 ? "1 problem" : "\(count) problems" }
  func running(_ cell: String) -> String { "Running \(cell)" }

  var compiling: String { "Compiling" }
  var runningAlone: String { "Running" }
  func epoch(_ epoch: Int, of epochs: Int) -> String { "epoch \(number(epoch)) of \(number(epochs))" }
  func loss(_ loss: String) -> String { "loss \(loss)" }
  func accuracy(_ accuracy: String) -> String { "accuracy \(accuracy)" }
  func left(_ duration: String) -> String { "\(duration) left" }
  func since(_ duration: String) -> String { "for \(duration)" }
  var error: String { "Error" }
  var warning: String { "Warning" }
}

extension ChineseWords: PreviewWords {
  var checking: String { "正在检查" }
  var upToDate: String { "已是最新" }
  var interrupted: String { "已中断" }
  var ended: String { "预览已结束" }
  func problems(_ count: Int) -> String { "\(count) 个问题" }
  func running(_ cell: String) -> String { "正在运行 \(cell)" }

  var compiling: String { "正在编译" }
  var runningAlone: String { "正在运行" }
  func epoch(_ epoch: Int, of epochs: Int) -> String { "第 \(number(epoch)) 轮，共 \(number(epochs)) 轮" }
  func loss(_ loss: String) -> String { "损失 \(loss)" }
  func accuracy(_ accuracy: String) -> String { "正确率 \(accuracy)" }
  func left(_ duration: String) -> String { "还需 \(duration)" }
  func since(_ duration: String) -> String { "已 \(duration)" }
  var error: String { "错误" }
  var warning: String { "警告" }
}

/// The preview's words for a BCP 47 tag.
func previewWords(for tag: String) -> any PreviewWords {
  reportWords(for: tag) as? any PreviewWords ?? EnglishWords()
}
