import GRDB

/// What a query gives, as a table of text in the place of a CSV file.
struct DatabaseSource {
    /// The file's path as the model file gives it.
    var path: String
    var query: String

    /// The path under which a bundle holds what the source at this place of `data.sources` gave.
    static func bundlePath(_ path: String, source: Int) -> String { "\(path)#\(source)" }

    /// The result as CSV; nil after a problem, which is one of the model file.
    ///
    /// The database is opened for reading only.
    func bytes(at location: String, modelFile: String, problems: inout [Problem]) -> [UInt8]? {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: location, configuration: configuration).read { database in
                let cursor = try Row.fetchCursor(database, sql: query)
                let columns = (0..<cursor.columnCount).map { cursor.columnNames[$0] }
                var lines = [columns.map(Self.field).joined(separator: ",")]
                while let row = try cursor.next() {
                    lines.append(columns.indices.map { Self.text(row[$0]) }.joined(separator: ","))
                }
                return Array((lines.joined(separator: "\n") + "\n").utf8)
            }
        } catch {
            let reason = (error as? DatabaseError)?.message ?? "it cannot be read"
            problems.append(
                Problem(
                    file: modelFile, message: "the query on '\(path)' fails: \(reason).",
                    mend: "check the query and the file."))
            return nil
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): field(value)
        case .blob: "blob"
        }
    }

    private static func field(_ text: String) -> String {
        guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
