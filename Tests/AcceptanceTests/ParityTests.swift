import Foundation
import Testing

/// The presets of other packages against those packages' own numbers.
@Suite("parity with PyMC-Marketing and Meridian")
struct ParityTests {
    private struct Points: Decodable {
        struct Point: Decodable {
            var logpPeer: Double
            var gradPeer: [Double]
        }

        var points: [Point]
    }

    private struct Answer: Decodable {
        struct Point: Decodable {
            var logp: Double
            var likelihood: Double
            var prior: Double
            var jacobian: Double
            var gradient: [Double]
        }

        var points: [Point]
    }

    private struct Reference: Decodable {
        struct Parameter: Decodable {
            var mean: Double
            var sd: Double
            var mcseMean: Double
            var q05: Double?
            var q95: Double?
        }

        var params: [String: Parameter]
    }

    private static let pointsFile = "pymc-marketing-national-default-logp-points.json"

    @Test("log density to 1e-10 and gradient to 1e-7 at all 20 points, through `tutti logp`")
    func points() throws {
        let place = try Workplace()
        let data = try Workplace.resource(Self.pointsFile)
        try data.write(to: URL(fileURLWithPath: place.path("points.json")))
        let outcome = try TuttiProcess.run(
            ["logp", Workplace.model("mmm_example"), "--points", place.path("points.json")])
        #expect(outcome.code == 0)
        let expected = try decoder.decode(Points.self, from: data).points
        let answers = try decoder.decode(Answer.self, from: Data(outcome.output.utf8)).points
        #expect(answers.count == 20)
        for (index, (answer, peer)) in zip(answers, expected).enumerated() {
            #expect(abs(answer.logp - peer.logpPeer) <= 1e-10 * abs(peer.logpPeer))
            #expect(abs(answer.likelihood + answer.prior + answer.jacobian - answer.logp) <= 1e-12 * abs(answer.logp))
            for (coordinate, (own, other)) in zip(answer.gradient, peer.gradPeer).enumerated() {
                // Point 0 lies on the kink of the Laplace prior of gamma_fourier, coordinates 10 to 13.
                if index == 0, (10..<14).contains(coordinate) { continue }
                #expect(abs(own - other) <= 1e-7 * abs(other), "point \(index), coordinate \(coordinate)")
            }
        }
    }

    @Test("constrained points give the same density as unconstrained ones")
    func constrainedPoints() throws {
        let place = try Workplace()
        let root = try #require(
            JSONSerialization.jsonObject(with: Workplace.resource(Self.pointsFile)) as? [String: Any])
        let points = try #require(root["points"] as? [[String: Any]])
        let constrained = points.prefix(5).map { ["constrained": $0["constrained"] as Any] }
        let body = try JSONSerialization.data(withJSONObject: ["points": constrained])
        try body.write(to: URL(fileURLWithPath: place.path("points.json")))
        let outcome = try TuttiProcess.run(
            ["logp", Workplace.model("mmm_example"), "--points", place.path("points.json")])
        let answers = try decoder.decode(Answer.self, from: Data(outcome.output.utf8)).points
        for (answer, point) in zip(answers, points) {
            let peer = try #require(point["logp_peer"] as? Double)
            #expect(abs(answer.logp - peer) <= 1e-9 * abs(peer))
        }
    }

    @Test("the fit's means lie within four combined standard errors, its spreads within 10 %, the known truth inside")
    func posterior() throws {
        let place = try Workplace()
        // The tail of this one reaches to the prior's: a handful of draws, up to twenty times the mean, makes its
        // standard deviation, and 40,000 reference draws hold too few of them. Its 90 % range is compared instead.
        try compare(
            Workplace.model("mmm_example"), with: "pymc-marketing-national-default-posterior.json", count: 15,
            heavyTailed: ["saturation_beta[x2]"], in: place)
        // Published truth of the data set (Configs/models/data/README.md).
        for (row, truth) in zip(try place.table("channels.csv", in: "out"), [274_848.3, 65_906.0]) {
            #expect(try #require(row["contribution_q05"].flatMap(Double.init)) < truth)
            #expect(try #require(row["contribution_q95"].flatMap(Double.init)) > truth)
        }
    }

    @Test("so do those of a panel whose geos share nothing, and its figures by geo add up")
    func panelPosterior() throws {
        let place = try Workplace()
        let geos = ["geo_a", "geo_b"]
        let heavy = geos.flatMap { geo in ["x1", "x2"].map { "saturation_beta[\(geo),\($0)]" } }
        try compare(
            Workplace.model("mmm_panel"), with: "pymc-marketing-panel-default-posterior.json", count: 28,
            heavyTailed: Set(heavy),
            in: place)
        let byGeo = try place.table("geo_contributions.csv", in: "out")
        for row in try place.table("channels.csv", in: "out") {
            let parts = byGeo.filter { $0["component"] == row["channel"] }.compactMap {
                $0["mean"].flatMap(Double.init)
            }
            let whole = try #require(row["contribution_mean"].flatMap(Double.init))
            #expect(parts.count == 2 && abs(parts.reduce(0, +) - whole) < 1e-9 * whole)
        }
        // Period by period too, where means are those of all draws.
        let byPeriod = try place.table("geo_periods.csv", in: "out")
        let national = try place.table("contributions.csv", in: "out")
        #expect(byPeriod.count == 2 * national.count)
        var sums: [String: Double] = [:]
        for row in byPeriod {
            let (date, component) = (row["date"] ?? "", row["component"] ?? "")
            sums[date + component, default: 0] += try #require(row["mean"].flatMap(Double.init))
        }
        for row in national {
            let whole = try #require(row["mean"].flatMap(Double.init))
            let sum = try #require(sums[(row["date"] ?? "") + (row["component"] ?? "")])
            #expect(abs(sum - whole) < 1e-9 * max(1, abs(whole)))
        }
        #expect(try place.table("geo_channels.csv", in: "out").map { $0["geo"] } == geos + geos)
    }

    @Test(
        "so do those of Meridian's models: one series with reach and frequency, organic media and treatments; a panel",
        arguments: [("meridian-national", 32, 9), ("meridian-geo", 48, 31)])
    func meridianPosterior(name: String, count: Int, deviations: Int) throws {
        let place = try Workplace()
        for file in ["\(name).yaml", "\(name).csv"] {
            try Workplace.resource(file).write(to: URL(fileURLWithPath: place.path(file)))
        }
        // The peer's figures of what geos deviate by are not kept.
        try compare(
            place.path("\(name).yaml"), with: "\(name)-posterior.json", count: count, deviations: deviations, in: place)
    }

    @Test("so do those of a hierarchical panel with a truncated likelihood, without divergences")
    func hierarchicalPosterior() throws {
        let place = try Workplace()
        // Scales of deviations reach to 0, where few draws of either sampler decide their standard deviation.
        try compare(
            Workplace.model("mmm_panel_hierarchical"), with: "pymc-marketing-panel-hierarchical-posterior.json",
            count: 28,
            heavyTailed: ["saturation_beta_raw_sigma[x1]", "saturation_beta_raw_sigma[x2]", "gamma_fourier_sigma"],
            in: place)
    }

    private func compare(
        _ model: String, with file: String, count: Int, deviations: Int = 0, heavyTailed: Set<String> = [],
        in place: Workplace
    ) throws {
        let outcome = try TuttiProcess.run(
            ["fit", model, "--out", place.path("out"), "--draws", "4000", "--quiet"])
        #expect(outcome.code == 0, "\(outcome.complaints)")
        let reference = try decoder.decode(Reference.self, from: Workplace.resource(file))
        let rows = try place.table("summary.csv", in: "out")
        #expect(rows.count == count)
        let used = rows.filter { row in
            ["_dev[", "tau_g"].allSatisfy { row["parameter"]?.contains($0) != true }
        }
        #expect(used.count == count - deviations)
        for row in used {
            func number(_ column: String) throws -> Double { try #require(row[column].flatMap(Double.init)) }
            let name = try #require(row["parameter"]).replacingOccurrences(of: ", ", with: ",")
            let peer = try #require(reference.params[name], "\(name)")
            let error = try (number("mcse_mean") * number("mcse_mean") + peer.mcseMean * peer.mcseMean).squareRoot()
            #expect(try abs(number("mean") - peer.mean) < 4 * error, "\(name)")
            if heavyTailed.contains(name) {
                let range = try #require(peer.q95) - #require(peer.q05)
                #expect(try abs((number("q95") - number("q05")) / range - 1) < 0.1, "\(name)")
            } else {
                #expect(try abs(number("sd") / peer.sd - 1) < 0.1, "\(name)")
            }
        }
    }
}
