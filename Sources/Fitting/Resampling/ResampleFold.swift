import Analysis
import Kernels
import MarketingMix
import Posterior
import Wording

/// Makes of each draw of a resample what is kept of it: its reported quantities.
///
/// They are a function of the one draw, so a run that was interrupted anywhere folds the draws that are left as the whole
/// run would have.
struct ResampleFold {
    private var recovery: ParameterRecovery
    private var quantities: ReportedQuantities
    private let key: StreamKey
    /// Bytes of the records of a try: they are handed in when it is over and enough.
    private(set) var records: [UInt8]

    /// - Parameters:
    ///   - posterior: under the resample's weights.
    ///   - records: bytes of the try so far.
    init(posterior: MarketingMixPosterior, settings: FitSettings, resample: Int, records: [UInt8]) {
        self.records = records
        recovery = ParameterRecovery(posterior)
        quantities = ReportedQuantities(posterior.model)
        key = StreamKey(settings, .resampleRecovery, index: resample)
    }

    var quantityCount: Int { quantities.names.count }

    /// Appends the record of a draw.
    /// - Parameters:
    ///   - position: in the sampler's coordinates.
    ///   - index: of the draw over all chains of the resample, counted from 0.
    mutating func append(position: [Double], index: Int) {
        var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
        let parameters = recovery.parameters(at: position, stream: &stream)
        QuantityRecord.append(quantities.values(at: parameters), to: &records)
    }

    /// Whether the records of a whole try are enough.
    var isEnough: Bool {
        let columns = QuantityRecord.decode(
            records, quantityCount: quantityCount, drawCount: ResampleRun.chains * ResampleRun.draws)
        return columns.map(ResampleJudgement.isEnough) ?? false
    }

    /// All records, which are then handed in, or left for another try.
    mutating func takeRecords() -> [UInt8] {
        defer { records = [] }
        return records
    }
}

/// Reads what the folds of resamples have left.
enum ResampleAssembly {
    /// With the length of blocks that resamples have had, where the scouts' draws have told it.
    /// - Parameter scouts: the bytes of each scout's draws.
    static func settled(
        _ settings: FitSettings, scouts: [[UInt8]], posterior: MarketingMixPosterior
    ) throws(FitAssemblyError) -> FitSettings {
        guard settings.hasResamples, settings.scheme.hasBlocks, settings.blockLength == nil else { return settings }
        guard let pool = ScoutPool(scouts.flatMap(\.self), density: posterior.density(), metric: settings.metric)
        else { throw .records(task: FitTask.scout(0).label) }
        var settled = settings
        settled.blockLength = pool.blockLength(posterior, settings: settings)
        return settled
    }

    /// Draws of the reported quantities by resample, and how many searches of maxima were given up.
    /// - Parameter records: the bytes of the draws of a task by its place among the tasks of resamples, asked for once each.
    static func quantities(
        model: MarketingMixModel, settings: FitSettings, by processors: some ParallelMap,
        records: @Sendable (Int) throws -> [UInt8]
    ) throws -> (resamples: [[Quantity]], givenUp: Int) {
        let names = ReportedQuantities(model).names
        let plan = FitPlan(settings)
        let tasks = plan.resampleTasks
        let entries = MaximumRecord.quantityCount(of: model, method: settings.resampleMethod)
        let drawCount = settings.resampleDraws.chains * settings.resampleDraws.draws
        let length = 8 * entries * drawCount
        let batches = try processors.tryMap(tasks.count) { place -> [(quantities: [Quantity], isGivenUp: Bool)] in
            let bytes = try records(place)
            let members = plan.resamples(of: tasks[place])
            guard bytes.count == members.count * length else {
                throw FitAssemblyError.records(task: tasks[place].label)
            }
            return try members.indices.map { member in
                let begin = (member - members.startIndex) * length
                let columns = QuantityRecord.decode(
                    Array(bytes[begin..<begin + length]), quantityCount: entries, drawCount: drawCount)
                guard let columns else { throw FitAssemblyError.records(task: tasks[place].label) }
                let own = zip(names, columns).map { Quantity(name: $0, draws: $1) }
                return (own, entries > names.count && columns[names.count] != [1])
            }
        }.flatMap(\.self)
        return (batches.map(\.quantities), batches.count { $0.isGivenUp })
    }

    /// What is to be said of searches of maxima that were given up.
    static func doubt(givenUp: Int, of settings: FitSettings) -> Sentence? {
        guard givenUp > 0 else { return nil }
        return Sentence(
            "\(givenUp) of \(settings.resamples) MAP resamples were given up before they had come to a maximum: part of the "
                + "spread between resamples is theirs.",
            french: """
                \(givenUp) des \(settings.resamples) rééchantillons MAP ont été abandonnés avant d’arriver à un \
                maximum : une 
                """
                    + "part de la dispersion entre rééchantillons leur est due.")
    }

    /// What is to be said where draws of some were not enough, even with a second try; nothing of maxima.
    static func doubt(
        _ resamples: [[Quantity]], settings: FitSettings, by processors: some ParallelMap
    ) -> Sentence? {
        guard settings.resampleMethod == .sampled else { return nil }
        let enough = processors.map(resamples.count) { index in
            ResampleJudgement.isEnough(resamples[index].map(\.draws))
        }
        let few = enough.count { !$0 }
        guard few > 0 else { return nil }
        let limits = (rHat: Figure.decimal(ResampleJudgement.rHatMax, places: 2), size: Int(ResampleJudgement.essMin))
        return Sentence(
            "\(few) of \(resamples.count) resamples \(few == 1 ? "has" : "have") not converged in two tries (an R-hat of "
                + "\(limits.rHat) or more, or an effective sample size below "
                + "\(limits.size)): part of the spread between resamples is noise of the computation.",
            french: """
                \(few) des \(resamples.count) rééchantillons \(few == 1 ? "n’a" : "n’ont") pas convergé en deux essais (un R-hat de \
                \(limits.rHat) 
                """
                    + "ou plus, ou une taille effective inférieure à \(limits.size)) : une part de la dispersion entre "
                    + "rééchantillons n’est que du bruit de calcul.")
    }

    /// The bagged posterior, or the spread of maxima, beside the fit's own; empty without resamples.
    ///
    /// - Parameter prior: draws of the same quantities from the prior.
    static func bootstrap(
        posterior: [Quantity], prior: [Quantity], resamples: [[Quantity]], settings: FitSettings,
        by processors: some ParallelMap
    ) -> [BootstrapRow] {
        guard !resamples.isEmpty else { return [] }
        let shares = zip(posterior, prior).map {
            PriorComparison(posterior: $0.draws, prior: $1.draws)?.varianceShare
        }
        guard settings.resampleMethod == .sampled else {
            return posterior.indices.map { index in
                BootstrapRow(
                    posterior[index], maxima: resamples.map { $0[index].draws[0] },
                    priorShare: shares.isEmpty ? nil : shares[index])
            }
        }
        let measured = processors.map(resamples.count) { index in
            resamples[index].map { ResampledQuantity($0, chainCount: ResampleRun.chains) }
        }
        return BootstrapAnalysis(
            posterior: posterior, resamples: measured, priorShares: shares, by: processors
        ).rows
    }
}
