import Foundation
import Testing

@Suite("a simulated data set")
struct SimulationTests {
    private let place: Workplace

    init() throws {
        place = try Workplace()
    }

    private struct Truth: Decodable {
        struct Channel: Decodable {
            var name: String
            var contribution: Double
            var spend: Double
        }

        var parameters: [String: Double]
        var channels: [Channel]
    }

    @Test("is the same for one seed, another for another, and its fit finds what made it")
    func recovery() throws {
        let model = Workplace.model("robyn_knots")
        func simulate(_ out: String, seed: Int) throws -> [String: Data] {
            let outcome = try TuttiProcess.run(["simulate", model, "--out", place.path(out), "--seed", "\(seed)"])
            #expect(outcome.code == 0, "\(outcome.complaints)")
            var files: [String: Data] = [:]
            for name in ["robyn_knots.yaml", "data/robyn_weekly.csv", "truth.json"] {
                let bytes: Data = try #require(FileManager.default.contents(atPath: place.path("\(out)/\(name)")))
                files[name] = bytes
            }
            return files
        }
        let world = try simulate("one", seed: 5)
        #expect(try simulate("same", seed: 5) == world)
        #expect(try simulate("other", seed: 6)["truth.json"] != world["truth.json"])
        let refused = try TuttiProcess.run(["simulate", model, "--out", place.path("one")])
        #expect(refused.code == 2)

        let truth = try JSONDecoder().decode(Truth.self, from: try #require(world["truth.json"]))
        let fit = try TuttiProcess.run([
            "fit", place.path("one/robyn_knots.yaml"), "--out", place.path("fit"), "--chains", "4", "--quiet",
        ])
        #expect([0, 3].contains(fit.code), "\(fit.complaints)")
        let rows = try place.table("channels.csv", in: "fit")
        var misses = 0
        for channel in truth.channels {
            let row = try #require(rows.first { $0["channel"] == channel.name })
            let low = try #require(row["contribution_q05"].flatMap(Double.init))
            let high = try #require(row["contribution_q95"].flatMap(Double.init))
            // Twice the 90 % interval: five intervals of one world, whose prior is not quite the fit's.
            let slack = 0.5 * (high - low)
            if channel.contribution < low - slack || channel.contribution > high + slack { misses += 1 }
        }
        #expect(misses == 0)
    }
}
