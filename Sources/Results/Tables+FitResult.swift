import Fitting

extension Tables {
    /// The tables of a fit, in the order in which they are written.
    package static func written(_ result: FitResult) -> [(name: String, text: String)] {
        let analysis = result.analysis
        let tables = [
            summary.written(result.summaries), contributions.written(analysis.contributions),
            channels.written(analysis.channels), responseCurves.written(analysis.responseCurves),
            groups.written(ifAny: analysis.groups),
            finance.written(ifAny: analysis.finance),
            windows.written(analysis.windows),
            geoContributions.written(ifAny: analysis.geoContributions),
            geoPeriods.written(ifAny: analysis.geoPeriods), geoChannels.written(ifAny: analysis.geoChannels),
            mediation.written(ifAny: result.mediation),
            leaveOneOut.written(ifAny: LeaveOneOutRow.rows(of: result)), sensitivity.written(ifAny: result.sensitivity),
            stability.written(ifAny: result.evidence), influence.written(ifAny: result.influence),
            bootstrap.written(ifAny: result.bootstrap),
        ]
        return tables.compactMap(\.self)
    }
}
