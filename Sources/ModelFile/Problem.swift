import Wording

/// Something wrong in what the user gave, with its place and its mend.
package struct Problem: Sendable, Hashable {
    package var file: String
    /// Line of a text file, from 1.
    package var line: Int?
    /// Column of a CSV file, by name.
    package var column: String?
    package var message: String
    /// What to do about it, as a sentence.
    package var mend: String

    /// What a French page says, with what to do; nil of most errors, which the page of a night tells as the terminal does.
    package var french: FrenchText?

    package init(
        file: String, line: Int? = nil, column: String? = nil, message: String, mend: String, french: FrenchText? = nil
    ) {
        self.french = french
        self.file = file
        self.line = line
        self.column = column
        self.message = message
        self.mend = mend
    }
}

extension Problem: CustomStringConvertible {
    /// `model.yaml:12: unknown key 'spned'. Mend: write 'spend'.`
    package var description: String {
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ", column '\(column)'" }
        return "\(place): \(message) Mend: \(mend)"
    }

    /// The same in every language that reports are written in.
    package var sentence: Sentence {
        guard let french else { return Sentence(untranslated: description) }
        var place = file
        if let line { place += ":\(line)" }
        if let column { place += ", colonne « \(column) »" }
        return Sentence(description, french: "\(code: place) : " + french)
    }
}

/// Every problem that was found, in the order of files and lines.
package struct ProblemList: Error {
    package var problems: [Problem]

    package init(problems: [Problem]) {
        self.problems = problems
    }

    /// By file in the order of first appearance, then by line.
    package static func sorted(_ problems: [Problem]) -> [Problem] {
        var files: [String] = []
        for problem in problems where !files.contains(problem.file) { files.append(problem.file) }
        return files.flatMap { file in
            problems.filter { $0.file == file }.enumerated()
                .sorted { ($0.element.line ?? .max, $0.offset) < ($1.element.line ?? .max, $1.offset) }
                .map(\.element)
        }
    }
}
