import Analysis
import Kernels
import MarketingMix
import Posterior

/// Makes of each draw of a resample what is kept of it: its reported quantities.
///
/// They are a function of the one draw, so a run that was interrupted anywhere folds the draws that are left as the whole
/// run would have.
struct ResampleFold {
    private var recovery: ParameterRecovery
    private var quantities: ReportedQuantities
    private let key: StreamKey

    /// - Parameter posterior: under the resample's weights.
    init(posterior: MarketingMixPosterior, settings: FitSettings, resample: Int) {
        recovery = ParameterRecovery(posterior)
        quantities = ReportedQuantities(posterior.model)
        key = StreamKey(settings, .resampleRecovery, index: resample)
    }

    var quantityCount: Int { quantities.names.count }

    /// Appends the record of a draw.
    /// - Parameters:
    ///   - position: in the sampler's coordinates.
    ///   - index: of the draw over all chains of the resample, counted from 0.
    mutating func append(position: [Double], index: Int, to bytes: inout [UInt8]) {
        var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
        let parameters = recovery.parameters(at: position, stream: &stream)
        QuantityRecord.append(quantities.values(at: parameters), to: &bytes)
    }
}

/// Reads what the folds of resamples have left.
enum ResampleAssembly {
    /// Draws of the reported quantities by resample.
    /// - Parameter records: the bytes of a resample's draws by its index, asked for once each.
    static func quantities(
        model: MarketingMixModel, settings: FitSettings, by processors: some ParallelMap,
        records: @Sendable (Int) throws -> [UInt8]
    ) throws -> [[Quantity]] {
        let names = ReportedQuantities(model).names
        return try processors.tryMap(settings.resamples) { resample in
            let columns = QuantityRecord.decode(
                try records(resample), quantityCount: names.count, drawCount: ResampleRun.chains * ResampleRun.draws)
            guard let columns else { throw FitAssemblyError.records(task: FitTask.resample(resample).label) }
            return zip(names, columns).map { Quantity(name: $0, draws: $1) }
        }
    }

    /// The bagged posterior beside the fit's own; empty without resamples.
    static func bootstrap(
        posterior: [Quantity], resamples: [[Quantity]], by processors: some ParallelMap
    ) -> [BootstrapRow] {
        guard !resamples.isEmpty else { return [] }
        let measured = processors.map(resamples.count) { index in
            resamples[index].map { ResampledQuantity($0, chainCount: ResampleRun.chains) }
        }
        return BootstrapAnalysis(posterior: posterior, resamples: measured, by: processors).rows
    }
}
