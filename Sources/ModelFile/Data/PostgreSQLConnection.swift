import CPostgreSQL

/// A connection to a PostgreSQL server for one query, closed when it goes.
///
/// Whatever the connection string leaves out comes from where libpq looks for it: the variables `PGHOST`, `PGUSER`,
/// `PGPASSWORD` and so on, `~/.pgpass`, the service file.
final class PostgreSQLConnection {
    private let connection: OpaquePointer
    private let mend: String

    /// Connects; waits 10 s unless the connection string has a `connect_timeout`.
    init(_ string: String) throws(DatabaseFailure) {
        mend = "check it with `psql \"\(string)\"`."
        // What comes later wins.
        let opened = Self.withCStrings(["fallback_application_name", "connect_timeout", "dbname"]) { keywords in
            Self.withCStrings(["tutti", "10", string]) { values in PQconnectdbParams(keywords, values, 1) }
        }
        guard let opened else { throw DatabaseFailure(reason: "there is no memory for it", mend: "free some.") }
        connection = opened
        guard PQstatus(connection) == CONNECTION_OK else {
            throw DatabaseFailure(reason: Self.line(PQerrorMessage(connection)), mend: mend)
        }
        PQsetNoticeProcessor(connection, { _, _ in }, nil)
        PQsetClientEncoding(connection, "UTF8")
    }

    deinit { PQfinish(connection) }

    /// What one statement gives, as CSV: dates as ISO 8601 writes them, numbers with all their digits, nothing for null.
    func csv(_ query: String) throws(DatabaseFailure) -> [UInt8] {
        for statement in [
            "set session characteristics as transaction read only", "set datestyle to iso",
            "set extra_float_digits to 1",
        ] {
            let result = PQexec(connection, statement)
            defer { PQclear(result) }
            try check(result, is: PGRES_COMMAND_OK)
        }
        // The extended protocol takes one statement and no more, so that none can lift the ban on writing for the next.
        let result = PQexecParams(connection, query, 0, nil, nil, nil, nil, 0)
        defer { PQclear(result) }
        try check(result, is: PGRES_TUPLES_OK)
        let columns = 0..<PQnfields(result)
        var table = CSVText(columns.map { String(cString: PQfname(result, $0)) })
        for row in 0..<PQntuples(result) {
            table.append(columns.map { String(cString: PQgetvalue(result, row, $0)) })
        }
        return table.bytes
    }

    private func check(_ result: OpaquePointer?, is status: ExecStatusType) throws(DatabaseFailure) {
        guard PQresultStatus(result) != status else { return }
        let message = PQresultErrorField(result, Int32(UInt8(ascii: "M"))) ?? PQerrorMessage(connection)
        let reason = Self.line(message)
        throw DatabaseFailure(reason: reason.isEmpty ? "it gives no table" : reason, mend: mend)
    }

    /// Whether a connection string holds a password, of the server or of a key.
    static func holdsPassword(_ string: String) -> Bool {
        guard let options = PQconninfoParse(string, nil) else { return false }
        defer { PQconninfoFree(options) }
        var option = options
        while let keyword = option.pointee.keyword {
            let isPassword = ["password", "sslpassword"].contains(String(cString: keyword))
            if isPassword, option.pointee.val != nil { return true }
            option += 1
        }
        return false
    }

    /// A message of libpq on one line, without the full stop.
    private static func line(_ message: UnsafePointer<CChar>?) -> String {
        let text = message.map { String(cString: $0) } ?? ""
        return text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    /// The strings as C has them, with a null pointer after the last.
    private static func withCStrings<R>(
        _ strings: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> R
    ) -> R {
        let bytes = strings.map { Array($0.utf8CString) }
        let joined = bytes.flatMap(\.self)
        return joined.withUnsafeBufferPointer { buffer in
            var start = 0
            var pointers: [UnsafePointer<CChar>?] = bytes.map { string in
                defer { start += string.count }
                return buffer.baseAddress! + start
            }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { body($0.baseAddress!) }
        }
    }
}
