import Yams

/// A file of settings: at its top the names of programs, below each of them its settings.
package enum SettingsFile {
    /// What stands under a key.
    package enum Content: Sendable, Hashable {
        /// One word or number.
        case word
        /// Words: a list, or one text with commas.
        case words
        /// A mapping of names to mappings of these keys.
        case table([String])
    }

    package typealias Keys = [(key: String, content: Content)]

    package struct Entry: Sendable, Hashable {
        package var program: String
        package var key: String
        /// Of a list its words, with commas between them; of a table nothing.
        package var text: String
        /// From 1.
        package var line: Int?
        /// Of a table what it says of each name.
        package var rows: [Row] = []
    }

    /// What a table says of one name.
    package struct Row: Sendable, Hashable {
        package struct Field: Sendable, Hashable {
            package var key: String
            package var text: String
            package var line: Int?
        }

        package var name: String
        package var fields: [Field]
        package var line: Int?
    }

    /// - Parameters:
    ///   - file: how problems name it.
    ///   - keys: what each program may have, in the order of the page that explains them.
    package static func read(
        _ bytes: [UInt8], file: String, keys: [(program: String, keys: Keys)]
    ) throws(ProblemList) -> [Entry] {
        let problems = YAMLProblems(file: file)
        if let line = TextCoding.firstInvalidLine(bytes) {
            problems.add(line: line, "the file is not UTF-8 text.", mend: "save it as UTF-8.")
            throw ProblemList(problems: problems.problems)
        }
        var entries: [Entry] = []
        let names = keys.map(\.program)
        let root = ModelFileReader.compose(
            TextCoding.text(bytes), problems: problems,
            whenEmpty: (
                "the file is empty.", "write \(names.map { "'\($0):'" }.joined(separator: " or ")) and settings."
            ))
        if let root, let top = YAMLSection(root, path: "", reference: "settings", names: names, problems: problems) {
            for (program, keys) in keys {
                guard let section = top.section(program, names: keys.map(\.key)) else { continue }
                for (key, content) in keys {
                    var rows: [Row] = []
                    let text: String?
                    switch content {
                    case .words where section.node(key)?.sequence != nil:
                        text = section.texts(key, mend: "write one word.")?.joined(separator: ",")
                    case .word, .words: text = section.text(key)
                    case .table(let fields):
                        let table = Self.table(section, key, fields: fields)
                        rows = table.map { Self.rows($0, fields: fields) } ?? []
                        text = table.map { _ in "" }
                    }
                    guard let text else { continue }
                    entries.append(
                        Entry(program: program, key: key, text: text, line: section.line(key), rows: rows))
                }
            }
        }
        guard problems.problems.isEmpty else { throw ProblemList(problems: ProblemList.sorted(problems.problems)) }
        return entries
    }

    private static func table(_ section: YAMLSection, _ key: String, fields: [String]) -> YAMLSection? {
        guard let node = section.node(key) else { return nil }
        guard let mapping = node.mapping else {
            section.problem(
                key, "'\(section.name(key))' must be a mapping of names.",
                mend: "write `\(key): {NAME: {\(fields[0]): ...}}`.")
            return nil
        }
        return section.section(key, names: mapping.keys.compactMap { $0.scalar?.string })
    }

    private static func rows(_ table: YAMLSection, fields: [String]) -> [Row] {
        table.keys.compactMap { name in
            guard let row = table.section(name, names: fields) else { return nil }
            let found = row.keys.compactMap { key in
                row.text(key).map { Row.Field(key: key, text: $0, line: row.line(key)) }
            }
            return Row(name: name, fields: found, line: table.line(name))
        }
    }
}
