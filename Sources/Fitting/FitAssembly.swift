import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Posterior
import Sampling
import Wording

/// Why results cannot be put together.
package enum FitAssemblyError: Error, Sendable, CustomStringConvertible {
    /// The records of a task are not those that the plan asks for.
    case records(task: String)

    package var description: String {
        switch self {
        case .records(let task): "the draws of \(task) do not have the planned number and size"
        }
    }
}

/// Everything that a finished fit says, in task order.
package struct FitResult: Sendable {
    package let settings: FitSettings
    package let model: MarketingMixModel
    /// Parameters on the user's scale (constrained), with the sampler's statistics.
    package let draws: Draws
    /// Of each chain, about which the step sizes of its draws vary; empty where they do not.
    package let nominalStepSizes: [Double]
    /// Where trajectories diverged after warm-up: the first hundred places of each chain.
    package let divergences: [DivergencePlace]
    /// How the parameters are called, in layout order.
    package let naming: ParameterNaming
    /// Per parameter element, in layout order.
    package let summaries: [(name: String, summary: Summary)]
    /// Per reported quantity of channels and totals.
    package let quantitySummaries: [(name: String, summary: Summary)]
    package let analysis: PosteriorAnalysis
    /// Empty where no channel drives another.
    package let mediation: [MediationRow]
    package let verdict: ConvergenceVerdict
    /// Nil where no scouts went before the chains.
    package let scouts: ScoutFinding?
    /// What the figures themselves give cause to doubt.
    package let warnings: [FitWarning]
    /// Nil where it would hold too many numbers.
    package let prediction: PosteriorPrediction?
    package let logPrior: LogPriorDraws
    /// Over the cells with a KPI, in their order, in log density of KPI units; nil where there is no `prediction`.
    package let leaveOneOut: LeaveOneOut?
    /// Of parameters, then reported quantities; empty where there is no `prediction`.
    package let sensitivity: [SensitivityRow]
    /// Nil where nothing is held out.
    package let holdout: HoldoutScore?
    /// Nil where nothing is held out, or there is no `prediction`.
    package let heldOut: HeldOutPrediction?
    /// Draws from the prior: parameter values in layout order, one array a draw.
    package let prior: [[Double]]
    /// Of the same draws; nil where it would hold too many numbers.
    package let priorPrediction: PriorPrediction?
    /// Draws of the reported quantities in each resample, in the order of `analysis.quantities`; empty without
    /// resamples.
    package let resamples: [[Quantity]]
    package let bootstrap: [BootstrapRow]
    /// By reported quantity; empty where there is no `prediction`.
    package let evidence: [EvidenceRow]
    /// Of each channel the periods that move its figures most; empty where there is no `prediction`.
    package let influence: [InfluenceRow]
}

/// Puts the results of all tasks together. A pure function: the order of arrival leaves no trace.
package enum FitAssembly {
    /// Draws from the prior that go into the results.
    package static let priorDrawCount = 500

    /// Whether so few draws are asked what they say of each cell.
    package static func predicts(model: MarketingMixModel, drawCount: Int) -> Bool {
        drawCount * model.dataset.cellCount <= PosteriorPrediction.countMax
    }

    /// - Parameters:
    ///   - processors: share the work.
    ///   - predicts: whether each cell is predicted; nil: as the number of draws says.
    ///   - records: the bytes of one task's draws by its place in `FitPlan.tasks`; asked for once each, in any order.
    /// - Throws: `FitAssemblyError`, or what `records` throws.
    package static func assemble(
        model: MarketingMixModel, settings: FitSettings, by processors: some ParallelMap = SerialMap(),
        predicts: Bool? = nil,
        records: @Sendable (Int) throws -> [UInt8]
    ) throws -> FitResult {
        let posterior = model.posterior(weights: nil)
        let scoutCount = FitPlan(settings).scoutCount
        let scoutDraws = try (0..<scoutCount).map(records)
        let settings = try ResampleAssembly.settled(settings, scouts: scoutDraws, posterior: posterior)
        let scouts = try ScoutFinding(scoutDraws, posterior: posterior, settings: settings)
        let chains = try processors.tryMap(settings.chains) { index in
            try chain(index, of: records(scoutCount + index), posterior: posterior, settings: settings)
        }
        let constrained = processors.map(chains.count) { index in
            recover(chains[index], posterior: posterior, key: StreamKey(settings, .recovery, index: index))
        }.flatMap(\.self)
        let (resamples, givenUp) = try ResampleAssembly.quantities(model: model, settings: settings, by: processors) {
            try records(scoutCount + settings.chains + $0)
        }
        let analysis = PosteriorAnalysis(
            model: model, constrained: constrained, chainCount: settings.chains, by: processors)
        let naming = ParameterNaming(model: model, quantities: analysis.quantities)
        let draws = makeDraws(model: model, naming: naming, chains: chains, constrained: constrained)
        let summaries = summaries(of: draws, by: processors)
        let quantitySummaries = processors.map(analysis.quantities.count) { index in
            let quantity = analysis.quantities[index]
            return (name: quantity.name, summary: quantity.summary(chainCount: settings.chains))
        }
        var verdict = verdict(
            of: draws, summaries: summaries, quantities: analysis.quantities, quantitySummaries: quantitySummaries,
            scouts: scouts, settings: settings)
        if let scouts, !scouts.areUsed { verdict.warnings.append(scouts.disagreement) }
        verdict.warnings += modeWarning(posterior: posterior, settings: settings, by: processors)
        if let doubt = ResampleAssembly.doubt(resamples, settings: settings, by: processors)
            ?? ResampleAssembly.doubt(givenUp: givenUp, of: settings)
        {
            verdict.warnings.append(doubt)
        }
        let cells = model.dataset.cellCount
        let prediction =
            predicts ?? Self.predicts(model: model, drawCount: constrained.count)
            ? PosteriorPrediction(
                model: model, constrained: constrained, key: StreamKey(settings, .posteriorPredictive, index: 0),
                by: processors) : nil
        if prediction == nil {
            verdict.warnings.append(
                Sentence(
                    "The log-likelihood and replications of \(cells) cells at \(constrained.count) draws are left out of "
                        + "posterior.nc for their size.",
                    french: """
                        La log-vraisemblance et les réplications de \(cells) cellules à \(constrained.count) \
                        tirages ne 
                        """
                            + "sont pas dans posterior.nc, pour leur taille."))
        }
        let logPrior = LogPriorDraws(model: model, constrained: constrained, by: processors)
        let heldOut = HeldOutPrediction(
            model: model, constrained: constrained, key: StreamKey(settings, .posteriorPredictive, index: 1),
            by: processors)
        let score = prediction.map {
            leaveOneOut(
                $0, model: model,
                summaries: (unreported(summaries, beside: quantitySummaries) + quantitySummaries).map(\.summary),
                by: processors)
        }
        let warnings =
            FitWarnings.all(FitEvidence(model: model, constrained: constrained, analysis: analysis))
            + CurveNeighbours.warnings(
                model: model, settings: settings, leaveOneOut: score, quantities: quantitySummaries, by: processors)
        let prior = (0..<priorDrawCount).map { index in
            var stream = RandomStream(key: StreamKey(settings, .prior, index: 0), iteration: UInt64(index), site: 0)
            return model.priorDraw(&stream)
        }
        let priorQuantities =
            prediction == nil && resamples.isEmpty
            ? [] : PosteriorAnalysis.quantities(model: model, constrained: prior, by: processors)
        let bootstrap = ResampleAssembly.bootstrap(
            posterior: analysis.quantities, prior: priorQuantities, resamples: resamples, settings: settings,
            by: processors)
        let evidence = (constrained.count < InfinitesimalJackknife.drawsMin ? nil : prediction).map {
            EvidenceAssembly(model: model, settings: settings, prediction: $0, quantities: analysis.quantities)
        }
        return FitResult(
            settings: settings, model: model, draws: draws,
            nominalStepSizes: nominalStepSizes(of: chains, dimension: posterior.dimension, settings: settings),
            divergences: chains.enumerated().flatMap { index, chain in
                DivergencePlace.all(
                    of: chain, index: index, posterior: posterior, key: StreamKey(settings, .recovery, index: index))
            }, naming: naming, summaries: summaries,
            quantitySummaries: quantitySummaries, analysis: analysis,
            mediation: MediationRow.rows(
                model: model, constrained: constrained, key: StreamKey(settings, .mediation, index: 0),
                by: processors),
            verdict: verdict, scouts: scouts,
            warnings: warnings, prediction: prediction, logPrior: logPrior, leaveOneOut: score,
            sensitivity: prediction.map {
                sensitivity(
                    $0, model: model, constrained: constrained, draws: draws, logPrior: logPrior, naming: naming,
                    quantities: analysis.quantities, prior: prior, priorQuantities: priorQuantities, by: processors)
            } ?? [],
            holdout: heldOut.map { HoldoutScore($0, model.dataset) },
            heldOut: prediction == nil ? nil : heldOut,
            prior: prior,
            priorPrediction: Self.predicts(model: model, drawCount: prior.count)
                ? PriorPrediction(
                    model: model, prior: prior, key: StreamKey(settings, .prior, index: 1), by: processors) : nil,
            resamples: resamples,
            bootstrap: bootstrap,
            evidence: evidence?.rows(
                prior: priorQuantities,
                residualCorrelation: ResidualWarning.correlation(model: model, constrained: constrained),
                bootstrap: bootstrap, resamples: resamples, by: processors) ?? [],
            influence: evidence?.influences() ?? [])
    }

    /// Of every parameter and every reported quantity.
    private static func verdict(
        of draws: Draws, summaries: [(name: String, summary: Summary)], quantities: [Quantity],
        quantitySummaries: [(name: String, summary: Summary)], scouts: ScoutFinding?, settings: FitSettings
    ) -> ConvergenceVerdict {
        let energies = draws.statistics.map(\.energy)
        var verdict = ConvergenceGate().verdict(
            quantities: quantitySummaries, parameters: summaries,
            divergences: draws.statistics.count { $0.diverging },
            saturated: draws.statistics.count { $0.reachedMaximumDepth }, draws: draws.statistics.count,
            energyFractions: (0..<draws.chainCount).map { chain in
                energyFraction(Array(energies[chain * draws.drawCount..<(chain + 1) * draws.drawCount]))
            },
            nested: scouts?.areUsed == true ? nested(quantities, chainCount: draws.chainCount) : [],
            chains: { name in
                quantities.first { $0.name == name }?.chains(count: draws.chainCount) ?? draws.series(named: name)
            })
        verdict.advice = ConvergenceAdvice.sentences(for: verdict, settings: settings)
        return verdict
    }

    /// Of chains that began at few places: those of one place against those of the others.
    private static func nested(_ quantities: [Quantity], chainCount: Int) -> [(name: String, rHat: NestedRHat)] {
        let size = chainCount / ScoutRun.scouts
        guard size > 0 else { return [] }
        return quantities.map { quantity in
            let chains = quantity.chains(count: chainCount)
            return (
                quantity.name,
                NestedRHat(
                    (0..<ScoutRun.scouts).map { scout in (0..<size).map { chains[$0 * ScoutRun.scouts + scout] } })
            )
        }
    }

    /// The draws of a chain.
    static func chain(
        _ index: Int, of bytes: [UInt8], posterior: MarketingMixPosterior, settings: FitSettings
    ) throws(FitAssemblyError) -> [DrawRecord] {
        guard let records = DrawRecord.decode(bytes, dimension: posterior.dimension, count: settings.draws) else {
            throw .records(task: FitTask.chain(index).label)
        }
        return records
    }

    /// By the first draw of each: no draw tells another.
    private static func nominalStepSizes(
        of chains: [[DrawRecord]], dimension: Int, settings: FitSettings
    ) -> [Double] {
        chains.enumerated().compactMap { index, records in
            records.first.flatMap { first in
                Chain.nominalStepSize(
                    first.statistics.stepSize, metric: settings.metric, dimension: dimension,
                    iteration: settings.warmup + 1, key: StreamKey(settings, .chain, index: index))
            }
        }
    }

    /// Of every element of every parameter, in layout order.
    static func summaries(
        of draws: Draws, by processors: some ParallelMap
    ) -> [(name: String, summary: Summary)] {
        let elements = draws.variables.flatMap { variable in (0..<variable.elementCount).map { (variable, $0) } }
        return processors.map(elements.count) { index in
            let (variable, element) = elements[index]
            return (variable.elementName(element), Summary(chains: draws.series(of: variable, element: element)))
        }
    }

    /// With the mean effective share of all draws, over parameters and reported quantities, as the likelihoods' own: what
    /// ArviZ takes for it.
    private static func leaveOneOut(
        _ prediction: PosteriorPrediction, model: MarketingMixModel, summaries: [Summary],
        by processors: some ParallelMap
    ) -> LeaveOneOut {
        let cellCount = model.dataset.cellCount
        let terms = prediction.logLikelihood
        let draws = terms.count / cellCount
        let known = (0..<cellCount).filter { !terms[$0].isNaN }
        let sizes = summaries.map { ($0.sd / $0.mcseMean) * ($0.sd / $0.mcseMean) }.filter(\.isFinite)
        var mean = 0.0
        for size in sizes { mean += size / Double(sizes.count) }
        return LeaveOneOut(
            count: known.count, relativeEfficiency: sizes.isEmpty ? 1 : mean / Double(draws), by: processors
        ) { index in (0..<draws).map { terms[$0 * cellCount + known[index]] } }
    }

    /// Summaries of parameters that are not reported quantities as well.
    private static func unreported(
        _ parameters: [(name: String, summary: Summary)], beside quantities: [(name: String, summary: Summary)]
    ) -> [(name: String, summary: Summary)] {
        let names = Set(quantities.map(\.name))
        return parameters.filter { !names.contains($0.name) }
    }

    /// By scaling the prior, and the likelihood with that of experiments, of the draws.
    private static func sensitivity(
        _ prediction: PosteriorPrediction, model: MarketingMixModel, constrained: [[Double]], draws: Draws,
        logPrior: LogPriorDraws, naming: ParameterNaming, quantities: [Quantity], prior: [[Double]],
        priorQuantities: [Quantity],
        by processors: some ParallelMap
    ) -> [SensitivityRow] {
        let cellCount = model.dataset.cellCount
        let known = (0..<cellCount).filter { !prediction.logLikelihood[$0].isNaN }
        var likelihood = constrained.indices.map { draw in
            known.reduce(0.0) { $0 + prediction.logLikelihood[draw * cellCount + $1] }
        }
        for experiment in model.specification.experiments {
            guard let lift = quantities.first(where: { $0.name == experiment.quantityName }) else { continue }
            for draw in likelihood.indices {
                let standard = (experiment.lift - lift.draws[draw]) / experiment.standardError
                likelihood[draw] -= 0.5 * standard * standard
            }
        }
        let parts = (
            prior: PowerScaling(logDensity: logPrior.total),
            likelihood: PowerScaling(logDensity: likelihood)
        )
        @Sendable func row(_ name: String, _ draws: [Double], _ prior: [Double]) -> SensitivityRow {
            SensitivityRow(
                name: name, prior: parts.prior.sensitivity(of: draws),
                likelihood: parts.likelihood.sensitivity(of: draws),
                conflict: PriorComparison(posterior: draws, prior: prior)?.conflict)
        }
        let blocks = zip(model.layout.blocks, zip(draws.variables, naming.names)).filter { !$1.1.isReported }
        let elements = blocks.flatMap { block, named in
            (0..<named.0.elementCount).map { (variable: named.0, element: $0, place: block.offset + $0) }
        }
        let parameters = processors.map(elements.count) { index in
            let (variable, element, place) = elements[index]
            return row(
                variable.elementName(element), draws.series(of: variable, element: element).flatMap(\.self),
                prior.map { $0[place] })
        }
        return parameters
            + processors.map(quantities.count) {
                row(quantities[$0].name, quantities[$0].draws, priorQuantities[$0].draws)
            }
    }

    /// A sentence where the paths on which the chains began ended at different modes; empty otherwise.
    private static func modeWarning(
        posterior: MarketingMixPosterior, settings: FitSettings, by processors: some ParallelMap
    ) -> [Sentence] {
        guard posterior.dimension <= PathfinderPath.greatestDimension else { return [] }
        let paths = processors.map(min(settings.chains, 8)) { index -> PathfinderPath? in
            let density = posterior.density()
            let key = StreamKey(settings, .chain, index: index)
            guard let start = try? randomStart(density: density, key: key) else { return nil }
            return PathfinderPath(density: density, start: start, key: key)
        }.compactMap(\.self)
        let modes = PathfinderModes(paths)
        // Where the evidence is e^15 times less, there is nothing to find but a path that stopped on its way.
        let groups = zip(modes.groups, modes.evidenceBounds).filter { modes.evidenceBounds[0] - $0.1 < 15 }.map(\.0)
        guard groups.count > 1 else { return [] }
        let shares = groups.map { "\($0.count) of \(paths.count)" }.joined(separator: ", ")
        let gap = (modes.evidenceBounds[0] - modes.evidenceBounds[1]).rounded()
        let power = Int(exactly: gap).map { "\($0)" } ?? "\(gap)"
        let frenchShares = groups.map { "\($0.count) sur \(paths.count)" }.joined(separator: ", ")
        return [
            Sentence(
                "The chains' first approximations ended in \(groups.count) places (\(shares) paths), the second "
                    + "about e^\(power) times less likely than the first: the posterior may have several modes.",
                french: """
                    Les premières approximations des chaînes ont fini à \(groups.count) endroits (\(frenchShares) \
                    chemins), 
                    """
                        + "le deuxième environ e^\(code: power) fois moins vraisemblable que le premier : la loi a posteriori a "
                        + "peut-être plusieurs modes.")
        ]
    }

    /// All parameters of every draw, in layout order.
    static func recover(
        _ records: [DrawRecord], posterior: MarketingMixPosterior, key: StreamKey
    ) -> [[Double]] {
        var recovery = ParameterRecovery(posterior)
        return records.enumerated().map { index, record in
            var stream = RandomStream(key: key, iteration: UInt64(index), site: 0)
            return recovery.parameters(at: record.position, stream: &stream)
        }
    }

    static func makeDraws(
        model: MarketingMixModel, naming: ParameterNaming, chains: [[DrawRecord]], constrained: [[Double]]
    ) -> Draws {
        let variables = zip(model.layout.blocks, naming.names).map { block, name in
            Variable(
                name: name.text,
                dimensions: block.dimensions.map { Dimension(name: $0.name, labels: $0.labels) },
                values: constrained.flatMap { $0[block.offset..<block.offset + block.count] })
        }
        return Draws(
            chainCount: chains.count, drawCount: chains.first?.count ?? 0, variables: variables,
            statistics: chains.flatMap { $0.map(\.statistics) })
    }
}
