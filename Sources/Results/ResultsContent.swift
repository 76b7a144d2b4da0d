import Analysis
import Posterior

/// Everything that a results folder holds.
package struct ResultsContent: Sendable {
    package var manifest: Manifest
    /// Groups of `posterior.nc`.
    package var groups: [NetCDFGroup]
    package var summaries: [(name: String, summary: Summary)]
    package var contributions: [ContributionRow]
    /// Empty for a single series: the file is then not written.
    package var geoContributions: [GeoContributionRow]
    package var channels: [ChannelRow]
    /// Empty where no channel drives another: the file is then not written.
    package var mediation: [MediationRow] = []
    /// Empty where the fit was too large for it: the file is then not written.
    package var leaveOneOut: [LeaveOneOutRow]
    /// Empty where the fit was too large for it: the file is then not written.
    package var sensitivity: [SensitivityRow]
    package var responseCurves: [ResponseCurvePoint]
    /// Empty without resamples: the file is then not written.
    package var bootstrap: [BootstrapRow]
    /// `report.html`.
    package var report: String
    /// Model and data as one document; nil where nobody gave them: the file is then not written.
    package var bundle: String?

    package init(
        manifest: Manifest, groups: [NetCDFGroup], summaries: [(name: String, summary: Summary)],
        contributions: [ContributionRow], geoContributions: [GeoContributionRow] = [], channels: [ChannelRow],
        leaveOneOut: [LeaveOneOutRow] = [], sensitivity: [SensitivityRow] = [],
        responseCurves: [ResponseCurvePoint],
        bootstrap: [BootstrapRow], report: String
    ) {
        self.manifest = manifest
        self.groups = groups
        self.summaries = summaries
        self.contributions = contributions
        self.geoContributions = geoContributions
        self.channels = channels
        self.leaveOneOut = leaveOneOut
        self.sensitivity = sensitivity
        self.responseCurves = responseCurves
        self.bootstrap = bootstrap
        self.report = report
    }
}
