import Analysis
import Fitting
import MarketingMix
import ModelDefinition
import Posterior
import Wording

extension ReportContent {
    /// - Parameters:
    ///   - version: of the program.
    ///   - warnings: of the checks of model and data.
    ///   - proposal: nil where there is none.
    package init(
        _ result: FitResult, identity: FitIdentity, version: String, warnings: [Sentence], proposal: BudgetProposal?
    ) {
        let specification = result.model.specification
        let data = result.model.dataset
        // A panel is told as the sum of its geos.
        let actual = data.actualKPI
        let observed = (0..<data.periodCount).map { period in
            (1..<data.geoCount).reduce(actual[period]) { $0 + actual[$1 * data.periodCount + period] }
        }
        self.init(
            name: specification.name, currency: specification.kpi.currency, vat: specification.kpi.vat,
            kpiIsRevenue: specification.kpi.kind == .revenue, returnsAreMoney: ResultUnits(result).returnsAreMoney,
            margin: result.model.meanMargin(), marginDiffers: !data.margins.isEmpty,
            ledgerTotal: specification.kpi.ledgerTotal, dates: data.dates,
            windowPeriodCount: result.model.windowPeriodCount, observed: observed,
            fitted: result.analysis.fitted, components: result.model.components,
            contributions: result.analysis.contributions, channels: result.analysis.channels,
            mediation: result.mediation, evidence: result.evidence,
            responseCurves: result.analysis.responseCurves, totals: result.analysis.totals,
            bootstrap: result.bootstrap, verdict: result.verdict,
            resultWarnings: result.warnings.map(\.sentence), warnings: warnings, seed: result.settings.seed,
            modelDigest: identity.model, dataDigest: identity.data,
            fitDigest: identity.fit, version: version)
        frequency = data.frequency
        multiplies = specification.likelihood.hasLogLink
        predictive = Self.predictive(result)
        decision = proposal.map(Decision.init)
        planner = proposal.flatMap { proposal in
            proposal.responses.map { PlannerContent($0, proposed: proposal.answer) }
                ?? proposal.growth.map { PlannerContent($0, proposed: proposal.answer) }
        }
        crossValidation = result.leaveOneOut.map { CrossValidation($0, data: data) }
        holdout = result.holdout.map {
            Holdout(coverage: $0.coverage, absolutePercentageError: $0.absolutePercentageError)
        }
        influence = result.influence.filter { $0.rank <= Self.influentialCount }
        let figures = Set(
            result.analysis.channels.map { $0.roi == nil ? "contribution[\($0.channel)]" : "roi[\($0.channel)]" })
        sensitivity = result.sensitivity.filter { figures.contains($0.name) }
        learning = Self.learning(result)
        carryOver = Self.carryOver(result)
        let chances = result.analysis.finance.compactMap { row in row.probabilityOfProfit.map { (row.channel, $0) } }
        profitChances = chances.isEmpty ? nil : Dictionary(uniqueKeysWithValues: chances)
        mediaByPeriod = MediaByPeriod(result.analysis, of: result.model)
        groups = result.analysis.groups.isEmpty ? nil : result.analysis.groups
        if returnsAreMoney, !kpiIsRevenue {
            dueTo = DueTo(result.analysis.windows, channels: specification.channels.map(\.name))
        }
        geoReturns = GeoReturns(
            result.analysis.geoChannels.map { ($0.channel, $0.geo, $0.spend, $0.roi) },
            slow: Set(specification.channels.filter { $0.longTermOf != nil }.map(\.name)))
    }

    /// Periods that are named of each channel.
    private static let influentialCount = 3
    /// Draws by which means of weights are taken; more change no digit that is told.
    private static let weightDraws = 200

    /// Quantiles of the sum of the geos' replications.
    private static func predictive(_ result: FitResult) -> [Estimate] {
        guard let prediction = result.prediction else { return [] }
        let data = result.model.dataset
        let draws = prediction.replicated.count / data.cellCount
        return (0..<data.periodCount).map { period in
            Estimate(
                draws: (0..<draws).map { draw in
                    (0..<data.geoCount).reduce(0.0) {
                        $0 + prediction.replicated[draw * data.cellCount + $1 * data.periodCount + period]
                    }
                })
        }
    }

    /// Of parameters that tell channels apart.
    private static func learning(_ result: FitResult) -> [Learning] {
        let channels = Set(result.model.specification.channels.map(\.name))
        return zip(result.model.layout.blocks, result.draws.variables).flatMap { block, variable -> [Learning] in
            guard block.dimensions.count == 1, block.dimensions[0].labels.allSatisfy(channels.contains),
                block.priors.count == block.count
            else { return [] }
            return (0..<block.count).compactMap { element in
                let posterior = result.draws.series(of: variable, element: element).flatMap(\.self)
                let prior = result.prior.map { $0[block.offset + element] }
                guard prior.contains(where: { $0 != prior[0] }) else { return nil }
                return Learning(
                    name: variable.elementName(element), prior: Estimate(draws: prior),
                    posterior: Estimate(draws: posterior))
            }
        }
    }

    private static func carryOver(_ result: FitResult) -> [CarryOver] {
        let draws = result.draws
        let count = draws.chainCount * draws.drawCount
        let used = stride(from: 0, to: count, by: max(1, count / weightDraws)).map { draw in
            draws.variables.flatMap { $0.values[draw * $0.elementCount..<(draw + 1) * $0.elementCount] }
        }
        let weights = used.map { result.model.adstockWeights(constrained: $0) }
        return result.model.specification.channels.enumerated().compactMap { index, channel in
            guard let first = weights.first?[index], first.count > 1 else { return nil }
            return CarryOver(
                channel: channel.name,
                weights: first.indices.map { lag in
                    weights.reduce(0.0) { $0 + $1[index][lag] } / Double(weights.count)
                })
        }
    }
}

extension ReportContent.Decision {
    init(_ proposal: BudgetProposal) {
        self.init(
            rows: proposal.answer.rows.map {
                Row(
                    channel: $0.channel, spend: $0.spend, proposed: $0.proposed, chance: $0.chance,
                    extrapolates: $0.extrapolates, informationValue: $0.informationValue,
                    marginalMarginROI: $0.marginalROI?.scaled(by: proposal.answer.margin))
            },
            first: proposal.first, last: proposal.last, periodCount: proposal.periodCount, gain: proposal.answer.gain,
            gains: proposal.gains, chance: proposal.answer.chance, lacksMargin: proposal.answer.lacksMargin,
            drivers: proposal.drivers)
    }
}

extension ReportContent.MediaByPeriod {
    /// Nil without a margin; and where a unit of the KPI is not worth the same in all geos of a period and the panel is too
    /// large for contributions by geo and period.
    package init?(_ analysis: PosteriorAnalysis, of model: MarketingMixModel) {
        let data = model.dataset
        guard model.hasMargin else { return nil }
        let margin = model.specification.kpi.margin
        let worth = data.revenuePerKPI.enumerated().map { cell, price in (margin ?? data.margins[cell]) * price }
        let (periods, components) = (data.periodCount, model.components.count)
        // Media that nobody pays for are no part of what media cost and earned.
        let channels = model.components.indices.filter {
            if case .channel(let channel) = model.components[$0].kind {
                model.spend(channel: channel) > 0
            } else {
                false
            }
        }
        let grossProfit: [Double]
        if worth.indices.allSatisfy({ worth[$0] == worth[$0 % periods] }) {
            grossProfit = (0..<periods).map { period in
                channels.reduce(0) { sum, channel in
                    sum + worth[period] * analysis.contributions[period * components + channel].estimate.mean
                }
            }
        } else if !analysis.geoPeriods.isEmpty {
            // By date, then geo, then component.
            grossProfit = (0..<periods).map { period in
                (0..<data.geoCount).reduce(0) { sum, geo in
                    channels.reduce(sum) { sum, channel in
                        let row = analysis.geoPeriods[(period * data.geoCount + geo) * components + channel]
                        return sum + worth[geo * periods + period] * row.contribution.mean
                    }
                }
            }
        } else {
            return nil
        }
        self.init(
            spend: (0..<periods).map { period in
                data.spend.reduce(0) { sum, channel in
                    (0..<data.geoCount).reduce(sum) { $0 + channel[$1 * periods + period] }
                }
            },
            grossProfit: grossProfit)
    }
}

extension ReportContent.CrossValidation {
    init(_ loo: LeaveOneOut, data: Dataset) {
        let known = data.knownCells
        self.init(
            expectedLogDensity: loo.expectedLogDensity, standardError: loo.standardError,
            doubtful: loo.doubtful.map { index in
                let cell = known[index]
                let date = data.dates[cell % data.periodCount].description
                return data.geos.isEmpty ? date : "\(data.geos[cell / data.periodCount]), \(date)"
            })
    }
}
