import Kernels
import MarketingMix

/// The draws of one fit of a study, over all its chains in their order.
struct StudyDraws {
    /// One vector of parameter values, in layout order, a draw; chain-major.
    private(set) var constrained: [[Double]] = []
    /// Divergent transitions.
    private(set) var divergences = 0

    /// - Parameters:
    ///   - fit: counted from 0; its tasks are its chains, after those of the fits before.
    ///   - recovery: what is drawn again where coefficients are integrated out.
    ///   - label: of the task of a chain, for errors.
    ///   - records: the bytes of one task's draws by its place in `FitPlan.tasks`.
    init(
        ofFit fit: Int, posterior: MarketingMixPosterior, settings: FitSettings, recovery: StreamKind,
        label: (Int) -> String, records: (Int) throws -> [UInt8]
    ) throws {
        for chain in 0..<settings.chains {
            let task = fit * settings.chains + chain
            guard
                let draws = DrawRecord.decode(
                    try records(task), dimension: posterior.dimension, count: settings.draws)
            else { throw FitAssemblyError.records(task: label(chain)) }
            divergences += draws.count { $0.statistics.diverging }
            constrained += FitAssembly.recover(
                draws, posterior: posterior, key: StreamKey(settings, recovery, index: task))
        }
    }
}
