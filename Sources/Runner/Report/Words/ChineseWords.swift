/// The words of a report in simplified Chinese.
struct ChineseWords: Words {
  let tag = "zh-Hans"

  let contents = "目录"
  let skipToReport = "跳到正文"
  let footnotes = "脚注"
  let backToText = "回到正文"
  let provenance = "本报告如何得出"

  func provenanceLabel(_ fact: ProvenanceFact) -> String {
    switch fact {
    case .notebook: "笔记"
    case .parameters: "参数"
    case .seed: "随机种子"
    case .data: "数据"
    case .labbook: "Labbook"
    case .toolchain: "编译工具"
    case .system: "系统"
    case .processor: "处理器"
    case .kernels: "计算内核"
    case .date: "结果时间"
    }
  }

  func figure(_ number: Int) -> String { "图\u{A0}\(number)" }
  func table(_ number: Int) -> String { "表\u{A0}\(number)" }
  let unknownFigure = "图\u{A0}?"
  let unknownTable = "表\u{A0}?"
  let figureWords = ["图", "图片", "figure", "fig.", "fig"]
  let tableWords = ["表", "表格", "table", "tbl.", "tbl"]
  func remark(_ remark: String, after text: String) -> String { "\(text)（\(remark)）" }

  let code = "代码"
  func lines(_ count: Int) -> String { "\(number(count))\u{A0}行" }
  func moreLines(_ count: Int) -> String { "其余 \(number(count)) 行" }
  func linesLeftOut(_ count: Int) -> String { "此处省略 \(number(count)) 行" }
  let standardError = "标准错误"
  let failed = "此单元出错"
  let failedAsExpected = "此单元出错（在预期之中）"
  let details = "详情"
  let stale = "已过时"
  let staleExplanation = "得出这一结果之后，此单元或它所用的内容有改动。"
  let notRun = "未运行"

  func notRunBecause(count: Int) -> (before: String, separator: String, after: String) {
    ("此单元需要 ", "、", " 的结果，而该结果没有得出。")
  }

  let best = "最佳"
  let taskDone = "已完成"
  let taskOpen = "未完成"

  func picture(_ name: String, problem: PictureProblem) -> String {
    switch problem {
    case .missing: "找不到图片“\(name)”。"
    case .unknownFormat: "“\(name)”不是 PNG、JPEG、GIF、WebP 或 SVG 图片。"
    case .remote: "图片“\(name)”在网络上，未收入本报告。"
    }
  }

  func pictureLink(_ name: String) -> String { "\(name) 的 PNG 图片" }

  func cellsFailed(_ count: Int) -> String { "\(count) 个单元出错" }
  func cellsNotRun(_ count: Int) -> String { "\(count) 个单元未运行" }
  func cellsStale(_ count: Int) -> String { "\(count) 项结果已过时" }
  func computation(_ duration: String) -> String { "计算用时 \(duration)" }
  let reports = "实验报告"
  func overTheWeeks(_ figure: String) -> String { "历次报告的\(figure)" }

  let proof = ProofWords.chinese

  func number(_ value: Int) -> String { grouped(value, separator: ",") }
  func duration(_ seconds: Double) -> String { duration(seconds, units: ("小时", "分", "秒")) }

  func day(_ date: CalendarDay) -> String { "\(date.year)年\(date.month)月\(date.day)日" }
  func week(_ week: Int, year: Int) -> String { "\(year)年第\(week)周" }

  func range(_ first: CalendarDay, _ last: CalendarDay) -> String {
    if first.year != last.year { return "\(day(first))至\(day(last))" }
    if first.month != last.month { return "\(day(first))至\(last.month)月\(last.day)日" }
    return "\(day(first))至\(last.day)日"
  }
}
