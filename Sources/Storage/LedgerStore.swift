import Coordination

/// Where ledger entries are kept: in order, all of a batch or none. Any thread may call; calls take turns.
package protocol LedgerStore: Sendable {
    /// Names this ledger among all: epochs and jobs are counted in it. Not 0.
    func identity() throws(StorageError) -> UInt64

    /// One more than the last time, from 1; durable when it returns.
    func nextCoordinatorEpoch() throws(StorageError) -> UInt64

    /// Adds entries in one transaction; durable when it returns.
    func append(_ batch: [LedgerEntry]) throws(StorageError)

    /// All entries, in the order in which they were added.
    func entries() throws(StorageError) -> [LedgerEntry]

    /// No call may follow.
    func close() throws(StorageError)
}
