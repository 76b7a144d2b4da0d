import Testing

/// A page as a program that reads it aloud sees it: its tags in order, well nested.
struct PageReader {
    struct Tag {
        var name: String
        var attributes: [String: String]
        /// The text between this tag and its end, without tags.
        var text = ""
        /// Names of the elements around it, the outermost first.
        var path: [String]
    }

    private static let void: Set<String> = ["meta", "link", "input", "br", "hr", "img", "line", "rect"]

    private(set) var tags: [Tag] = []
    /// What is wrong with the nesting.
    private(set) var faults: [String] = []

    init(_ html: String) {
        var open: [Int] = []
        var rest = Substring(html)
        while let start = rest.firstIndex(of: "<") {
            let text = String(rest[..<start])
            for index in open { tags[index].text += text }
            rest = rest[start...]
            let isRaw = open.last.map { ["script", "style"].contains(tags[$0].name) } ?? false
            if isRaw, let last = open.last, !rest.hasPrefix("</\(tags[last].name)") {
                tags[last].text += "<"
                rest = rest.dropFirst()
                continue
            }
            guard let end = rest.firstIndex(of: ">") else { break }
            let content = rest[rest.index(after: start)..<end]
            rest = rest[rest.index(after: end)...]
            if content.hasPrefix("!") { continue }
            if content.hasPrefix("/") {
                let name = String(content.dropFirst())
                guard let last = open.popLast(), tags[last].name == name else {
                    faults.append("</\(name)> ends what it did not begin")
                    return
                }
                continue
            }
            let tag = Self.tag(content, path: open.map { tags[$0].name })
            tags.append(tag)
            if !Self.void.contains(tag.name), !content.hasSuffix("/") { open.append(tags.count - 1) }
        }
        if !open.isEmpty { faults.append("\(open.map { tags[$0].name }) do not end") }
    }

    private static func tag(_ content: Substring, path: [String]) -> Tag {
        let name = content.prefix { $0 != " " && $0 != "\n" && $0 != "/" }
        var attributes: [String: String] = [:]
        for match in content.dropFirst(name.count).matches(of: /([a-zA-Z:-]+)(="([^"]*)")?/) {
            attributes[String(match.1)] = match.3.map(String.init) ?? ""
        }
        return Tag(name: String(name), attributes: attributes, path: path)
    }

    func all(_ name: String) -> [Tag] { tags.filter { $0.name == name } }

    /// Breaches of what WCAG 2.2 asks of any page, as far as a program can tell.
    var breaches: [String] {
        var breaches = faults
        func expect(_ isSo: Bool, _ text: String) {
            if !isSo { breaches.append(text) }
        }
        expect(all("html").first?.attributes["lang"] == "en", "the language is not said (3.1.1)")
        expect(all("title").first?.text.isEmpty == false, "there is no title (2.4.2)")
        expect(all("main").count == 1, "there is not one main part (1.3.1)")
        expect(all("h1").count == 1, "there is not one first heading (1.3.1)")
        expect(all("a").first?.attributes["href"] == "#main", "there is no way past the bar (2.4.1)")
        var level = 0
        for tag in tags {
            guard let next = tag.name.wholeMatch(of: /h([1-6])/).flatMap({ Int($0.1) }) else { continue }
            expect(next <= level + 1, "\(tag.text): a level of headings is left out (1.3.1)")
            expect(!tag.text.isEmpty, "a heading is empty (2.4.6)")
            level = next
        }
        for tag in all("th") {
            expect(["col", "row"].contains(tag.attributes["scope"]), "'\(tag.text)' heads nothing (1.3.1)")
        }
        for tag in all("table") { expect(tag.attributes["role"] == "table", "a table loses its role (1.3.1)") }
        expect(all("caption").count == all("table").count, "a table has no caption (1.3.1)")
        let labels = Set(all("label").compactMap { $0.attributes["for"] })
        for tag in tags where ["input", "select"].contains(tag.name) {
            expect(labels.contains(tag.attributes["id"] ?? ""), "a field has no label (3.3.2)")
        }
        for tag in all("progress") {
            expect(tag.attributes["aria-label"]?.isEmpty == false, "a bar has no name (4.1.2)")
        }
        for tag in tags where tag.name == "a" || (tag.name == "button" && tag.attributes["hidden"] == nil) {
            expect(!tag.text.allSatisfy(\.isWhitespace), "a link or button has no words (2.4.4)")
        }
        for tag in all("svg") { expect(tag.attributes["aria-hidden"] == "true", "a picture has no words (1.1.1)") }
        let ids = tags.compactMap { $0.attributes["id"] }
        expect(Set(ids).count == ids.count, "an id is there twice (4.1.2)")
        for tag in tags where tag.attributes["style"] != nil { breaches.append("a style in \(tag.name) is not let in") }
        return breaches
    }
}
