import ModelDefinition
import ModelFile
import Testing

@Suite("places of what a model file states")
struct StatedPlacesTests {
    private static let model = """
        tutti: 1
        data: {sources: [{file: data.csv}], date: week, frequency: week}
        kpi:
          kind: units
          column: sales
        channels:
          - {name: tv, spend: tv, kind: brand, long_term: true}
          - {name: letters, spend: letters}
        controls:
          - rain
          - price
        treatments:
          - {name: offers, column: price}
        events:
          - {name: opening, date: 2024-02-06}
          - {name: strike, date: 2024-03-05}
        holidays: {country: DE}
        seasonality:
          - harmonics: 1
            period: quarter
          - {period: month, harmonics: 2}
        experiments:
          - {name: first, channels: [letters], start: 2024-02-05, end: 2024-03-03, design: go_dark, lift: -80, se: 20, use: prior}
          - {name: second, channels: [letters], start: 2024-03-04, end: 2024-03-31, design: go_dark, lift: -80, se: 20}
        """

    private func read() throws(ProblemList) -> ReadModel {
        let first = CalendarDate("2024-01-01")!
        let rows = (0..<20).map { week in
            "\(first.advanced(by: 7 * week)),\(900 + week * week % 37),\(100 + week % 3),\(40 + week * 11 % 23),"
                + "\(week * 5 % 7),\(4 + week % 2)\n"
        }
        return try ModelFileReader.read(
            ModelBundle(
                modelName: "model.yaml", model: Array(Self.model.utf8),
                files: [("data.csv", Array(("week,sales,tv,letters,rain,price\n" + rows.joined()).utf8))]))
    }

    /// Lines that hold these texts, from 1.
    private func lines(_ texts: String...) -> [Int?] {
        let lines = Self.model.split(separator: "\n", omittingEmptySubsequences: false)
        return texts.map { text in lines.firstIndex { $0.contains(text) }.map { $0 + 1 } }
    }

    @Test("whatever is listed has the line on which it stands; a slow component has that of its channel")
    func places() throws {
        let stated = try read().stated
        #expect(stated.sources.map(\.line) == lines("data.csv"))
        #expect([stated.kpi.line] == lines("column: sales"))
        #expect(stated.channels.map(\.channel.name) == ["tv", "letters", "tv_long_term"])
        #expect(stated.channels.map(\.line) == lines("name: tv", "name: letters", "name: tv"))
        #expect(stated.controls.map(\.line) == lines("- rain", "- price"))
        #expect(stated.treatments.map(\.line) == lines("name: offers"))
        #expect(stated.events.map(\.line) == lines("name: opening", "name: strike"))
        #expect([stated.holidayCountry?.line] == lines("holidays:"))
        #expect(stated.seasonality.map(\.line) == lines("period: quarter", "period: month"))
        #expect(stated.experiments.map(\.line) == lines("name: first", "name: second"))
    }

    @Test("what is asked for is what has the places, also after the data have given priors")
    func lists() throws {
        let model = try read()
        let (stated, specification) = (model.stated, model.specification)
        #expect(model.experimentPriors.map(\.channel) == ["letters"] && specification.measuredReturns.count == 1)
        #expect(stated.channels.map(\.channel) == specification.channels)
        #expect(stated.controls.map(\.value) == specification.controls && specification.controls == ["rain", "price"])
        #expect(stated.treatments.map(\.treatment) == specification.treatments && specification.treatments.count == 1)
        #expect(stated.events.map(\.value) == specification.events && specification.events.count == 2)
        #expect(stated.seasonality.map(\.value) == specification.seasonality && specification.seasonality.count == 2)
        #expect(stated.holidayCountry?.value == specification.holidayCountry && specification.holidayCountry == "DE")
        #expect(specification.experiments.map(\.name) == ["second"])
        #expect(stated.experiments(.likelihood).map(\.experiment) == specification.experiments)
        #expect(stated.experiments(.prior).map(\.experiment.name) == ["first"])
        #expect(stated.experimentsInData.map(\.experiment.name) == ["second", "first"])
    }
}
