import Fitting
import Report

extension ReportContent {
    init(_ result: FitResult, submission: FitSubmission, warnings: [String]) {
        let specification = result.model.specification
        let data = result.model.dataset
        // A panel is told as the sum of its geos.
        let actual = data.actualKPI
        let observed = (0..<data.periodCount).map { period in
            (1..<data.geoCount).reduce(actual[period]) { $0 + actual[$1 * data.periodCount + period] }
        }
        self.init(
            name: specification.name, currency: specification.kpi.currency,
            kpiIsRevenue: specification.kpi.kind == .revenue,
            margin: specification.kpi.margin, dates: data.dates, observed: observed,
            fitted: result.analysis.fitted, components: result.model.components,
            contributions: result.analysis.contributions, channels: result.analysis.channels,
            responseCurves: result.analysis.responseCurves, totals: result.analysis.totals,
            bootstrap: result.bootstrap, verdict: result.verdict, warnings: warnings, seed: result.settings.seed,
            modelDigest: submission.modelDigest.description, dataDigest: submission.dataDigest.description,
            fitDigest: submission.digest.description, version: Build.version)
        mediation = result.mediation
        evidence = result.evidence
        returnsAreMoney = ResultUnits(result).returnsAreMoney
        resultWarnings = result.warnings.map(\.sentence)
        windowPeriodCount = result.model.windowPeriodCount
    }
}
