import Analysis
import Foundation
import Posterior
import Results
import Testing

/// The reference of result files says what is written.
@Suite("reference of result files")
struct ResultsReferenceTests {
    /// A manifest that leaves nothing out.
    private static func fullManifest() -> Manifest {
        let extreme = ConvergenceVerdict.Extreme(name: "roi[tv]", value: 1.5)
        var verdict = ConvergenceGate().verdict(
            quantities: [("roi[tv]", Summary(chains: [[1, 3, 2, 5], [2, 1, 4, 3]]))], divergences: 1, draws: 8,
            energyFractions: [0.5])
        for place in [\ConvergenceVerdict.quantities, \.parameters] {
            verdict[keyPath: place].highestRHat = extreme
            verdict[keyPath: place].lowestBulkESS = extreme
            verdict[keyPath: place].lowestTailESS = extreme
        }
        let estimate = SyntheticResults.estimate(1)
        let mediation = MediationRow(
            channel: "tv", mediator: "search", exposureShare: estimate, direct: estimate, through: estimate,
            total: estimate, directROI: nil, totalROI: nil)
        return Manifest(
            run: SyntheticResults.run, seed: 1, plan: SyntheticResults.plan, verdict: Manifest.Verdict(verdict),
            scouts: Manifest.Scouts(highestRHat: 1.01, areUsed: true),
            crossValidation: Manifest.CrossValidation(
                expectedLogDensity: -1, standardError: 1, parameterCount: 1, shapeLimit: 0.7, doubtful: ["2024-01-01"]),
            holdout: Manifest.Holdout(
                periods: 1, cells: 1, logDensity: -1, crps: 1, coverage: 1, absolutePercentageError: 1),
            experiments: [
                Manifest.Experiment(
                    name: "dark", lift: 1, standardError: 1, modelMean: 1, modelQ05: 1, modelQ95: 1)
            ],
            mediation: [Manifest.Mediation(mediation)],
            units: ["contribution": "EUR", "roi": "EUR per EUR spent"],
            money: Manifest.Money(currency: "EUR", vat: "excluded", margin: 0.38), warnings: []
        ).vouching(for: ["channels.csv": "aa"])
    }

    /// Names of the properties below a value that are nil.
    private static func missing(_ value: Any, _ path: String = "") -> [String] {
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, mirror.children.isEmpty { return [path] }
        return mirror.children.flatMap { missing($0.value, "\(path).\($0.label ?? "")") }
    }

    /// Paths of the keys below a value, `*` for the names of a mapping whose reference has one.
    private static func paths(_ value: Any, _ path: String, known: Set<String>) -> Set<String> {
        if let list = value as? [Any] {
            return list.reduce(into: []) { $0.formUnion(paths($1, path + "[]", known: known)) }
        }
        guard let mapping = value as? [String: Any] else { return [] }
        return mapping.reduce(into: []) { found, entry in
            let key = known.contains("\(path).*") ? "*" : entry.key
            let own = path.isEmpty ? key : "\(path).\(key)"
            found.insert(own)
            found.formUnion(paths(entry.value, own, known: known))
        }
    }

    @Test("every key of a manifest that leaves nothing out is explained, and none else")
    func manifest() throws {
        let manifest = Self.fullManifest()
        #expect(Self.missing(manifest) == [])
        let known = Set(Manifest.file.fields.map(\.name))
        let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(manifest))
        #expect(Self.paths(json, "", known: known) == known)
    }

    @Test("every file and field has a sentence, and no two of a file are alike")
    func sentences() {
        #expect(Set(ResultsPage.files.map(\.name)).count == ResultsPage.files.count)
        for file in ResultsPage.files {
            #expect(file.meaning.hasSuffix("."), "\(file.name)")
            #expect(Set(file.fields.map(\.name)).count == file.fields.count, "\(file.name)")
            for field in file.fields { #expect(field.meaning.hasSuffix("."), "\(file.name): \(field.name)") }
        }
    }
}
