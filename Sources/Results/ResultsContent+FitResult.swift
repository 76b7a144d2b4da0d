import Fitting

extension ResultsContent {
    /// Of a fit.
    /// - Parameters:
    ///   - report: the page.
    ///   - archive: what the page says, before it is worded.
    ///   - bundle: model and data as one document.
    package init(_ result: FitResult, manifest: Manifest, report: String, archive: String, bundle: String) {
        self.init(
            manifest: manifest,
            files: Tables.written(result) + [
                (ResultsFolder.reportName, report), (ResultsFolder.archiveName, archive),
                (ResultsFolder.bundleName, bundle),
            ],
            groups: InferenceData(result, version: manifest.tutti).groups)
    }
}
