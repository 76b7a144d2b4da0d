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
        func ours(_ function: (SIMD8<Double>) -> SIMD8<Double>) {
            for index in vectors.indices { results[index] = function(vectors[index]) }
        }
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
        return measure("exp", { ours(Elementary.exp) }, vector: { vector_exp(points, &plain, count) }) {
            library_exp(points, &plain, count)
        }
            + measure("log", { ours(Elementary.log) }, vector: { vector_log(points, &plain, count) }) {
                library_log(points, &plain, count)
            }
    }
}
