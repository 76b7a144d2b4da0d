import Analysis
import Posterior

extension PageContext {
    var trustValues: [String: Any] {
        [
            "trust": trust, "run": run, "prediction": prediction, "hasPrediction": !prediction.isEmpty,
            "hasResultWarnings": !content.resultWarnings.isEmpty,
            "resultWarnings": content.resultWarnings.map { $0[language].markupWithCode },
            "hasWarnings": !content.warnings.isEmpty,
            "warnings": content.warnings.map { warning -> [String: Any] in
                ["text": warning[language].markupWithCode, "isEnglish": language != .english && warning.isUntranslated]
            },
            "evidence": content.evidence.map(evidenceRow),
            "hasBootstrap": !content.bootstrap.isEmpty,
            "resamples": content.bootstrap.first.map { String($0.resamples) } ?? "",
            "hasMaxima": content.bootstrap.first?.method == .map,
            "bootstrap": content.bootstrap.map(bootstrapRow),
            "hasInfluence": !content.influence.isEmpty, "influence": influenceRows,
            "hasSensitivity": !content.sensitivity.isEmpty, "sensitivity": content.sensitivity.map(sensitivityRow),
        ]
    }

    /// Rows of what the gate looks at: a figure of reported quantities and one of parameters, or one of the run.
    private var trust: [[String: Any]] {
        let verdict = content.verdict
        // Rounded as in the verdict, so that what is told holds: R-hat up, sizes of samples down.
        func text(_ extreme: ConvergenceVerdict.Extreme?, _ digits: Int) -> String {
            extreme.map {
                let value = digits > 0 ? ($0.value * 1000).rounded(.up) / 1000 : $0.value.rounded(.down)
                return "\(decimal(value, digits)) (\(phrases.quantityName($0.name)))"
            } ?? NumberText.missing
        }
        func row(
            _ name: String, _ extreme: KeyPath<ConvergenceVerdict.Extremes, ConvergenceVerdict.Extreme?>, _ digits: Int
        ) -> [String: Any] {
            [
                "name": name, "figures": text(verdict.quantities[keyPath: extreme], digits),
                "parameters": text(verdict.parameters[keyPath: extreme], digits),
            ]
        }
        return [
            row(phrases.rHat, \.highestRHat, 3), row(phrases.essBulk, \.lowestBulkESS, 0),
            row(phrases.essTail, \.lowestTailESS, 0),
        ]
    }

    private var run: [[String: Any]] {
        let verdict = content.verdict
        let draws = decimal(Double(verdict.draws), 0)
        return [
            ["name": phrases.divergences, "value": "\(verdict.divergences) \(phrases.of) \(draws)"],
            ["name": phrases.saturated, "value": "\(verdict.saturated) \(phrases.of) \(draws)"],
            ["name": phrases.energyFraction, "value": decimal(verdict.lowestEnergyFraction)],
        ]
    }

    private var prediction: [[String: Any]] {
        var rows: [[String: Any]] = []
        if let coverage = predictiveCoverage {
            rows.append(["name": phrases.coverage, "value": percent(coverage)])
        }
        if let error = inSampleError { rows.append(["name": phrases.inSampleError, "value": percent(error)]) }
        if let holdout = content.holdout {
            rows.append(["name": phrases.holdoutCoverage, "value": percent(holdout.coverage)])
            rows.append(["name": phrases.holdoutError, "value": percent(holdout.absolutePercentageError)])
        } else if !rows.isEmpty {
            rows.append(["name": phrases.heldOutPeriods, "value": phrases.nothingHeldOut])
        }
        if let loo = content.crossValidation {
            rows.append([
                "name": phrases.looLabel,
                "value": "\(decimal(loo.expectedLogDensity, 1)) ± \(decimal(loo.standardError, 1))",
            ])
            let named = loo.doubtful.prefix(6).map { dated($0) }.joined(separator: ", ")
            let rest = loo.doubtful.count - 6
            rows.append([
                "name": phrases.doubtful,
                "value": loo.doubtful.isEmpty ? phrases.none : named + (rest > 0 ? " … (+\(rest))" : ""),
            ])
        }
        return rows
    }

    /// Σ |observed − fitted| ÷ Σ |observed| over the known periods; nil where there is none.
    private var inSampleError: Double? {
        let known = content.observed.indices.filter { content.observed[$0].isFinite && $0 < content.windowPeriodCount }
        let size = known.reduce(0) { $0 + abs(content.observed[$1]) }
        guard size > 0 else { return nil }
        return known.reduce(0) { $0 + abs(content.observed[$1] - content.fitted[$1].mean) } / size
    }

    /// `north, 2024-01-01` with its date as the reader writes it.
    private func dated(_ text: String) -> String {
        let parts = text.split(separator: ", ").map(String.init)
        return (parts.dropLast() + parts.suffix(1).map { NumberText.date($0, language) }).joined(separator: ", ")
    }

    private var influenceRows: [[String: Any]] {
        content.channels.compactMap { channel in
            let rows = content.influence.filter { $0.channel == channel.channel }.sorted { $0.rank < $1.rank }
            guard !rows.isEmpty else { return nil }
            let periods = rows.map { row in
                "\(day(row.date)) (\(row.contribution > 0 ? "+" : "")\(decimal(row.contribution)))"
            }
            return ["channel": channel.channel, "periods": periods.joined(separator: ", ")]
        }
    }

    private func sensitivityRow(_ row: SensitivityRow) -> [String: Any] {
        [
            "quantity": phrases.quantityName(row.name), "prior": decimal(row.prior),
            "likelihood": decimal(row.likelihood),
            "owes": phrases.diagnosis(row.diagnosis),
        ]
    }

    private func evidenceRow(_ row: EvidenceRow) -> [String: Any] {
        [
            "quantity": phrases.quantityName(row.quantity), "grade": phrases.grade(row.grade),
            "sameAdvice": row.decisionStability.map(percent) ?? NumberText.missing,
        ]
    }

    private func bootstrapRow(_ row: BootstrapRow) -> [String: Any] {
        func spread(_ mean: Double, _ sd: Double?) -> String {
            short(mean) + (sd.map { " ± \(short($0))" } ?? "")
        }
        return [
            "quantity": phrases.quantityName(row.quantity), "posterior": spread(row.posteriorMean, row.posteriorSD),
            "bagged": spread(row.baggedMean, row.baggedSD), "robust": short(row.robustSD),
            "index": row.mismatchIndex.map { decimal($0) } ?? NumberText.missing,
        ]
    }
}
