import Foundation
import Testing

/// What a user gets wrong: exit code 2, every problem at once with its place, and nothing half written.
@Suite("unusable input")
struct InputTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        try place.write(Self.csv, to: "data.csv")
    }

    private static let csv =
        "week,sales,tv,price\n"
        + (0..<20).map { week in
            let day = 19_000 + 7 * week
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let text = ISO8601DateFormatter().string(from: date).prefix(10)
            return "\(text),\(1000 + 10 * (week * week % 7)),\(week % 5),\(Double(week % 3) + 0.5)\n"
        }.joined()

    private static let model = """
        tutti: 1
        data: {sources: [{file: data.csv}], date: week, frequency: week}
        kpi: {column: sales}
        channels:
          - {name: tv, spend: tv}
        controls: [price]
        """

    private func fit(_ model: String) throws -> TuttiProcess.Outcome {
        try place.write(model, to: "model.yaml")
        let outcome = try TuttiProcess.run(["fit", place.path("model.yaml"), "--out", place.path("out"), "--quiet"])
        #expect(!FileManager.default.fileExists(atPath: place.path("out")))
        #expect(!FileManager.default.fileExists(atPath: place.path("out.state")))
        #expect(!outcome.complaints.contains("Fatal error"))
        #expect(!outcome.complaints.contains("Stack dump"))
        return outcome
    }

    @Test(
        "a broken model file",
        arguments: [
            (change: ["spend:": "spned:"], expected: ["model.yaml:5:", "'channels[0].spned'", "write 'spend'"]),
            (
                change: ["tutti: 1": "tutti: 7", "column: sales": "column: [a]"],
                expected: [":1:", ":3:", "kpi.column"]
            ),
            (change: ["[price]": "[price"], expected: ["not valid YAML"]),
            (
                change: ["controls: [price]": "controls: [prize]\nsampling: {chains: 0}\nholidays: {country: XX}"],
                expected: ["'prize'", "write 'price'", "sampling.chains", "'XX'"]
            ),
            (
                change: ["spend: tv}": "spend: tv, saturation: {kind: hil}, prior: {alpha: {normal: [0, 1]}}}"],
                expected: ["'hil'", "write 'hill'", "fraction"]
            ),
            (change: ["{name: tv, spend: tv}": "{name: tv}"], expected: ["neither 'spend' nor 'exposure'"]),
            (change: ["tutti: 1": "- a list"], expected: ["model.yaml"]),
            (change: ["data.csv}": "no_such.csv}"], expected: [":2:", "'no_such.csv' cannot be read"]),
        ])
    func model(change: [String: String], expected: [String]) throws {
        var text = Self.model
        for (old, new) in change { text = text.replacingOccurrences(of: old, with: new) }
        #expect(text != Self.model)
        let outcome = try fit(text)
        #expect(outcome.code == 2)
        for part in expected + ["Mend: "] { #expect(outcome.complaints.contains(part), "\(outcome.complaints)") }
    }

    @Test(
        "a broken CSV file",
        arguments: [
            (
                change: ["1000,0,0.5": "1000,x,", ",1010,1,": ",1010,-1,"],
                expected: [":2, column 'tv'", "'x'", ":2, column 'price'", "missing", ":3, column 'tv'", "below 0"]
            ),
            (change: ["week,sales,tv,price": "week,sales,tv,tv"], expected: [":1:", "two columns are named 'tv'"]),
            (change: ["1000,0,0.5": "1000,0,0.5,9"], expected: [":2:", "5 fields"]),
            (
                change: ["2022-01-15": "2022-01-16", "2022-01-29": "29.01.2022"],
                expected: ["29.01.2022", "YYYY-MM-DD"]
            ),
            (change: ["1000,0,0.5": "\"1000,0,0.5"], expected: ["quote"]),
            (change: ["2022-01-15": "2022-01-08"], expected: ["stands on line 2 too"]),
            (change: ["week,": "wek,"], expected: ["no date column 'week'", "write 'wek'"]),
        ])
    func table(change: [String: String], expected: [String]) throws {
        var text = Self.csv
        for (old, new) in change { text = text.replacingOccurrences(of: old, with: new) }
        #expect(text != Self.csv)
        try place.write(text, to: "data.csv")
        let outcome = try fit(Self.model)
        #expect(outcome.code == 2)
        for part in expected + ["data.csv", "Mend: "] {
            #expect(outcome.complaints.contains(part), "\(outcome.complaints)")
        }
    }

    @Test("problems of the model file and of the data come together")
    func together() throws {
        try place.write(Self.csv.replacingOccurrences(of: "1000,0,0.5", with: "1000,x,0.5"), to: "data.csv")
        let outcome = try fit(Self.model.replacingOccurrences(of: "controls:", with: "contorls:"))
        #expect(outcome.code == 2)
        #expect(outcome.complaints.contains("write 'controls'"))
        #expect(outcome.complaints.contains("'x' is not a number"))
        #expect(outcome.complaints.contains("2 problems"))
    }

    @Test(
        "arguments that cannot be used",
        arguments: [["fit"], ["fit", "a.yaml", "--out", "x", "--chains", "0"], ["nonsense"]])
    func arguments(words: [String]) throws {
        #expect(try TuttiProcess.run(words).code == 2)
    }

    @Test("a sound model is described and ends with 0")
    func sound() throws {
        try place.write(Self.model, to: "model.yaml")
        let outcome = try TuttiProcess.run(["validate", place.path("model.yaml")])
        #expect(outcome.code == 0)
        #expect(outcome.output.contains("20 periods"))
        #expect(outcome.output.contains("roi[tv]: lognormal(0.2, 0.9)"))
    }
}
