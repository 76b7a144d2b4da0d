import Kernels
import ModelDefinition
import ModelFile

extension DataChecks {
    /// Size of a sum ÷ that of the geo which it is, at most so far from 1: a total may hold places that are not listed.
    private static let sizeTolerance = 0.05
    /// Correlation of the changes of a geo with those of the sum.
    private static let sumCorrelationMin = 0.97
    /// Weight of a geo in the regression of another, from which on it is a part of it.
    private static let partWeightMin = 0.6
    /// Largest geos whose parts are looked for: a total is large.
    private static let candidatesMax = 12
    /// Distance of a geo from the mean of the others, as a share of it, up to which it is that mean.
    private static let meanTolerance = 0.002
    /// Periods from which on that is no chance.
    private static let meanPeriodsMin = 8
    /// Keeps regressions on many geos solvable, relative to their variance.
    private static let partRidge = 1e-8

    /// Geos that are the sum or the mean of others, so that everything counts twice.
    var geoSums: [Problem] {
        guard data.geoCount > 1 else { return [] }
        let series = (0..<data.geoCount).map { geo in data.kpi[data.cells(of: geo)].map { $0.isNaN ? 0 : $0 } }
        let order = series.indices.sorted { Reductions.sum(series[$0]) > Reductions.sum(series[$1]) }
        var found: [Problem] = []
        for geo in order.prefix(Self.candidatesMax) {
            guard let parts = parts(of: geo, series) else { continue }
            let names = Self.elided(parts.map { "'\(data.geos[$0])'" })
            let manner = parts.count == 1 ? "has the KPI of \(names) once more" : "is the sum of \(names)"
            found.append(
                kpiProblem(
                    "the geo '\(data.geos[geo])' \(manner): what happened there counts twice.",
                    mend: "leave the rows of '\(data.geos[geo])' out of the data.",
                    french: """
                        la zone « \(code: data.geos[geo]) » \
                        \(parts.count == 1 ? "reprend l’indicateur" : "est la somme") de \(frenchNames(geos: parts)) : \
                        ce qui s’y passe compte double. Laissez les lignes de « \(code: data.geos[geo]) » hors des \
                        données.
                        """
                ))
            // Its parts would otherwise be named as differences of it.
            break
        }
        return found.isEmpty ? geoMeans : found
    }

    /// A geo that is the mean of all others, as a row of averages is.
    private var geoMeans: [Problem] {
        guard data.geoCount > 2 else { return [] }
        var (sums, counts) = (
            [Double](repeating: 0, count: data.periodCount), [Int](repeating: 0, count: data.periodCount)
        )
        for cell in knownCells {
            sums[cell % data.periodCount] += data.kpi[cell]
            counts[cell % data.periodCount] += 1
        }
        let mean = (0..<data.geoCount).first { geo in
            let compared = knownCells(of: geo).filter { counts[$0 % data.periodCount] > 2 }
            return compared.count >= Self.meanPeriodsMin
                && compared.allSatisfy { cell in
                    let (kpi, period) = (data.kpi[cell], cell % data.periodCount)
                    let mean = (sums[period] - kpi) / Double(counts[period] - 1)
                    return abs(kpi - mean) <= Self.meanTolerance * abs(mean)
                }
        }
        guard let mean else { return [] }
        return [
            kpiProblem(
                "the geo '\(data.geos[mean])' is the mean of the others: what happened there counts twice.",
                mend: "leave the rows of '\(data.geos[mean])' out of the data.",
                french: """
                    la zone « \(code: data.geos[mean]) » est la moyenne des autres : ce qui s’y passe compte \
                    double. Laissez ses lignes hors des données.
                    """
            )
        ]
    }

    private func parts(of geo: Int, _ series: [[Double]]) -> [Int]? {
        let others = series.indices.filter { $0 != geo }
        if let copy = others.first(where: { series[$0] == series[geo] && Set(series[geo]).count > 2 }) { return [copy] }
        guard others.count > 1 else { return nil }
        return [others, weighty(geo, others, series)].first { parts in
            parts.count > 1 && isSum(series[geo], parts.map { series[$0] })
        }
    }

    private func isSum(_ total: [Double], _ parts: [[Double]]) -> Bool {
        let sum = total.indices.map { index in parts.reduce(0) { $0 + $1[index] } }
        let (size, other) = (Reductions.sum(total.map(abs)), Reductions.sum(sum.map(abs)))
        guard size > 0, abs(other / size - 1) < Self.sizeTolerance else { return false }
        return Self.correlation(Self.differences(total), Self.differences(sum)) > Self.sumCorrelationMin
    }

    /// The geos that have weight in a regression of one geo's changes on those of all others.
    private func weighty(_ geo: Int, _ others: [Int], _ series: [[Double]]) -> [Int] {
        let count = others.count
        guard count < data.periodCount - 1 else { return [] }
        let target = Self.differences(series[geo])
        let changes = others.map { Self.differences(series[$0]) }
        var products = [Double](repeating: 0, count: count * count)
        for row in 0..<count {
            for column in 0...row { products[row * count + column] = Reductions.dot(changes[row], changes[column]) }
            products[row * count + row] *= 1 + Self.partRidge
        }
        guard let factor = Cholesky.factor(products, dimension: count) else { return [] }
        var solution = changes.map { Reductions.dot($0, target) }
        for row in 0..<count {
            var rest = solution[row]
            for column in 0..<row { rest -= factor[row * count + column] * solution[column] }
            solution[row] = rest / factor[row * count + row]
        }
        var span = solution.mutableSpan
        Cholesky.solveTransposed(factor.span, &span)
        return others.indices.filter { solution[$0] > Self.partWeightMin }.map { others[$0] }
    }

    static func differences(_ values: [Double]) -> [Double] { zip(values.dropFirst(), values).map { $0 - $1 } }

    /// Correlation of two series; 0 where one does not vary.
    static func correlation(_ a: [Double], _ b: [Double]) -> Double {
        guard !a.isEmpty else { return 0 }
        let (meanA, meanB) = (Reductions.sum(a) / Double(a.count), Reductions.sum(b) / Double(b.count))
        let (x, y) = (a.map { $0 - meanA }, b.map { $0 - meanB })
        let length = (Reductions.squaredNorm(x) * Reductions.squaredNorm(y)).squareRoot()
        return length > 0 ? Reductions.dot(x, y) / length : 0
    }
}
