import Basics
import Engine

/// The words of a report in simplified Chinese.
package struct ChineseWords: Words {
  package init() {}

  package let tag = "zh-Hans"

  package let contents = "目录"
  package let skipToReport = "跳到正文"
  package let footnotes = "脚注"
  package let backToText = "回到正文"
  package let provenance = "本报告如何得出"

  package func provenanceLabel(_ fact: ProvenanceFact) -> String {
    switch fact {
    case .notebook: "笔记"
    case .parameters: "参数"
    case .seed: "随机种子"
    case .data: "数据"
    case .outside: "外部文件"
    case .labbook: "Labbook"
    case .toolchain: "编译工具"
    case .system: "系统"
    case .processor: "处理器"
    case .kernels: "计算内核"
    case .date: "结果时间"
    case .key: "签名密钥"
    }
  }

  package func files(_ count: Int, in folder: String) -> String { "\(folder) 中的 \(count) 个文件" }
  package func figure(_ number: Int) -> String { "图\u{A0}\(number)" }
  package func table(_ number: Int) -> String { "表\u{A0}\(number)" }
  package let unknownFigure = "图\u{A0}?"
  package let unknownTable = "表\u{A0}?"
  package let figureWords = ["图", "图片", "figure", "fig.", "fig"]
  package let tableWords = ["表", "表格", "table", "tbl.", "tbl"]
  package func remark(_ remark: String, after text: String) -> String { "\(text)（\(remark)）" }

  package let code = "代码"
  package func lines(_ count: Int) -> String { "\(number(count))\u{A0}行" }
  package func moreLines(_ count: Int) -> String { "其余 \(number(count)) 行" }
  package func columns(_ first: Int, _ last: Int, of count: Int) -> String {
    first == last ? "第 \(first) 列，共 \(count) 列" : "第 \(first)–\(last) 列，共 \(count) 列"
  }
  package func isOnNextTurnedPage(_ label: String?) -> String { "\(label ?? "此处的表")见下一张横向页面。" }
  package var noRows: String { "没有数据行" }
  package func linesLeftOut(_ count: Int) -> String { "此处省略 \(number(count)) 行" }
  package let standardError = "标准错误"
  package let failed = "此单元出错"
  package let failedAsExpected = "此单元出错（在预期之中）"
  package let details = "详情"
  package let stale = "已过时"
  package let staleExplanation = "得出这一结果之后，此单元或它所用的内容有改动。"
  package func pinned(date: String, place: String) -> String { "已固定：\(date)得出，\(place)" }
  package let notRun = "未运行"

  package func notRunBecause(count: Int) -> (before: String, separator: String, after: String) {
    ("此单元需要 ", "、", " 的结果，而该结果没有得出。")
  }

  package let best = "最佳"
  package let taskDone = "已完成"
  package let taskOpen = "未完成"

  package func picture(_ name: String, problem: PictureProblem) -> String {
    switch problem {
    case .missing: "找不到图片“\(name)”。"
    case .unknownFormat: "“\(name)”不是 PNG、JPEG、GIF、WebP 或 SVG 图片。"
    case .remote: "图片“\(name)”在网络上，未收入本报告。"
    }
  }

  package func pictureLink(_ name: String) -> String { "\(name) 的 PNG 图片" }

  package func textsFailed(_ count: Int) -> String { "文中 \(count) 处出错" }
  package func cellsFailed(_ count: Int) -> String { "\(count) 个单元出错" }
  package func cellsNotRun(_ count: Int) -> String { "\(count) 个单元未运行" }
  package func cellsStale(_ count: Int) -> String { "\(count) 项结果已过时" }
  package func computation(_ duration: String) -> String { "计算用时 \(duration)" }
  package let reports = "实验报告"
  package func overTheWeeks(_ figure: String) -> String { "历次报告的\(figure)" }

  package let proof = ProofWords.chinese

  package func number(_ value: Int) -> String { grouped(value, separator: ",") }
  package func duration(_ seconds: Double) -> String { duration(seconds, units: ("小时", "分", "秒")) }

  package func day(_ date: CalendarDay) -> String { "\(date.year)年\(date.month)月\(date.day)日" }
  package func week(_ week: Int, year: Int) -> String { "\(year)年第\(week)周" }

  package func range(_ first: CalendarDay, _ last: CalendarDay) -> String {
    if first.year != last.year { return "\(day(first))至\(day(last))" }
    if first.month != last.month { return "\(day(first))至\(last.month)月\(last.day)日" }
    return "\(day(first))至\(last.day)日"
  }
}
