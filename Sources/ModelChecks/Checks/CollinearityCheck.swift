import Kernels
import ModelFile
import Wording

extension DataChecks {
    /// |Correlation| of two columns from which on their effects are split by the priors, not by the data: at 0.95 a
    /// standard error is more than three times that of uncorrelated columns.
    private static let correlationMax = 0.95
    /// Variance inflation from which a column is called a mixture of the others; 10 is the customary limit (Marquardt
    /// 1970), nine tenths of its variance being theirs.
    private static let inflationMax = 10.0
    /// Keeps the correlation matrix of exactly dependent columns invertible; far below the limit's effect.
    private static let ridge = 1e-9

    /// Columns that move together, so that the data cannot say which of them did what.
    ///
    /// Correlations are those of deviations from each geo's mean, in units of the geo's standard deviation: geos of
    /// different size spend differently on everything, and that is no collinearity.
    var collinearColumns: [Problem] {
        let varying = columns.map { ($0, directions($0.values)) }.filter { $0.1.contains { $0 != 0 } }
        var found: [Problem] = []
        var kept: [(CheckedColumn, [Double])] = []
        for (column, direction) in varying {
            let twin = kept.map { ($0.0, dot($0.1, direction)) }.first { abs($0.1) >= Self.correlationMax }
            guard let (other, correlation) = twin else {
                kept.append((column, direction))
                continue
            }
            let isExact = abs(correlation) > 1 - Self.ridge
            let manner = isExact ? "exactly" : "almost exactly"
            found.append(
                problem(
                    column,
                    "\(column.words) moves \(manner) \(correlation > 0 ? "with" : "against") \(other.words)"
                        + (isExact ? "" : " (correlation \(Self.words(correlation)))")
                        + ": their effects cannot be told apart.",
                    mend: column.isLinear || other.isLinear
                        ? "remove one of the two." : "join the two channels, or give one a prior from an experiment.",
                    french: """
                        varie \(isExact ? "exactement" : "presque exactement") \
                        \(correlation > 0 ? "comme" : "à l’inverse de") \(other.frenchWords)\
                        \(isExact ? "" : " (corrélation \(FrenchText.number(Self.words(correlation))))") : leurs effets \
                        ne peuvent pas être distingués. \
                        \(column.isLinear || other.isLinear
                            ? "Retirez l’un des deux."
                            : "Réunissez les deux canaux, ou donnez à l’un un a priori tiré d’une expérience.")
                        """
                ))
        }
        return found + mixtures(kept)
    }

    /// Columns that the others give together, though no two are alike.
    private func mixtures(_ columns: [(CheckedColumn, [Double])]) -> [Problem] {
        let n = columns.count
        let inflation = inflations(columns.map(\.1))
        let mixed = (0..<n).filter { inflation[$0] > Self.inflationMax }
        guard let first = mixed.first, let largest = mixed.map({ inflation[$0] }).max() else { return [] }
        let names = mixed.map { columns[$0].0.words }.joined(separator: ", ")
        let manner = largest > 1 / Self.ridge.squareRoot() ? "exactly" : "almost"
        return [
            problem(
                columns[first].0,
                "\(names) can be computed \(manner) from one another: their effects cannot be told apart.",
                mend: "remove the one that matters least, or join channels.",
                french: """
                    avec d’autres (\(mixed.map { columns[$0].0.name }.joined(separator: ", "))), ces séries se \
                    calculent \(manner == "almost" ? "presque" : "exactement") les unes des autres : leurs effets ne peuvent pas être distingués. Retirez la moins \
                    importante, ou réunissez des canaux.
                    """
            )
        ]
    }

    /// The variance inflation of each column: the diagonal of the inverse correlation matrix.
    private func inflations(_ directions: [[Double]]) -> [Double] {
        let n = directions.count
        var correlation = [Double](repeating: 0, count: n * n)
        for i in 0..<n {
            for j in 0...i { correlation[i * n + j] = dot(directions[i], directions[j]) + (i == j ? Self.ridge : 0) }
        }
        guard let factor = Cholesky.factor(correlation, dimension: n) else {
            return [Double](repeating: .infinity, count: n)
        }
        var diagonal = [Double](repeating: 0, count: n)
        for k in 0..<n {
            var x = [Double](repeating: 0, count: n)
            x[k] = 1
            var span = x.mutableSpan
            Cholesky.solveTransposed(factor.span, &span)
            for j in 0..<n { diagonal[j] += x[j] * x[j] }
        }
        return diagonal
    }

    /// The standardised known values of a column as a vector of length 1; zeros where no geo varies.
    private func directions(_ values: [Double]) -> [Double] {
        var direction: [Double] = []
        for geo in 0..<data.geoCount {
            let own = knownCells(of: geo).map { values[$0] }
            guard own.contains(where: { $0 != own[0] }) else {
                direction += own.map { _ in 0 }
                continue
            }
            let mean = own.reduce(0, +) / Double(own.count)
            let deviations = own.map { $0 - mean }
            let scale = (dot(deviations, deviations) / Double(own.count)).squareRoot()
            direction += deviations.map { scale > 0 ? $0 / scale : 0 }
        }
        let length = dot(direction, direction).squareRoot()
        return length > 0 ? direction.map { $0 / length } : direction
    }

    private func dot(_ a: [Double], _ b: [Double]) -> Double { Reductions.dot(a.span, b.span) }
}
