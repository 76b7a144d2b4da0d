import GRDB

/// What a query gives, as a table of text in the place of a CSV file.
struct DatabaseSource {
    enum Database {
        /// The file's path as the model file gives it.
        case sqlite(String)
        /// The connection string as the model file gives it, in either form of libpq.
        case postgres(String)

        /// The database as the model file names it.
        var name: String {
            switch self {
            case .sqlite(let path): path
            case .postgres(let connection): connection
            }
        }
    }

    var database: Database
    var query: String

    /// The path under which a bundle holds what the source at this place of `data.sources` gave.
    static func bundlePath(_ name: String, source: Int) -> String { "\(name)#\(source)" }

    /// The result as CSV. Whichever the database, it is opened for reading only.
    ///
    /// - Parameter location: where the file of an SQLite database lies.
    func bytes(at location: String) throws(DatabaseFailure) -> [UInt8] {
        switch database {
        case .sqlite: try Self.sqlite(location, query)
        case .postgres(let connection): try PostgreSQLConnection(connection).csv(query)
        }
    }

    private static func sqlite(_ path: String, _ query: String) throws(DatabaseFailure) -> [UInt8] {
        do {
            var configuration = Configuration()
            configuration.readonly = true
            return try DatabaseQueue(path: path, configuration: configuration).read { database in
                let cursor = try Row.fetchCursor(database, sql: query)
                let columns = (0..<cursor.columnCount).map { cursor.columnNames[$0] }
                var table = CSVText(columns)
                while let row = try cursor.next() { table.append(columns.indices.map { text(row[$0]) }) }
                return table.bytes
            }
        } catch {
            let reason = (error as? DatabaseError)?.message ?? "it cannot be read"
            throw DatabaseFailure(reason: reason, mend: "check the query and the file.")
        }
    }

    private static func text(_ value: DatabaseValue) -> String {
        switch value.storage {
        case .null: ""
        case .int64(let value): "\(value)"
        case .double(let value): "\(value)"
        case .string(let value): value
        case .blob: "blob"
        }
    }
}

/// Why a query gave nothing.
struct DatabaseFailure: Error {
    /// Without the full stop.
    var reason: String
    var mend: String
}

/// CSV that is being written.
struct CSVText {
    private(set) var bytes: [UInt8] = []
    private let separator: UInt8

    init(_ columns: [String], separator: UInt8 = UInt8(ascii: ",")) {
        self.separator = separator
        append(columns)
    }

    mutating func append(_ record: [String]) {
        for (index, text) in record.enumerated() {
            if index > 0 { bytes.append(separator) }
            let isQuoted = text.contains { $0 == "\"" || $0.isNewline || $0.utf8.elementsEqual([separator]) }
            bytes += isQuoted ? "\"\(text.replacing("\"", with: "\"\""))\"".utf8 : text.utf8
        }
        bytes.append(UInt8(ascii: "\n"))
    }
}
