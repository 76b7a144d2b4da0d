import Foundation
import Testing

/// A world whose media respond by the logistic curve, fitted with the default Hill curve of slope 1.
@Suite("a study of curves", .serialized)
struct CurveStudyTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
        // Bursts up to deep saturation, so that the two curves, whose ends differ, can be told apart.
        var lines = ["date,sales,tv_spend,radio_spend"]
        let start = Date(timeIntervalSince1970: 1_640_995_200 + 2 * 86_400)
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        for week in 0..<156 {
            let day = format.string(from: start.addingTimeInterval(Double(week) * 7 * 86_400))
            let tv = max(0, 100 * sin(Double(week) * 0.9) + 60 * cos(Double(week) * 0.37))
            let radio = max(0, 80 * cos(Double(week) * 1.7) + 30)
            lines.append("\(day),\(2000 + 100 * sin(Double(week) * 2.1)),\(tv),\(radio)")
        }
        try place.write(lines.joined(separator: "\n") + "\n", to: "data.csv")
        try place.write(model(saturation: "{kind: logistic, prior: {lam: 4}}"), to: "logistic.yaml")
    }

    private func model(saturation: String) -> String {
        """
        tutti: 1
        name: curves
        data: {sources: [{file: data.csv}], date: date, frequency: week}
        kpi: {column: sales, kind: revenue, currency: EUR}
        channels: [{name: tv, kind: performance, spend: tv_spend}, {name: radio, kind: performance, spend: radio_spend}]
        adstock: {kind: geometric, max_lag: 4, prior: {alpha: 0.3}}
        saturation: \(saturation)
        effect: {prior: {lognormal: [1.2, 0.2]}}
        prior: {sigma: 0.15}

        """
    }

    private struct Study: Decodable {
        struct Return: Decodable {
            var quantity: String
            var mean: Double
            var mcse: Double
        }

        struct Alternative: Decodable {
            var choice: String
            var alternative: String
            var elpd: Double
            var difference: Double
            var differenceSe: Double
            var clearlyBeaten: Bool
            var returns: [Return]
        }

        var findings: [String]
        var alternatives: [Alternative]
    }

    private struct Truth: Decodable {
        struct Channel: Decodable {
            var contribution: Double
            var spend: Double
        }

        var channels: [Channel]
    }

    @Test("ranks the curve of the world first and shows returns moving to it, the same with one worker and three")
    func logisticWorld() throws {
        let world = try TuttiProcess.run(
            ["simulate", place.path("logistic.yaml"), "--out", place.path("world"), "--seed", "3"])
        #expect(world.code == 0, "\(world.complaints)")
        // The same, with the default curve and free noise.
        let given = model(saturation: "{kind: hill}").replacingOccurrences(
            of: "prior: {sigma: 0.15}\n", with: "")
        try place.write(given, to: "world/hill.yaml")
        func check(_ out: String, workers: Int) throws -> TuttiProcess.Outcome {
            try TuttiProcess.run([
                "check", "--curves", place.path("world/hill.yaml"), "--out", place.path(out), "--chains", "2",
                "--warmup",
                "300", "--draws", "300", "--workers", "\(workers)", "--json",
            ])
        }
        let one = try check("one", workers: 1)
        #expect(one.code == 0, "\(one.complaints)")
        let files = try place.results("one")
        #expect(Set(files.keys) == ["curves.csv", "curves_roi.csv", "curves.json", "curves.html"])

        let study = try decoder.decode(Study.self, from: try #require(files["curves.json"]))
        let hill = study.alternatives[0]
        #expect(hill.choice == "as given" && hill.clearlyBeaten)
        let saturations = study.alternatives.filter { $0.choice == "saturation" }
        let best = try #require(saturations.max { $0.elpd < $1.elpd })
        #expect(best.alternative == "logistic")
        #expect(study.findings[0].contains("'saturation: logistic' predicts these data better"), "\(study.findings)")

        // The truth, as the world's maker says it, is where the right curve puts it and not the given one.
        let truth = try decoder.decode(
            Truth.self, from: Data(contentsOf: URL(fileURLWithPath: place.path("world/truth.json"))))
        for (channel, world) in truth.channels.enumerated() {
            func distance(_ fit: Study.Alternative) -> Double {
                abs(fit.returns[channel].mean - world.contribution / world.spend)
            }
            #expect(distance(best) < 0.05 * world.contribution / world.spend)
            #expect(distance(best) + 10 * best.returns[channel].mcse < distance(hill))
        }

        let three = try check("three", workers: 3)
        #expect(three.code == 0, "\(three.complaints)")
        #expect(try place.results("three") == files)
    }

    @Test(
        "is advised after a fit with the curve that nobody chose, and not after another",
        arguments: ["{kind: logistic}", "{}"])
    func advice(saturation: String) throws {
        try place.write(model(saturation: saturation), to: "model.yaml")
        let fit = try TuttiProcess.run([
            "fit", place.path("model.yaml"), "--out", place.path("out"), "--chains", "1", "--warmup", "20", "--draws",
            "20",
        ])
        #expect([0, 3].contains(fit.code), "\(fit.complaints)")
        #expect(fit.output.contains("tutti check --curves \(place.path("model.yaml"))") == (saturation == "{}"))
    }

    @Test(
        "is what a default fit asks for when a neighbour predicts the data better, and not in a world of its own curve")
    func neighbour() throws {
        func fit(_ saturation: String) throws -> String {
            let out = UUID().uuidString
            try place.write(model(saturation: saturation), to: "\(out).yaml")
            let world = try TuttiProcess.run([
                "simulate", place.path("\(out).yaml"), "--out", place.path(out), "--seed", "3",
            ])
            #expect(world.code == 0, "\(world.complaints)")
            let given = model(saturation: "{}").replacingOccurrences(of: "prior: {sigma: 0.15}\n", with: "")
            try place.write(given, to: "\(out)/given.yaml")
            let fit = try TuttiProcess.run([
                "fit", place.path("\(out)/given.yaml"), "--out", place.path("\(out)/results"), "--chains", "2",
                "--warmup",
                "300", "--draws", "300",
            ])
            #expect([0, 3].contains(fit.code), "\(fit.complaints)")
            return fit.output
        }
        let sentence = "predicts these data better than the model as given"
        let other = try fit("{kind: logistic, prior: {lam: 4}}")
        #expect(other.contains(sentence) && other.contains("logistic"), "\(other)")
        let own = try fit("{kind: hill, prior: {ec: 0.8}}")
        #expect(!own.contains(sentence), "\(own)")
    }
}
