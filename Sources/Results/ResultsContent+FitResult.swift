import Fitting

extension ResultsContent {
    /// Of a fit.
    /// - Parameters:
    ///   - report: the page.
    ///   - bundle: model and data as one document.
    package init(_ result: FitResult, manifest: Manifest, report: String, bundle: String) {
        self.init(
            manifest: manifest,
            files: Tables.written(result) + [(ResultsFolder.reportName, report), (ResultsFolder.bundleName, bundle)],
            groups: InferenceData(result, version: manifest.tutti).groups)
    }
}
