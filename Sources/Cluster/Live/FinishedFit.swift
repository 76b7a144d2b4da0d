import Results

/// What the results of a finished fit come to, for a page: its verdict, and each channel's figures.
package struct FinishedFit: Sendable, Hashable {
    package struct Interval: Sendable, Hashable {
        package var mean: Double
        package var q05: Double
        package var q95: Double
    }

    package struct Channel: Sendable, Hashable {
        package var name: String
        /// Nil where nothing was spent.
        package var spend: Double?
        package var contribution: Interval?
        package var roi: Interval?
        package var marginalROI: Interval?
    }

    /// The worst of the reported quantities, and whose it is.
    package struct Worst: Sendable, Hashable {
        package var name: String
        package var value: Double
    }

    package var name: String
    package var passed: Bool
    /// Why it did not pass, or what it says beside.
    package var reasons: [String]
    package var warnings: [String]
    package var highestRHat: Worst?
    package var lowestBulkESS: Worst?
    package var lowestTailESS: Worst?
    package var divergences: Int
    package var draws: Int
    package var chains: Int
    package var resamples: Int
    package var seed: UInt64
    package var modelDigest: String
    package var dataDigest: String
    package var wallSeconds: Double
    /// Sum of log predictive densities, each without its cell, and its standard error.
    package var elpd: (value: Double, error: Double)? {
        logDensity.flatMap { value in logDensityError.map { (value, $0) } }
    }
    private var logDensity: Double?
    private var logDensityError: Double?
    /// Empty where there is no currency.
    package var currency: String
    package var channels: [Channel]

    /// Nil where a results folder has none of a fit.
    package init?(folder: String) {
        guard let manifest = (try? ResultsFolder.readManifest(in: folder)) ?? nil else { return nil }
        func worst(_ extreme: Manifest.Extreme?) -> Worst? {
            extreme.flatMap { extreme in extreme.value.map { Worst(name: extreme.name, value: $0) } }
        }
        let verdict = manifest.verdict
        name = manifest.name
        passed = verdict.passed
        reasons = verdict.reasons
        warnings = verdict.warnings + manifest.warnings
        highestRHat = worst(verdict.quantities?.highestRHat ?? verdict.highestRHat)
        lowestBulkESS = worst(verdict.quantities?.lowestBulkESS ?? verdict.lowestBulkESS)
        lowestTailESS = worst(verdict.quantities?.lowestTailESS ?? verdict.lowestTailESS)
        divergences = verdict.divergences
        draws = verdict.draws
        chains = manifest.plan.chains
        resamples = manifest.plan.resamples
        seed = manifest.seed
        modelDigest = manifest.modelSHA256
        dataDigest = manifest.dataSHA256
        wallSeconds = manifest.wallSeconds
        logDensity = manifest.crossValidation?.expectedLogDensity
        logDensityError = manifest.crossValidation?.standardError
        currency = manifest.money?.currency ?? ""
        channels = Self.channels(in: folder)
    }

    private static func channels(in folder: String) -> [Channel] {
        guard let table = ResultsFolder.readTable(Tables.channels.name, in: folder), let header = table.first else {
            return []
        }
        return table.dropFirst().compactMap { record in
            func text(_ column: String) -> String? {
                header.firstIndex(of: column).flatMap { record.indices.contains($0) ? record[$0] : nil }
            }
            func number(_ column: String) -> Double? { text(column).flatMap(Double.init) }
            func interval(_ name: String) -> Interval? {
                guard let mean = number("\(name)_mean"), let q05 = number("\(name)_q05"),
                    let q95 = number("\(name)_q95")
                else { return nil }
                return Interval(mean: mean, q05: q05, q95: q95)
            }
            guard let channel = text("channel") else { return nil }
            return Channel(
                name: channel, spend: number("spend"), contribution: interval("contribution"), roi: interval("roi"),
                marginalROI: interval("mroi"))
        }
    }
}
