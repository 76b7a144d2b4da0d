import Analysis
import Fitting
import Foundation
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile
import Posterior
import Recalibration
import Report
import Results
import Storage
import Wire
import Wording

/// One night of one model: new data, a provisional answer, a refit, the gates, and one line of the trail.
///
/// A crash at any moment leaves the accepted result as it was or as it will be: the same call goes on where it was, and
/// does nothing where the period was done with the same inputs.
package struct Night {
    /// What is asked for.
    package struct Request: Sendable {
        /// The period of the plan.
        package var night: String
        /// Path of the model file.
        package var model: String
        /// What the plan says of fits, over what the model file says.
        package var settings: @Sendable (FitSettings) -> FitSettings
        /// Chains begin cold as well, and both fits have to agree.
        package var isAudit: Bool
        package var bounds: GateBounds
        /// The plan's text of what decides, as a part of the night's name.
        package var terms: String

        package init(
            night: String, model: String, settings: @escaping @Sendable (FitSettings) -> FitSettings, isAudit: Bool,
            bounds: GateBounds, terms: String
        ) {
            self.night = night
            self.model = model
            self.settings = settings
            self.isAudit = isAudit
            self.bounds = bounds
            self.terms = terms
        }
    }

    /// What the night has come to.
    package struct Outcome: Sendable {
        package var entry: TrailEntry
        /// True where the period was done before with the same inputs.
        package var wasKnown: Bool

        package init(entry: TrailEntry, wasKnown: Bool) {
            self.entry = entry
            self.wasKnown = wasKnown
        }
    }

    private let store: NightStore
    private let engine: any NightEngine
    private let request: Request
    private let processors = ProcessorMap()
    /// Called with a sentence whenever something is known.
    private let tell: @Sendable (String) -> Void
    private var trail: Trail

    /// - Throws: where the trail cannot be read.
    package init(
        _ request: Request, store: NightStore, engine: any NightEngine, tell: @escaping @Sendable (String) -> Void
    ) throws {
        self.request = request
        self.store = store
        self.engine = engine
        self.tell = tell
        trail = try Trail(store.lines(), of: store.path)
        if let accepted = trail.accepted { try store.link(toResultsOf: accepted.folder) }
    }

    package mutating func run() async throws -> Outcome {
        let bundle: BundleArchive
        let read: ReadModel
        do {
            bundle = BundleArchive(try ModelFileReader.bundle(at: request.model))
            read = try ModelFileReader.read(bundle.bundle, path: request.model).judged()
        } catch let problems {
            return try fail(problems, in: language)
        }
        let settings = request.settings(FitSettings(read.specification))
        let inputs = try Self.digest([
            try bundle.encoded(), Array("\(settings) \(request.isAudit) \(request.terms)".utf8),
        ])
        if let known = trail.known(request.night, inputs: inputs) { return Outcome(entry: known, wasKnown: true) }
        let hashes = TrailEntry.Hashes(
            inputs: inputs, model: Digest(hashing: Array(bundle.model.utf8)).description,
            data: try Self.digest(bundle.data.sorted { $0.key < $1.key }.map { Array($0.value) }),
            binary: Build.binaryDigest.description)
        let folder = trail.folder(of: request.night)
        guard let basis = trail.accepted else {
            return try await first(bundle, read, settings, hashes: hashes, folder: folder)
        }
        return try await next(bundle, settings, hashes: hashes, folder: folder, basis: basis)
    }

    private static func digest(_ parts: [[UInt8]]) throws -> String {
        Digest(hashing: parts.flatMap { Digest(hashing: $0).bytes }).description
    }

    // MARK: The ways a night may go

    /// Of pages where nothing else can be read: as the model file says, or that of the accepted result.
    private var language: Language {
        let model = FileManager.default.contents(atPath: request.model).map { String(decoding: $0, as: UTF8.self) }
        let accepted = trail.accepted.flatMap { try? store.bundle($0.folder).model }
        return [model, accepted].compactMap { $0.flatMap(ModelFileReader.reportLanguage) }.first ?? .english
    }

    /// The data cannot be read: nothing is fitted.
    private mutating func fail(_ problems: ProblemList, in language: Language) throws -> Outcome {
        let lines = problems.problems.map(\.description)
        let errors = problems.problems.map { problem in
            // What has no French words stands in French pages as the terminal says it.
            problem.french == nil
                ? Sentence(
                    problem.description,
                    french: "\(code: "`" + problem.description.replacing("`", with: "'") + "`")")
                : problem.sentence
        }
        let inputs = try Self.digest([Array(lines.joined(separator: "\n").utf8), Array(request.terms.utf8)])
        if let known = trail.known(request.night, inputs: inputs) { return Outcome(entry: known, wasKnown: true) }
        let verdict = NightVerdict([DataFindings(errors: errors).outcome(request.bounds)])
        return try close(
            verdict, folder: trail.folder(of: request.night),
            hashes: TrailEntry.Hashes(
                inputs: inputs, model: nil, data: nil, binary: Build.binaryDigest.description),
            language: language)
    }

    /// There is no accepted result yet: a cold fit that has converged is the first.
    private mutating func first(
        _ bundle: BundleArchive, _ read: ReadModel, _ settings: FitSettings, hashes: TrailEntry.Hashes, folder: String
    ) async throws -> Outcome {
        try store.keep(bundle, of: folder)
        tell("no result is accepted yet: the first fit begins")
        try await engine.fit(bundle, settings: settings, into: store.results(folder))
        let result = try AcceptedResult(folder: store.results(folder), bundle: bundle)
        let verdict = NightVerdict([
            DataFindings().outcome(request.bounds),
            NightComparison.convergence(result.manifest, in: result.folder).outcome(request.bounds),
            NightComparison.robustness(of: result.folder).outcome(request.bounds),
        ])
        return try close(
            verdict, folder: folder, hashes: hashes, language: read.specification.report.language, seed: settings.seed,
            start: .cold)
    }

    private mutating func next(
        _ bundle: BundleArchive, _ settings: FitSettings, hashes: TrailEntry.Hashes, folder: String, basis: TrailEntry
    ) async throws -> Outcome {
        let accepted = try AcceptedResult(
            folder: store.results(basis.folder), bundle: try store.bundle(basis.folder))
        let following = try bundle.following(accepted.handed)
        try store.keep(following, of: folder)
        let read = try ModelFileReader.read(following.bundle).judged()
        let change = DataChange(
            from: accepted.read.dataset, of: accepted.read.specification, to: read.dataset, of: read.specification)
        let modelChanged = try store.bundle(basis.folder).modelAlone != bundle.modelAlone
        let evidence = try evidence(accepted, of: basis, on: bundle)
        let provisional = try provisional(evidence, of: accepted, folder: folder)

        var warm = settings
        warm.hasAcceptedDraws = true
        warm.start = .warm
        var cold = settings
        cold.start = .independent
        try await engine.fit(following, settings: warm, into: store.results(folder))
        var start = NightStart.warm
        var findings = NightComparison.convergence(try manifest(folder), in: store.results(folder))
        if findings.outcome(request.bounds).verdict > .promote {
            tell("the warm chains have not converged: the fit begins cold")
            try await engine.fit(following, settings: cold, into: store.results(folder))
            start = .coldAfterWarm
        }
        let new = try AcceptedResult(folder: store.results(folder), bundle: following)
        findings = NightComparison.convergence(new.manifest, in: new.folder)
        if request.isAudit, start == .warm {
            tell("the audit begins cold")
            let audit = "\(store.night(folder))/audit"
            try await engine.fit(following, settings: cold, into: audit)
            findings.reasons += Self.disagreements(new, try AcceptedResult(folder: audit, bundle: following))
        }
        let comparison = NightComparison(
            accepted: accepted, new: new, change: change, evidence: evidence, modelChanged: modelChanged)
        let moved = MovedReport(comparison, modelChanged: modelChanged)
        try store.write(try moved.json, as: "moved.json", of: folder)
        try store.write(moved.csv, as: "moved.csv", of: folder)
        let language = read.specification.report.language
        try store.writeReport(moved.section(since: basis.folder), of: folder, in: language)
        let verdict = NightVerdict(
            comparison.outcomes(
                data: DataFindings(change, accepted: accepted.read, new: read, request.bounds), convergence: findings,
                request.bounds))
        return try close(
            verdict, folder: folder, hashes: hashes, language: language, seed: settings.seed, start: start,
            provisional: provisional, basis: basis.folder, moved: moved)
    }

    /// What the accepted draws say of the new data, by the accepted model: whatever has become of that, it is the one that
    /// foresaw them. Nil where the new data cannot be read by it.
    private func evidence(
        _ accepted: AcceptedResult, of basis: TrailEntry, on bundle: BundleArchive
    ) throws -> AcceptedEvidence? {
        let known = try store.bundle(basis.folder)
        let archive = try BundleArchive(name: known.name, model: known.modelAlone, data: bundle.data)
            .following(accepted.handed)
        guard let read = try? ModelFileReader.read(archive.bundle) else { return nil }
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        return AcceptedEvidence(accepted, current: model, by: processors)
    }

    private func manifest(_ folder: String) throws -> Manifest {
        guard let manifest = try ResultsFolder.readManifest(in: store.results(folder)) else {
            throw CoordinatorError(description: "\(store.results(folder)) holds no results.")
        }
        return manifest
    }

    /// Where a warm and a cold fit of the same data differ by more than chance: a sentence each.
    static func disagreements(_ warm: AcceptedResult, _ cold: AcceptedResult) -> [Sentence] {
        let others = Dictionary(
            NightComparison.quantities(of: cold).map { ($0.name, $0.draws) },
            uniquingKeysWith: { first, _ in first })
        return NightComparison.quantities(of: warm).compactMap { name, draws in
            guard let other = others[name] else { return nil }
            let one = WeightedDraws(draws, chainCount: warm.chainCount)
            let two = WeightedDraws(other, chainCount: cold.chainCount)
            let error = (one.meanError * one.meanError + two.meanError * two.meanError).squareRoot()
            let z = (one.mean - two.mean) / error
            guard abs(z) >= auditLimit else { return nil }
            let (quantity, errors) = (QuantityName(name), Figure.threeDigits(abs(z)))
            return Sentence(
                "The audit's cold fit has another \(quantity.words): the means differ by \(errors) Monte Carlo errors.",
                french: """
                    L’ajustement à froid de l’audit donne une autre moyenne \(quantity.owned) : l’écart est de \
                    \(errors) erreurs de Monte-Carlo.
                    """)
        }
    }

    /// |z| from which the audit disagrees: by chance once in 16,000 quantities.
    private static let auditLimit = 4.0

    // MARK: What is said before the refit

    /// A provisional answer from the accepted draws, which is written at once.
    private func provisional(
        _ evidence: AcceptedEvidence?, of accepted: AcceptedResult, folder: String
    ) throws -> Sentence {
        guard let evidence else {
            let sentence = Sentence(
                "There is no provisional answer: the model has other parameters than the accepted one.",
                french: """
                    Il n’y a pas de réponse provisoire : le modèle n’a pas les mêmes paramètres que celui de référence.
                    """)
            tell(sentence.english)
            return sentence
        }
        let weights = ProvisionalPosterior(newRows: evidence.current.logRatios, chainCount: accepted.chainCount)
        tell("provisional: \(weights.sentence)")
        guard weights.isUsable else { return weights.sentence }
        let rows = zip(evidence.current.names, evidence.current.quantities).map { name, draws in
            let told = weights.draws(of: draws)
            let quantiles = told.quantiles([0.05, 0.5, 0.95])
            return ProvisionalRow(
                quantity: name, mean: told.mean, meanError: told.meanError, sd: told.sd, q05: quantiles[0],
                q50: quantiles[1], q95: quantiles[2])
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        let answer = ProvisionalAnswer(
            shape: weights.shape.isFinite ? weights.shape : nil, shapeLimit: weights.shapeLimit,
            effectiveSize: weights.effectiveSize, quantities: rows)
        try store.write(Array(try encoder.encode(answer)), as: "provisional.json", of: folder)
        return weights.sentence
    }

    // MARK: How it ends

    private mutating func close(
        _ verdict: NightVerdict, folder: String, hashes: TrailEntry.Hashes, language: Language, seed: UInt64? = nil,
        start: NightStart? = nil, provisional: Sentence? = nil, basis: String? = nil, moved: MovedReport? = nil
    ) throws -> Outcome {
        let entry = TrailEntry(
            night: request.night, kind: .night, folder: folder,
            at: ISO8601DateFormatter().string(from: Date()), verdict: verdict.verdict,
            accepts: verdict.verdict == .promote, sentence: verdict.sentence.english, gates: verdict.outcomes,
            hashes: hashes,
            seed: seed, start: start, provisional: provisional?.english, basis: basis)
        let page = NightContent(
            model: URL(fileURLWithPath: store.path).lastPathComponent, night: request.night, verdict: verdict,
            basis: basis, start: start, provisional: provisional, moved: moved?.section(since: basis ?? ""))
        try write(page, of: folder, in: language)
        try store.append(try trail.add(entry))
        if entry.accepts { try store.link(toResultsOf: folder) }
        return Outcome(entry: trail.entries[trail.entries.count - 1], wasKnown: false)
    }

    private func write(_ page: NightContent, of folder: String, in language: Language) throws {
        try FileManager.default.createDirectory(atPath: store.night(folder), withIntermediateDirectories: true)
        try store.write(
            try NightArchive(page, in: language).encoded(), as: NightStore.archiveName, of: folder)
        try store.write(Array(NightPage.render(page, in: language).utf8), as: "night.html", of: folder)
    }
}

/// `provisional.json`.
private struct ProvisionalAnswer: Encodable {
    var shape: Double?
    var shapeLimit: Double
    var effectiveSize: Double
    var quantities: [ProvisionalRow]

    enum CodingKeys: String, CodingKey {
        case quantities
        case shape = "pareto_k"
        case shapeLimit = "pareto_k_limit"
        case effectiveSize = "effective_draws"
    }
}

private struct ProvisionalRow: Encodable {
    var quantity: String
    var mean: Double
    var meanError: Double
    var sd: Double
    var q05: Double
    var q50: Double
    var q95: Double

    enum CodingKeys: String, CodingKey {
        case quantity, mean, sd, q05, q50, q95
        case meanError = "mcse_mean"
    }
}
