import GRDB

/// What SQLite refuses, in this module's words.
enum LedgerError {
    /// - Parameter path: the database.
    static func converted<Value>(_ path: String, _ body: () throws -> Value) throws(StorageError) -> Value {
        do {
            return try body()
        } catch let error as StorageError {
            throw error
        } catch let error as DatabaseError {
            let detail = error.message ?? error.resultCode.description
            switch error.resultCode {
            case .SQLITE_FULL: throw .full(attempt: "write \(path)")
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: throw .damagedLedger(path: path, detail: detail)
            default: throw .ledger(path: path, detail: detail)
            }
        } catch {
            throw .ledger(path: path, detail: String(describing: error))
        }
    }
}
