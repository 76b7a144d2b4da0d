import Analysis
import Fitting
import MarketingMix
import ModelDefinition

extension ReportContent {
    /// - Parameters:
    ///   - version: of the program.
    ///   - warnings: of the checks of model and data.
    package init(_ result: FitResult, identity: FitIdentity, version: String, warnings: [String]) {
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
    }
}
