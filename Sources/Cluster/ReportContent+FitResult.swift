import Fitting
import Report

extension ReportContent {
    init(_ result: FitResult, submission: FitSubmission) {
        let specification = result.model.specification
        self.init(
            name: specification.name, currency: specification.kpi.currency,
            kpiIsRevenue: specification.kpi.kind == .revenue,
            margin: specification.kpi.margin, dates: result.model.dataset.dates, observed: result.model.dataset.kpi,
            fitted: result.analysis.fitted, components: result.model.components,
            contributions: result.analysis.contributions, channels: result.analysis.channels,
            responseCurves: result.analysis.responseCurves, totals: result.analysis.totals,
            bootstrap: result.bootstrap, verdict: result.verdict, seed: result.settings.seed,
            modelDigest: submission.modelDigest.description, dataDigest: submission.dataDigest.description,
            fitDigest: submission.digest.description, version: Build.version)
    }
}
