/// Maps indices, on as many processors as it likes. The results are in the order of the indices, so that how many there
/// were leaves no trace.
package protocol ParallelMap: Sendable {
    func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result]
}

extension ParallelMap {
    /// The same of what can fail: throws the error of the first index that has one.
    package func tryMap<Result: Sendable>(
        _ count: Int, _ body: @Sendable (Int) throws -> Result
    ) throws -> [Result] {
        try map(count) { index in Swift.Result { try body(index) } }.map { try $0.get() }
    }

    /// What blocks of up to `size` indices of `count` give, one after the other: pieces of work that are small enough to be
    /// shared evenly, and large enough to use one set of buffers for many.
    package func mapBlocks<Result: Sendable>(
        of count: Int, size: Int, _ body: @Sendable (Range<Int>) -> Result
    ) -> [Result] {
        map((count + size - 1) / size) { body($0 * size..<min(($0 + 1) * size, count)) }
    }
}

/// One index after the other.
package struct SerialMap: ParallelMap {
    package init() {}

    package func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        (0..<count).map(body)
    }
}
