import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior

/// A calibration study with how its fits went.
package struct CalibrationResult: Sendable {
    package let study: CalibrationStudy
    /// Kept draws of one fit for each draw that is ranked.
    package let thinning: Int
    /// Divergent draws of all fits.
    package let divergences: Int
    package let draws: Int
    /// By replication: the smallest bulk effective size of any parameter, over the kept draws.
    package let lowestEffectiveSizes: [Double]

    /// Share of replications in which some parameter's ranked draws are not worth as many independent ones. Ranks among
    /// dependent draws crowd at both ends.
    package var dependentShare: Double {
        let poor = lowestEffectiveSizes.count { !($0 >= Double(CalibrationStudy.drawCount)) }
        return Double(poor) / Double(lowestEffectiveSizes.count)
    }
}

/// Puts a calibration study together from the draws of its replications: a pure function, whatever order they came in.
package enum CalibrationAssembly {
    /// Name of the test quantity that depends on the data: the sum of the log-likelihood over all cells.
    package static let logLikelihoodName = "log_likelihood"

    /// - Parameter records: the bytes of one replication's draws by its index; asked for once each, in order.
    package static func assemble(
        model: MarketingMixModel, settings: FitSettings, records: (Int) throws -> [UInt8]
    ) throws -> CalibrationResult {
        guard case .calibration(let replications) = settings.study else {
            preconditionFailure("these are the settings of something else")
        }
        let thinning = settings.draws / CalibrationStudy.drawCount
        precondition(thinning >= 1, "\(settings.draws) draws are too few to rank a truth among")
        var quantities: [[CalibratedQuantity]] = []
        var sizes: [Double] = []
        var divergences = 0
        for index in 0..<replications {
            let (world, truth) = model.replication(key: StreamKey(settings, .world, index: index))
            let posterior = world.posterior(weights: nil)
            guard
                let draws = DrawRecord.decode(
                    try records(index), dimension: posterior.dimension, count: settings.draws)
            else { throw FitAssemblyError.records(task: FitTask.replication(index).label) }
            divergences += draws.count { $0.statistics.diverging }
            let constrained = FitAssembly.recover(
                draws, posterior: posterior, key: StreamKey(settings, .replicationRecovery, index: index))
            sizes.append(lowestEffectiveSize(constrained))
            let ranked = (1...CalibrationStudy.drawCount).map { constrained[$0 * thinning - 1] }
            quantities.append(Self.quantities(world, truth: truth.parameters, draws: ranked))
        }
        let paid = model.specification.channels.indices.filter { channel in
            model.dataset.spend[channel].contains { $0 > 0 }
        }
        return CalibrationResult(
            study: CalibrationStudy(
                replications: quantities, recovered: paid.map { "roi[\(model.specification.channels[$0].name)]" },
                key: StreamKey(settings, .world, index: 0)),
            thinning: thinning, divergences: divergences, draws: replications * settings.draws,
            lowestEffectiveSizes: sizes)
    }

    /// NaN where a parameter has none.
    private static func lowestEffectiveSize(_ constrained: [[Double]]) -> Double {
        var lowest = Double.infinity
        for parameter in constrained[0].indices {
            let size = EffectiveSampleSize.bulk([constrained.map { $0[parameter] }])
            lowest = size < lowest || size.isNaN ? size : lowest
        }
        return lowest
    }

    /// Every parameter, every reported quantity and the log-likelihood, at the truth and at draws.
    private static func quantities(
        _ world: MarketingMixModel, truth: [Double], draws: [[Double]]
    ) -> [CalibratedQuantity] {
        // The truth is the last of the points at which all is computed.
        let points = draws + [truth]
        var reported = PosteriorAnalysis.quantities(model: world, constrained: points)
        let naming = ParameterNaming(model: world, quantities: reported)
        var calibrated: [CalibratedQuantity] = []
        for (block, name) in zip(world.layout.blocks, naming.names) where !name.isReported {
            var named = block
            named.name = name.text
            for element in 0..<block.count {
                let place = block.offset + element
                calibrated.append(
                    CalibratedQuantity(
                        name: named.elementName(element), truth: truth[place], draws: draws.map { $0[place] }))
            }
        }
        reported.append(Quantity(name: logLikelihoodName, draws: points.map { logLikelihood(world, $0) }))
        return calibrated
            + reported.map { quantity in
                CalibratedQuantity(
                    name: quantity.name, truth: quantity.draws[draws.count], draws: Array(quantity.draws.dropLast()))
            }
    }

    private static func logLikelihood(_ world: MarketingMixModel, _ constrained: [Double]) -> Double {
        let cells = world.dataset.cellCount
        var values = [Double](repeating: 0, count: world.components.count * cells)
        var fitted = [Double](repeating: 0, count: cells)
        var terms = fitted
        world.decompose(constrained: constrained, into: &values, fitted: &fitted)
        world.pointwiseLogLikelihood(constrained: constrained, fitted: fitted, into: &terms)
        var sum = 0.0
        for term in terms where !term.isNaN { sum += term }
        return sum
    }
}
