import Densities
import Kernels
import ModelDefinition

/// A penalised least-squares fit of a panel's mean: media in the shapes that fit best and in each geo's own size, and the
/// linear part. It lies near a mode of the posterior at a given spread of sizes.
///
/// Levenberg-Marquardt steps (Marquardt 1963, SIAM J. Appl. Math. 11), the residual variance taken anew after each.
struct MediaFit {
    /// ½ precision (x − mean)² of an unknown x.
    private struct Penalty {
        var mean = 0.0
        var precision = 1.0
    }

    private let model: MarketingMixModel
    private let channels: [Component]
    /// The model's coordinates of shapes that geos share, the channels of each, and all parameters at their priors' means.
    private let shapes: [Int]
    private let channelsOfShape: [[Int]]
    private let expected: [Double]
    /// Without the mean of each geo, which its intercept takes up: the KPI, columns of all geos, and those of one.
    private let target: [Double]
    private let columns: [[Double]]
    private let ownColumns: [[[Double]]]
    private let penalties: [Penalty]
    private let ownPenalties: [[Penalty]]

    /// What all geos share: logarithms of channels' sizes, unconstrained shapes, coefficients.
    private var shared: [Double]
    /// By geo: logarithms of what multiplies the sizes there, and coefficients.
    private var own: [[Double]]
    private var variance: Double
    /// By channel: what it brings in each cell in these shapes at its expected size, without the mean of the geo.
    private var media: [[Double]] = []

    /// More are not needed even from far off.
    private static let stepsMax = 40
    /// Of the difference by which shapes' slopes are found.
    private static let shapeDifference = 1e-4

    /// Nil where nothing finite fits, or fewer cells are known than unknowns are determined.
    init?(_ model: MarketingMixModel, columns: [LinearColumn]) {
        let priors = model.parameters.table.priors
        self.model = model
        channels = model.components.filter(\.isChannel)
        let expected = priors.map { $0.prior.mean ?? $0.evaluate(0).value }
        let shapesOfChannels = channels.indices.map(model.sharedShapes)
        shapes = Set(shapesOfChannels.joined()).sorted()
        channelsOfShape = shapes.map { shape in shapesOfChannels.indices.filter { shapesOfChannels[$0].contains(shape) }
        }
        self.expected = expected
        target = model.withoutGeoMeans(model.target)
        func penalty(_ column: LinearColumn) -> Penalty {
            let deviation = column.prior.standardDeviation ?? 1
            return Penalty(mean: column.prior.mean ?? 0, precision: deviation > 0 ? 1 / (deviation * deviation) : 1)
        }
        let common = columns.filter { $0.geo == nil }
        self.columns = common.map { model.withoutGeoMeans($0.values) }
        penalties =
            channels.map { _ in Penalty() }
            + shapes.map { Penalty(mean: priors[$0].transform.unconstrain(expected[$0])) }
            + common.map(penalty)
        let ofGeos = (0..<model.dataset.geoCount).map { geo in
            columns.compactMap { column -> (values: [Double], penalty: Penalty)? in
                guard column.geo == geo else { return nil }
                let values = model.withoutMean(column.values, geo: geo)
                return values.contains { $0 != 0 } ? (values, penalty(column)) : nil
            }
        }
        ownColumns = ofGeos.map { $0.map(\.values) }
        let sizes = channels.map { _ in Penalty() }
        ownPenalties = ofGeos.map { sizes + $0.map(\.penalty) }
        shared = penalties.map(\.mean)
        own = ownPenalties.map { $0.map(\.mean) }
        variance = model.expectedResidualDeviation * model.expectedResidualDeviation
        media = mediaSeries
        guard penalties.allSatisfy(\.mean.isFinite), improve() else { return nil }
    }

    /// By channel, then geo: the logarithm γ of what multiplies the channel's size in the geo, and the precision with which
    /// the geo's cells tell it.
    ///
    /// - Parameter deviationMax: the standard deviation of γ that is taken as known, and counts to no precision.
    func deviations(deviationMax: Double) -> (values: [[Double]], precisions: [[Double]])? {
        let ridge = 1 / (deviationMax * deviationMax)
        var result = (values: channels.map { _ in [Double]() }, precisions: channels.map { _ in [Double]() })
        for (geo, equations) in equations(slopes: nil).enumerated() {
            let penalties =
                channels.map { _ in Penalty(precision: ridge) } + ownPenalties[geo].dropFirst(channels.count)
            guard let inverse = equations.ownInverse(precisions: penalties.map(\.precision), damping: 0) else {
                return nil
            }
            let force = Self.force(equations.forces, at: own[geo], penalties)
            for channel in channels.indices {
                let row = Array(inverse[channel * force.count..<(channel + 1) * force.count])
                result.values[channel].append(own[geo][channel] + Reductions.dot(row, force))
                result.precisions[channel].append(max(1 / row[channel] - ridge, 0))
            }
        }
        return result
    }

    /// Steps until one gains less than a unit of log density; false where there is no finite fit.
    private mutating func improve() -> Bool {
        let known = Double((0..<model.dataset.cellCount).count(where: model.isSeen))
        var damping = 1e-3
        for _ in 0..<Self.stepsMax {
            let equations = equations(slopes: shapeSlopes())
            let before = loss
            guard before.isFinite else { return false }
            var gain = 0.0
            // A step that is damped so much is none.
            while damping < 1e9, gain <= 0 {
                var moved = self
                if moved.step(equations, damping: damping) { gain = before - moved.loss }
                if gain > 0 { self = moved } else { damping *= 10 }
            }
            guard let determined = determinedCount(equations), determined < known else { return false }
            variance = squaredResiduals / (known - determined)
            guard variance > 0 else { return false }
            if gain < 1 { return true }
            damping = max(damping / 10, 1e-9)
        }
        return true
    }

    /// −log density but for a constant, at this variance.
    private var loss: Double {
        func sum(_ values: [Double], _ penalties: [Penalty]) -> Double {
            zip(values, penalties).reduce(0) { $0 + $1.1.precision * ($1.0 - $1.1.mean) * ($1.0 - $1.1.mean) }
        }
        let penalty = zip(own, ownPenalties).reduce(sum(shared, penalties)) { $0 + sum($1.0, $1.1) }
        return 0.5 * (squaredResiduals / variance + penalty)
    }

    private var squaredResiduals: Double {
        own.indices.reduce(0) { $0 + Reductions.squaredNorm(residuals(geo: $1)) }
    }

    private var shapeValues: [Double] { Array(shared[channels.count..<channels.count + shapes.count]) }

    /// `media` of the present shapes.
    private var mediaSeries: [[Double]] {
        let parameters = parameters(shapes: shapeValues)
        return channels.indices.map { model.withoutGeoMeans(parameters.media($0)) }
    }

    private func parameters(shapes values: [Double]) -> ParameterValues {
        var constrained = expected
        for (shape, value) in zip(shapes, values) {
            constrained[shape] = model.parameters.table.priors[shape].evaluate(value).value
        }
        return ParameterValues(model, constrained)
    }

    /// By shape, then channel of the shape: the derivative of what the channel brings.
    private func shapeSlopes() -> [[[Double]]] {
        shapes.indices.map { shape in
            var values = shapeValues
            values[shape] += Self.shapeDifference
            let parameters = parameters(shapes: values)
            return channelsOfShape[shape].map { channel in
                let moved = model.withoutGeoMeans(parameters.media(channel))
                return zip(moved, media[channel]).map { ($0 - $1) / Self.shapeDifference }
            }
        }
    }

    /// e^(size + γ) of a channel in a geo.
    private func factor(_ channel: Int, geo: Int) -> Double { Elementary.exp(shared[channel] + own[geo][channel]) }

    private func residuals(geo: Int) -> [Double] {
        let cells = model.dataset.cells(of: geo)
        var rest = Array(target[cells])
        func subtract(_ factor: Double, _ values: ArraySlice<Double>) {
            for (index, value) in values.enumerated() { rest[index] -= factor * value }
        }
        for channel in channels.indices { subtract(factor(channel, geo: geo), media[channel][cells]) }
        for (column, coefficient) in zip(columns, shared.suffix(columns.count)) { subtract(coefficient, column[cells]) }
        for (column, coefficient) in zip(ownColumns[geo], own[geo].dropFirst(channels.count)) {
            subtract(coefficient, column[...])
        }
        return rest
    }

    /// Normal equations by geo.
    ///
    /// - Parameter slopes: as of `shapeSlopes`; nil for a geo's own unknowns alone.
    private func equations(slopes: [[[Double]]]?) -> [GeoEquations] {
        own.indices.map { geo in
            let cells = model.dataset.cells(of: geo)
            let factors = channels.indices.map { factor($0, geo: geo) }
            let ownMedia = zip(media, factors).map { values, factor in values[cells].map { factor * $0 } }
            var sharedColumns: [[Double]] = []
            if let slopes {
                sharedColumns = ownMedia
                for (channels, slopes) in zip(channelsOfShape, slopes) {
                    var sum = [Double](repeating: 0, count: cells.count)
                    for (channel, slope) in zip(channels, slopes) {
                        for (index, value) in slope[cells].enumerated() { sum[index] += factors[channel] * value }
                    }
                    sharedColumns.append(sum)
                }
                sharedColumns += columns.map { Array($0[cells]) }
            }
            return GeoEquations(
                own: ownMedia + ownColumns[geo], shared: sharedColumns, rest: residuals(geo: geo),
                variance: variance)
        }
    }

    private static func force(_ forces: [Double], at values: [Double], _ penalties: [Penalty]) -> [Double] {
        penalties.indices.map { forces[$0] - penalties[$0].precision * (values[$0] - penalties[$0].mean) }
    }

    /// Moves to the solution of the damped equations, each geo's own unknowns eliminated first; false where it has none.
    private mutating func step(_ equations: [GeoEquations], damping: Double) -> Bool {
        let count = shared.count
        var matrix = [Double](repeating: 0, count: count * count)
        var force = Self.force([Double](repeating: 0, count: count), at: shared, penalties)
        for index in 0..<count { matrix[index * count + index] = penalties[index].precision }
        var solved: [(inverse: [Double], force: [Double])] = []
        for (geo, equations) in equations.enumerated() {
            let penalties = ownPenalties[geo]
            guard let inverse = equations.ownInverse(precisions: penalties.map(\.precision), damping: damping) else {
                return false
            }
            let ownForce = Self.force(equations.forces, at: own[geo], penalties)
            equations.eliminate(inverse, ownForce, damping: damping, into: &matrix, &force)
            solved.append((inverse, ownForce))
        }
        guard let factor = Cholesky.factor(matrix, dimension: count) else { return false }
        let change = Cholesky.solve(factor, force)
        for index in 0..<count { shared[index] += change[index] }
        for (geo, equations) in equations.enumerated() {
            let (inverse, force) = solved[geo]
            let rest = zip(force, equations.crossProducts(with: change)).map { $0 - $1 }
            for row in rest.indices {
                own[geo][row] += Reductions.dot(Array(inverse[row * rest.count..<(row + 1) * rest.count]), rest)
            }
        }
        guard (shared + own.joined()).allSatisfy(\.isFinite) else { return false }
        media = mediaSeries
        return true
    }

    /// How many unknowns the data determine rather than the penalty (MacKay 1992, Neural Computation 4), those that geos
    /// share taken as determined.
    private func determinedCount(_ equations: [GeoEquations]) -> Double? {
        var sum = Double(shared.count)
        for (equations, penalties) in zip(equations, ownPenalties) {
            guard let inverse = equations.ownInverse(precisions: penalties.map(\.precision), damping: 0) else {
                return nil
            }
            for (index, penalty) in penalties.enumerated() {
                sum += 1 - penalty.precision * inverse[index * penalties.count + index]
            }
        }
        return sum
    }
}

/// The normal equations of one geo: products of its own columns and of those that all geos share, divided by the residual
/// variance.
private struct GeoEquations {
    private let ownCount: Int
    private let sharedCount: Int
    /// Own columns first; row-major.
    private let products: [Double]
    /// Xᵀ rest, own columns first.
    let forces: [Double]

    init(own: [[Double]], shared: [[Double]], rest: [Double], variance: Double) {
        let columns = own + shared
        ownCount = own.count
        sharedCount = shared.count
        var products = [Double](repeating: 0, count: columns.count * columns.count)
        for row in columns.indices {
            for column in 0...row {
                let product = Reductions.dot(columns[row], columns[column]) / variance
                products[row * columns.count + column] = product
                products[column * columns.count + row] = product
            }
        }
        self.products = products
        forces = columns.map { Reductions.dot($0, rest) / variance }
    }

    private func product(_ row: Int, _ column: Int) -> Double { products[row * (ownCount + sharedCount) + column] }

    /// The inverse of own products, their diagonal times 1 + damping, plus precisions; row-major.
    func ownInverse(precisions: [Double], damping: Double) -> [Double]? {
        var matrix: [Double] = []
        for row in 0..<ownCount {
            for column in 0..<ownCount {
                let isDiagonal = row == column
                matrix.append(isDiagonal ? product(row, row) * (1 + damping) + precisions[row] : product(row, column))
            }
        }
        guard let factor = Cholesky.factor(matrix, dimension: ownCount) else { return nil }
        return (0..<ownCount).flatMap { row in
            var unit = [Double](repeating: 0, count: ownCount)
            unit[row] = 1
            return Cholesky.solve(factor, unit)
        }
    }

    /// Adds to the equations of shared unknowns what is left of these once own ones are solved for.
    func eliminate(
        _ inverse: [Double], _ force: [Double], damping: Double, into matrix: inout [Double],
        _ sharedForce: inout [Double]
    ) {
        for column in 0..<sharedCount {
            let cross = (0..<ownCount).map { product($0, ownCount + column) }
            let solved = (0..<ownCount).map { row in
                Reductions.dot(Array(inverse[row * ownCount..<(row + 1) * ownCount]), cross)
            }
            sharedForce[column] += forces[ownCount + column] - Reductions.dot(solved, force)
            for row in 0..<sharedCount {
                var value = product(ownCount + row, ownCount + column)
                if row == column { value *= 1 + damping }
                for index in 0..<ownCount { value -= product(index, ownCount + row) * solved[index] }
                matrix[row * sharedCount + column] += value
            }
        }
    }

    /// By own column: Σ over shared ones of their product times the change of the unknown.
    func crossProducts(with change: [Double]) -> [Double] {
        (0..<ownCount).map { row in
            change.indices.reduce(0) { $0 + product(row, ownCount + $1) * change[$1] }
        }
    }
}

extension MarketingMixModel {
    /// Coordinates of a channel's carry-over and saturation that all geos share.
    fileprivate func sharedShapes(_ channel: Int) -> [Int] {
        let ofPlaces = Dictionary(uniqueKeysWithValues: parameters.derived.map { ($0.place, $0.inputs) })
        func coordinates(_ place: Int) -> [Int] {
            if let coordinate = parameters.table.coordinates[place] { return [coordinate] }
            guard let inputs = ofPlaces[place] else { return [] }
            return [inputs.0, inputs.1, inputs.2, inputs.3].flatMap(coordinates)
        }
        let places = parameters.channels.map { $0[channel] }
        let shapes = [\ModelParameters.ChannelPlaces.retention, \.delay, \.first, \.second]
        return shapes.flatMap { shape in
            places.allSatisfy { $0[keyPath: shape] == places[0][keyPath: shape] }
                ? coordinates(places[0][keyPath: shape]) : []
        }
    }

    /// Whether a fit may look at a cell's KPI.
    fileprivate func isSeen(_ cell: Int) -> Bool {
        isObserved[cell] && cell % dataset.periodCount < dataset.trainingPeriodCount
    }

    /// Values of a geo's cells less their mean over those that a fit may look at; 0 in the others.
    fileprivate func withoutMean(_ values: [Double], geo: Int) -> [Double] {
        let isKnown = dataset.cells(of: geo).map(isSeen)
        var (sum, count) = (0.0, 0.0)
        for (value, isKnown) in zip(values, isKnown) where isKnown { (sum, count) = (sum + value, count + 1) }
        return zip(values, isKnown).map { $1 ? $0 - sum / count : 0 }
    }

    /// So in every geo.
    fileprivate func withoutGeoMeans(_ values: [Double]) -> [Double] {
        (0..<dataset.geoCount).flatMap { withoutMean(Array(values[dataset.cells(of: $0)]), geo: $0) }
    }
}
