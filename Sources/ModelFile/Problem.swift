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

    package init(file: String, line: Int? = nil, column: String? = nil, message: String, mend: String) {
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
}

/// Every problem that was found, in the order of files and lines.
package struct ProblemList: Error {
    package var problems: [Problem]
}
