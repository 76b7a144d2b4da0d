import CBenchmarks
import Kernels

/// exp and log per element, 1472 numbers in the nearest cache.
enum ElementaryBenchmark {
    private static let count = 1472

    static func rows() -> [Row] {
        let points = (0..<count).map { 0.01 + 5 * Double($0) / Double(count) }
        let vectors = stride(from: 0, to: count, by: 8).map { SIMD8(points[$0..<$0 + 8]) }
        var results = vectors
        var plain = points
        func measure(_ name: String, _ swift: () -> Void, vector: () -> Void, library: () -> Void) -> [Row] {
            let againstVector = SideBySide(calls: 200, swift, vector)
            let againstLibrary = SideBySide(calls: 200, swift, library)
            let perElement = 1e9 / Double(count)
            return [
                Row("\(name): time", againstVector.first * perElement, "ns per element"),
                Row("\(name): time of C vector types", againstVector.second * perElement, "ns per element"),
                Row("\(name): time of the C library", againstLibrary.second * perElement, "ns per element"),
                Row("\(name) ÷ C vector types", againstVector.ratio, "ratio", .atMost(1.05)),
                Row("\(name) ÷ C library", againstLibrary.ratio, "ratio"),
            ]
        }
        return measure("exp", { exp(vectors.span, into: &results) }, vector: { vector_exp(points, &plain, count) }) {
            library_exp(points, &plain, count)
        }
            + measure("log", { log(vectors.span, into: &results) }, vector: { vector_log(points, &plain, count) }) {
                library_log(points, &plain, count)
            }
    }

    // A loop for each function, over spans as in the kernels: a function handed in as a value would be called once a
    // vector, which C's loops are spared.

    @inline(never)
    private static func exp(_ points: Span<SIMD8<Double>>, into results: inout [SIMD8<Double>]) {
        var results = results.mutableSpan
        for index in points.indices { results[index] = Elementary.exp(points[index]) }
    }

    @inline(never)
    private static func log(_ points: Span<SIMD8<Double>>, into results: inout [SIMD8<Double>]) {
        var results = results.mutableSpan
        for index in points.indices { results[index] = Elementary.log(points[index]) }
    }
}
