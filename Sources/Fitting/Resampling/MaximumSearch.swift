import Analysis
import MarketingMix
import ModelDefinition
import Sampling

/// Finds of each resample the figures at the maximum of its posterior (Lyddon, Holmes and Walker, "General Bayesian updating and
/// the loss-likelihood bootstrap", Biometrika 106, 2019).
///
/// The maximum is that of the density that chains sample: in coordinates in which it is nearly normal, with the coefficients
/// integrated out that can be, which then are at their mean given the others. In coordinates of another kind, or with all
/// coefficients in it, a maximum lies elsewhere, and farther from the posterior's mean.
struct MaximumSearch {
    private let ground: ResampleGround
    /// The maximum of the posterior itself, where all searches begin.
    private let start: [Double]

    init(on ground: ResampleGround) {
        self.ground = ground
        start =
            ModeSearch(
                density: ground.full, adaptation: ground.pool.adaptation, start: ground.pool.likeliestPosition
            ).position
    }

    /// Of the resample of this index: its figures, and what they took.
    func record(of index: Int) -> (record: [UInt8], gradientEvaluations: Int) {
        let posterior = ground.posterior(of: index)
        let density = posterior.density()
        let adaptation = ground.pool.adaptation
        let begun = adaptation.map { ScoutPool.moved(start, from: ground.full, to: density, by: $0) } ?? start
        let search = ModeSearch(density: density, adaptation: adaptation, start: begun)
        var recovery = ParameterRecovery(posterior)
        var quantities = ReportedQuantities(posterior.model)
        let values = quantities.values(at: recovery.parametersAtMean(search.position))
        return (MaximumRecord.bytes(values, hasConverged: search.hasConverged), search.gradientEvaluations)
    }
}

/// The bytes of what is kept of a maximum: a `QuantityRecord` whose last entry is 1 where the search came to its end, 0 where it
/// was given up.
enum MaximumRecord {
    /// Entries of a record of a resample.
    static func quantityCount(of model: MarketingMixModel, method: ResampleMethod) -> Int {
        ReportedQuantities(model).names.count + (method == .map ? 1 : 0)
    }

    static func bytes(_ values: [Double], hasConverged: Bool) -> [UInt8] {
        var bytes: [UInt8] = []
        QuantityRecord.append(values + [hasConverged ? 1 : 0], to: &bytes)
        return bytes
    }
}
