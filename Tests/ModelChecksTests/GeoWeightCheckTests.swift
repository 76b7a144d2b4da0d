import Kernels
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

@Suite("resamples that weigh geos")
struct GeoWeightCheckTests {
    /// What is said of resamples of a made-up panel.
    private func words(geos: Int, scheme: String) throws -> [String] {
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week, geo: place, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: tv}]
            resampling: {resamples: 5, scheme: \(scheme)}
            """
        var stream = RandomStream(key: StreamKey(seed: 8, kind: 78, index: 0), iteration: 0, site: 0)
        let first = CalendarDate(dayNumber: 19_723)
        var rows = ""
        for geo in 0..<geos {
            for week in 0..<60 {
                let tv = stream.uniform() < 0.6 ? 20 + 100 * stream.uniform() : 0
                let sales = 900 + 2 * tv + 60 * stream.normal()
                rows += "\(first.advanced(by: 7 * week)),place \(10 + geo),\(sales),\(tv)\n"
            }
        }
        let bundle = ModelBundle(
            modelName: "model.yaml", model: Array(model.utf8),
            files: [("data.csv", Array(("week,place,sales,tv\n" + rows).utf8))])
        let warnings = try ModelFileReader.read(bundle).judged().warnings
        return warnings.map(\.description).filter { $0.contains("resampling") }
    }

    @Test("are doubted from fewer than twenty geos, and not from twenty, nor where periods are weighted")
    func fewGeos() throws {
        for scheme in ["geo", "crossed"] {
            let said = try words(geos: 3, scheme: scheme)
            #expect(said.count == 1)
            #expect(said.first?.contains("weighs geos, and the data have 3: from fewer than 20") == true)
            #expect(said.first?.hasSuffix("Mend: write `scheme: block_gamma`, which weighs periods.") == true)
            #expect(try words(geos: 20, scheme: scheme).isEmpty)
        }
        #expect(try words(geos: 3, scheme: "block_gamma").isEmpty)
    }
}
