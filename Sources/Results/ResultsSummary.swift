/// What a results folder says, in short.
package struct ResultsSummary: Sendable {
    /// One channel's record of `channels.csv`, or one path's of `mediation.csv`.
    package struct Channel: Sendable {
        package var name: String
        fileprivate var values: [String: Double]

        fileprivate init(name: String, header: [String], record: [String]) {
            self.name = name
            values = [:]
            for (name, field) in zip(header, record) { values[name] = Double(field) }
        }

        /// The number in a column; nil where the field is empty.
        package subscript(column: String) -> Double? { values[column] }
    }

    package let channels: [Channel]
    /// By channel what its figures stand on; empty where the folder does not say.
    package let grades: [String: String]
    /// Records of `mediation.csv`, named `tv through search`; empty without the file.
    package let mediation: [Channel]
    /// One line of what contributions and returns are in; nil where an older version wrote the folder.
    package let units: String?
    package let passed: Bool
    /// `passed`, `figures_only` or `failed`.
    package let outcome: String
    /// One line of how it ended, and one each of reported figures, parameters and the run.
    package let verdict: [String]
    package let reasons: [String]
    /// What to try.
    package let advice: [String]
    package let warnings: [String]

    /// Nil when the folder holds no results.
    package init?(directory: String) throws {
        guard let manifest = try ResultsFolder.readManifest(in: directory),
            let table = ResultsFolder.readTable(Tables.channels.name, in: directory), let header = table.first
        else { return nil }
        channels = table.dropFirst().map { Channel(name: $0[0], header: header, record: $0) }
        grades = Self.grades(in: directory, of: channels.map(\.name))
        let mediation = ResultsFolder.readTable(Tables.mediation.name, in: directory) ?? []
        self.mediation = mediation.dropFirst().map {
            Channel(name: "\($0[0]) through \($0[1])", header: mediation[0], record: $0)
        }
        let verdict = manifest.verdict
        passed = verdict.passed
        units = manifest.units.flatMap { units in
            guard let kpi = units["contribution"], let returns = units["roi"] else { return nil }
            return "Contributions in \(kpi), ROI in \(returns)."
        }
        outcome = verdict.outcome ?? (verdict.passed ? "passed" : "failed")
        reasons = verdict.reasons
        advice = verdict.advice ?? []
        warnings = verdict.warnings + manifest.warnings
        self.verdict = VerdictWords(verdict).lines
    }

    /// That of the return, or without spend of the contribution.
    private static func grades(in directory: String, of channels: [String]) -> [String: String] {
        let table = ResultsFolder.readTable(Tables.stability.name, in: directory) ?? []
        guard let column = table.first?.firstIndex(of: "grade") else { return [:] }
        var grades: [String: String] = [:]
        for channel in channels {
            let row = ["roi", "contribution"].lazy.compactMap { figure in
                table.first { $0[0] == "\(figure)[\(channel)]" }
            }.first
            if let row { grades[channel] = row[column] }
        }
        return grades
    }
}
