import Cluster
import Fitting
import Foundation
import ModelFile
import Recalibration
import Report
import Testing

@Suite("a night that cannot be read")
struct NightTests {
    /// Never asked.
    private struct NoEngine: NightEngine {
        func fit(_ bundle: BundleArchive, settings: FitSettings, into directory: String) async throws {
            Issue.record("nothing is fitted")
        }
    }

    private static func page(of model: String, data: String? = nil) async throws -> (page: String, trail: [String]) {
        let place = try TemporaryFolder()
        if let data { try Data(data.utf8).write(to: URL(fileURLWithPath: "\(place.path)/data.csv")) }
        try Data(model.utf8).write(to: URL(fileURLWithPath: "\(place.path)/model.yaml"))
        let store = try NightStore("\(place.path)/model")
        var night = try Night(
            Night.Request(
                night: "2026-11-30", model: "\(place.path)/model.yaml", settings: { $0 }, isAudit: false,
                bounds: GateBounds(), terms: ""),
            store: store, engine: NoEngine()
        ) { _ in }
        let outcome = try await night.run()
        #expect(outcome.entry.verdict == .fail && outcome.entry.start == nil)
        let page = try String(contentsOfFile: "\(store.night("2026-11-30"))/night.html", encoding: .utf8)
        // What is kept is the same page.
        let kept = try NightArchive(
            decoding: Array(Data(contentsOf: URL(fileURLWithPath: "\(store.night("2026-11-30"))/night.json"))))
        #expect(NightPage.render(kept.content, in: kept.language) == page)
        return (page, try store.lines())
    }

    @Test("tells the commonest errors of data in French on a French page, and in English in the trail")
    func errors() async throws {
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: tv}, {name: radio, spend: wireless}]
            report: {lang: fr}

            """
        let days = ["06-01", "06-08", "06-15", "06-22", "06-29", "07-06", "07-13", "07-20", "07-27", "08-03"]
        let data = (["week,sales,tv"] + days.enumerated().map { "2026-\($1),\(100 + 3 * $0),\(7 + $0)" })
            .joined(separator: "\n")
        let (page, trail) = try await Self.page(of: model, data: data + "\n")
        #expect(page.contains("aucun fichier de données n’a de colonne") && !page.contains("no data file has"))
        #expect(trail.count == 1 && trail[0].contains("no data file has a column 'wireless'"))
    }

    @Test("is told in the language of the model file, whatever else is wrong with it, and recorded in English")
    func language() async throws {
        let (french, trail) = try await Self.page(of: "tutti: 1\nreport: {lang: fr}\nspend: 3\n")
        #expect(french.contains("<html lang=\"fr\">") && french.contains("REJETÉ"))
        #expect(french.contains("Les données comportent") && french.contains("<code>"))
        #expect(trail.count == 1 && trail[0].contains("The data have"))
        for model in ["tutti: 1\nspend: 3\n", "report: {lang: xx}\n", "report: [fr\n"] {
            let (english, _) = try await Self.page(of: model)
            #expect(english.contains("<html lang=\"en\">") && english.contains("The data have"))
        }
    }
}
