import Yams

/// A file of settings: at its top the names of programs, below each of them its settings, one word or number each.
package enum SettingsFile {
    package struct Entry: Sendable, Hashable {
        package var program: String
        package var key: String
        package var text: String
        /// From 1.
        package var line: Int?
    }

    /// - Parameters:
    ///   - file: how problems name it.
    ///   - keys: what each program may have, in the order of the page that explains them.
    package static func read(
        _ bytes: [UInt8], file: String, keys: [(program: String, keys: [String])]
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
                guard let section = top.section(program, names: keys) else { continue }
                for key in section.keys {
                    guard let text = section.text(key) else { continue }
                    entries.append(Entry(program: program, key: key, text: text, line: section.line(key)))
                }
            }
        }
        guard problems.problems.isEmpty else { throw ProblemList(problems: ProblemList.sorted(problems.problems)) }
        return entries
    }
}
