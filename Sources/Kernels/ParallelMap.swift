/// Maps indices, on as many processors as it likes. The results are in the order of the indices, so that how many there
/// were leaves no trace.
package protocol ParallelMap: Sendable {
    func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result]
}

/// One index after the other.
package struct SerialMap: ParallelMap {
    package init() {}

    package func map<Result: Sendable>(_ count: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        (0..<count).map(body)
    }
}
