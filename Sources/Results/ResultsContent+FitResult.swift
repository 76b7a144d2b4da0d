import Fitting

extension ResultsContent {
    /// Of a fit.
    /// - Parameter report: the page.
    package init(_ result: FitResult, manifest: Manifest, report: String) {
        self.init(
            manifest: manifest, files: Tables.written(result) + [(ResultsFolder.reportName, report)],
            groups: InferenceData(result, version: manifest.tutti).groups)
    }
}
