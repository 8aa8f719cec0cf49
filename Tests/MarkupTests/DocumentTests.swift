import Testing

@testable import Markup

@Suite struct DocumentTests {
  @Test(arguments: [
    ("# A *b*\n\ntext", "h1(\"A \" em(\"b\")) p(\"text\")"),
    ("a\nb  \nc", "p(\"a\" soft \"b\" br \"c\")"),
    ("- a\n- b\n  1. c", "ul(p(\"a\"); p(\"b\") ol1(p(\"c\")))"),
    ("3. a\n\n4. b", "ol3-loose(p(\"a\"); p(\"b\"))"),
    ("- [x] a\n- [ ] b", "ul([x]p(\"a\"); [ ]p(\"b\"))"),
    ("> a\n>\n> ---", "quote(p(\"a\") hr)"),
    ("| a | b |\n|---|--:|\n| `x\\|y` | **z** |", "table(\"a\" | \"b\" / code(\"x|y\") | strong(\"z\"))"),
    ("~~a~~ 10~20", "p(del(\"a\") \" 10~20\")"),
    ("https://a.b", "p(link[https://a.b](\"https://a.b\"))"),
    ("![alt *x*](p.png)", "p(image[p.png](\"alt x\"))"),
    ("a[^1] b[^n]\n\n[^n]: N\n[^1]: *O*", "p(\"a\" note1 \" b\" note2) note1(p(em(\"O\"))) note2(p(\"N\"))"),
    ("    indented", "code[](\"indented\\n\")"),
    ("a\r\nb\rc", "p(\"a\" soft \"b\" soft \"c\")"),
    ("", ""),
  ])
  func commonMarkAndGitHub(markdown: String, tree: String) {
    #expect(treeText(markdown) == tree)
  }

  @Test(arguments: [
    ("H<sub>2</sub>O<br/>x", "p(\"H\" sub(\"2\") \"O\" br \"x\")"),
    ("<B>a <i>b</i></B>", "p(strong(\"a \" em(\"b\")))"),
    ("<b>a <i>b</b>", "p(strong(\"a \" html(\"<i>\") \"b\"))"),
    ("a <b>b", "p(\"a \" html(\"<b>\") \"b\")"),
    ("a</b>", "p(\"a\" html(\"</b>\"))"),
    ("a <!-- c -->b", "p(\"a b\")"),
    ("<!-- c -->", ""),
    ("<sub onclick=\"x\">a</sub>", "p(html(\"<sub onclick=\\\"x\\\">\") \"a\" html(\"</sub>\"))"),
    ("<div>\nx\n</div>", "html(\"<div>\\nx\\n</div>\")"),
    ("a <script>x</script>", "p(\"a \" html(\"<script>\") \"x\" html(\"</script>\"))"),
  ])
  func tagsThatMarkdownLacks(markdown: String, tree: String) {
    #expect(treeText(markdown) == tree)
  }

  @Test(arguments: [
    ("换行的\n中文", "p(\"换行的中文\")"),
    ("逗号，\n中文", "p(\"逗号，中文\")"),
    ("中文\nLatin", "p(\"中文\" soft \"Latin\")"),
    ("**重点：**后文", "p(strong(\"重点：\") \"后文\")"),
    ("他说**“引用”**后", "p(\"他说\" strong(\"“引用”\") \"后\")"),
    ("这是*强调*。", "p(\"这是\" em(\"强调\") \"。\")"),
  ])
  func chinese(markdown: String, tree: String) {
    #expect(treeText(markdown) == tree)
  }

  @Test(arguments: [
    ("$a*b*c$ 公式$x$的", "p(math(\"a*b*c\") \" 公式\" math(\"x\") \"的\")"),
    ("$$a_b$$", "math(\"a_b\")"),
    ("$$\na\n= b\n- c\n$$", "math(\"a\\n= b\\n- c\")"),
    ("> $$ a\n> = b $$\n> after", "quote(p(display(\"a\\n= b\") soft \"after\"))"),
    ("- x\n\n  $$\n  a\n  $$", "ul-loose(p(\"x\") math(\"a\"))"),
    ("text $$x$$ text", "p(\"text \" display(\"x\") \" text\")"),
    ("$5 and $6", "p(\"$5 and $6\")"),
    ("花了$5和$6", "p(\"花了$5和$6\")"),
    ("\\$a$ b", "p(\"$a$ b\")"),
    ("`$a$` $b$", "p(code(\"$a$\") \" \" math(\"b\"))"),
    ("a $x\n+ y$ b", "p(\"a $x\") ul(p(\"y$ b\"))"),
    ("a $x\n= y + 1$ b", "p(\"a \" math(\"x\\n= y + 1\") \" b\")"),
    ("$$\na\n\nb$$", "p(\"$$\" soft \"a\") p(\"b$$\")"),
    ("| $a|b$ |\n|---|", "table(math(\"a|b\"))"),
    ("[$x$](u$a$)", "p(link[u$a$](math(\"x\")))"),
    ("```\n$a$\n$$b$$\n```", "code[](\"$a$\\n$$b$$\\n\")"),
    ("\u{F0000} $a$ \u{10FFFD}", "p(\"\u{F0000} \" math(\"a\") \" \u{10FFFD}\")"),
    ("**$a$**后", "p(strong(math(\"a\")) \"后\")"),
  ])
  func mathematics(markdown: String, tree: String) {
    #expect(treeText(markdown) == tree)
  }

  @Test func headingsAreListedWithTheirPlaces() {
    let document = Document(markdown: "# 一\n\n> ## `b`\n", file: "week.md", firstLine: 5)
    #expect(document.headings.map(\.content.plainText) == ["一", "b"])
    #expect(
      document.headings.map(\.position) == [SourcePosition(line: 5, column: 1), SourcePosition(line: 7, column: 3)])
  }

  @Test func linksAndPicturesKnowTheirPlaces() {
    let markdown = "中文 [a](u) and\n- x\n  continued $m$ ![i](p) 文 <https://x.y>\n"
    let document = Document(markdown: markdown, file: "week.md")
    let places = document.blocks.inlines.compactMap { inline -> SourcePosition? in
      switch inline {
      case .link(let link): link.position
      case .image(let image): image.position
      default: nil
      }
    }
    #expect(places == [.init(line: 1, column: 4), .init(line: 3, column: 17), .init(line: 3, column: 27)])
  }
}
