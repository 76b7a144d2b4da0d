import Kernels
import Testing

@Suite("matrices")
struct MatrixTests {
    /// A symmetric matrix with these eigenvalues and random eigenvectors, by reflections.
    private func matrix(eigenvalues: [Double], seed: UInt64) -> [Double] {
        let n = eigenvalues.count
        var stream = RandomStream(key: testKey(seed), iteration: UInt64(n), site: 0)
        var a = [Double](repeating: 0, count: n * n)
        for i in 0..<n { a[i * n + i] = eigenvalues[i] }
        for _ in 0..<3 {
            let v = (0..<n).map { _ in stream.normal() }
            let square = v.map { $0 * $0 }.reduce(0, +)
            var reflection = [Double](repeating: 0, count: n * n)
            for i in 0..<n {
                for j in 0..<n { reflection[i * n + j] = (i == j ? 1 : 0) - 2 * v[i] * v[j] / square }
            }
            a = SymmetricEigen.congruence(reflection, a, dimension: n)
        }
        return a
    }

    @Test("eigenvalues and eigenvectors are those that the matrix is made of", arguments: [1, 2, 3, 8, 31, 90])
    func eigen(n: Int) throws {
        // Apart, equal, and of either sign.
        for eigenvalues in [
            (0..<n).map { Double($0) - 3.5 }, [Double](repeating: 2, count: n),
            (0..<n).map { $0 % 3 == 0 ? 1e6 : 1e-3 },
        ] {
            let a = matrix(eigenvalues: eigenvalues, seed: 350)
            let eigen = try #require(SymmetricEigen(a, dimension: n))
            let norm = eigenvalues.map(abs).max() ?? 0
            for (found, expected) in zip(eigen.values, eigenvalues.sorted()) {
                #expect(abs(found - expected) < 1e-13 * norm * Double(n + 8))
            }
            let rows = (0..<n).map { Array(eigen.vectors[($0 * n)..<(($0 + 1) * n)]) }
            for i in 0..<n {
                for j in 0...i {
                    #expect(abs(Reductions.dot(rows[i], rows[j]) - (i == j ? 1 : 0)) < 1e-13 * Double(n + 8))
                }
                for k in 0..<n {
                    let image = Reductions.dot(Array(a[(k * n)..<((k + 1) * n)]), rows[i])
                    #expect(abs(image - eigen.values[i] * rows[i][k]) < 1e-13 * norm * Double(n + 8))
                }
            }
        }
    }

    @Test("a tridiagonal, a diagonal and a zero matrix are no trouble, a matrix that is not finite has no eigenvalues")
    func special() throws {
        let second = [2.0, -1, 0, -1, 2, -1, 0, -1, 2]
        let values = try #require(SymmetricEigen(second, dimension: 3)).values
        for (found, expected) in zip(values, [2 - 2.0.squareRoot(), 2, 2 + 2.0.squareRoot()]) {
            #expect(abs(found - expected) < 1e-14)
        }
        #expect(SymmetricEigen([3, 0, 0, 0, 1, 0, 0, 0, 2], dimension: 3)?.values == [1, 2, 3])
        #expect(SymmetricEigen([0, 0, 0, 0], dimension: 2)?.values == [0, 0])
        #expect(SymmetricEigen([0, 1, 1, 0], dimension: 2)?.values.map { $0.rounded() } == [-1, 1])
        #expect(SymmetricEigen([], dimension: 0)?.values == [])
        #expect(SymmetricEigen([.nan, 0, 0, 1], dimension: 2) == nil)
        #expect(SymmetricEigen([1, .infinity, .infinity, 1], dimension: 2) == nil)
    }

    @Test("the Cholesky factor times its transpose is the matrix, and solves", arguments: [1, 2, 9, 40])
    func cholesky(n: Int) throws {
        let a = matrix(eigenvalues: (0..<n).map { 0.1 + Double($0) }, seed: 351)
        let factor = try #require(Cholesky.factor(a, dimension: n))
        for i in 0..<n {
            for j in 0..<n {
                let product = (0..<n).map { factor[i * n + $0] * factor[j * n + $0] }.reduce(0, +)
                #expect(abs(product - a[i * n + j]) < 1e-12 * Double(n))
                if j > i { #expect(factor[i * n + j] == 0) }
            }
        }
        let x = (0..<n).map { 1 + Double($0 % 5) }
        // Lᵀ x, solved again.
        var b = (0..<n).map { i in (0..<n).map { factor[$0 * n + i] * x[$0] }.reduce(0, +) }
        var target = b.mutableSpan
        Cholesky.solveTransposed(factor.span, &target)
        for (found, expected) in zip(b, x) { #expect(abs(found - expected) < 1e-10) }
    }
}
