import Cluster
import Fitting
import Foundation
import Glibc
import MarketingMix
import ModelFile
import Results
import Testing

/// What commands write and print, held against the reference of result files.
@Suite("reference of result files", .serialized)
struct ResultsReferenceTests {
    /// A JSON document.
    enum Document: Decodable {
        case boolean(Bool)
        case number(Double)
        case text(String)
        case list([Document])
        case mapping([String: Document])

        init(from decoder: any Decoder) throws {
            let value = try decoder.singleValueContainer()
            if let boolean = try? value.decode(Bool.self) {
                self = .boolean(boolean)
            } else if let number = try? value.decode(Double.self) {
                self = .number(number)
            } else if let text = try? value.decode(String.self) {
                self = .text(text)
            } else if let list = try? value.decode([Document].self) {
                self = .list(list)
            } else {
                self = .mapping(try value.decode([String: Document].self))
            }
        }

        func isOf(_ kind: String) -> Bool {
            switch self {
            case .boolean: kind == "true or false"
            case .number(let number): kind == "number" || kind == "whole number" && number == number.rounded()
            case .text: kind == "text"
            case .list: kind == "list"
            case .mapping: kind == "mapping"
            }
        }
    }

    /// The reference, and what of it has been found written.
    final class Reference {
        /// By file, names of fields with their kinds, in order.
        private(set) var files: [String: [(name: String, kind: String)]] = [:]
        private var found: [String: Set<String>] = [:]

        init(_ page: String) {
            var file = ""
            for line in page.split(separator: "\n") {
                if line.hasPrefix("## `") {
                    file = String(line.dropFirst(4).prefix { $0 != "`" })
                    files[file] = []
                } else if line.hasPrefix("| `") {
                    let cells = line.dropFirst(2).components(separatedBy: " | ")
                    files[file]?.append((cells[0].trimmingCharacters(in: ["`"]), cells[1]))
                }
            }
        }

        private func kind(_ name: String, in file: String) -> String? {
            files[file]?.first { $0.name == name }?.kind
        }

        /// A file without fields of its own, or one with a field that has been looked at.
        func find(_ file: String, _ name: String? = nil) {
            #expect(files[file] != nil, "\(file) is not in the reference")
            found[file, default: []].formUnion(name.map { [$0] } ?? [])
        }

        func find(table rows: [[String: String]], header: [String], in file: String) {
            find(file)
            #expect(files[file]?.map(\.name) == header, "\(file)")
            #expect(!rows.isEmpty, "\(file)")
            for row in rows {
                for (name, field) in row {
                    find(file, name)
                    let isRight =
                        switch kind(name, in: file) {
                        case "number": field.isEmpty || Double(field) != nil
                        case "whole number": Int(field) != nil
                        case "true or false": ["true", "false"].contains(field)
                        case let kind: kind == "text"
                        }
                    #expect(isRight, "\(file): \(name) is '\(field)'")
                }
            }
        }

        func find(_ document: Document, in file: String, at path: String = "") {
            find(file)
            switch document {
            case .list(let entries):
                for entry in entries { find(entry, in: file, at: path + "[]") }
            case .mapping(let mapping):
                for (key, value) in mapping {
                    let prefix = path.isEmpty ? "" : "\(path)."
                    let name = kind("\(prefix)*", in: file) == nil ? prefix + key : "\(prefix)*"
                    let kind = kind(name, in: file)
                    #expect(kind != nil, "\(file): \(name) is not in the reference")
                    #expect(value.isOf(kind ?? ""), "\(file): \(name) is \(value), not a \(kind ?? "")")
                    find(file, name)
                    find(value, in: file, at: name)
                }
            case .boolean, .number, .text: break
            }
        }

        func find(json text: some StringProtocol, in file: String) throws {
            find(try JSONDecoder().decode(Document.self, from: Data(text.utf8)), in: file)
        }

        func find(variables: [String], of group: String) {
            let file = "posterior.nc/\(group)"
            find(file)
            for name in variables {
                let own = kind(name, in: file) == nil ? "*" : name
                #expect(kind(own, in: file) != nil, "\(file): \(name) is not in the reference")
                find(file, own)
            }
        }

        /// What the reference explains and nothing has written.
        var missing: [String] {
            files.flatMap { file, fields -> [String] in
                guard let found = found[file] else { return [file] }
                return fields.map(\.name).filter { !found.contains($0) }.map { "\(file): \($0)" }
            }.sorted()
        }
    }

    private let place: Workplace

    init() throws {
        place = try Workplace()
        let format = ISO8601DateFormatter()
        format.formatOptions = [.withFullDate]
        var panel = ["week,geo,sales,tv,search,clicks,mails,price"]
        var series = ["week,sales,tv,radio"]
        for week in 0..<60 {
            let day = format.string(from: Date(timeIntervalSince1970: 1_704_067_200 + Double(week) * 604_800))
            let tv = week * 7 % 20 < 9 ? 60 + week * 13 % 40 : 0
            let (search, radio) = (20 + week * 11 % 17, week * 5 % 13 * 4)
            series.append("\(day),\(900 + 2 * tv + 3 * radio + week * week % 31),\(tv),\(radio)")
            for (geo, size) in [("north", 1), ("south", 2), ("west", 3)] {
                let sales = size * (900 + 2 * tv + 3 * search) + week * (week + size) % 37
                panel.append("\(day),\(geo),\(sales),\(size * tv),\(search),\(100 + tv),\(week % 3),\(5 + week % 4)")
            }
        }
        try place.write(panel.joined(separator: "\n") + "\n", to: "panel.csv")
        try place.write(series.joined(separator: "\n") + "\n", to: "series.csv")
        // Steps far too long, so that some trajectory diverges.
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: panel.csv}], date: week, geo: geo, frequency: week}
            kpi: {column: sales, currency: EUR, vat: excluded, margin: [{from: 2024-01-01, margin: 0.4}]}
            channels:
              - {name: tv, kind: brand, group: bought, spend: tv, drives: [search]}
              - {name: search, group: bought, spend: search, exposure: clicks}
              - {name: mails, organic: true, exposure: mails}
            controls: [price]
            experiments:
              - {name: dark, channels: [tv], start: 2024-03-04, end: 2024-03-31, design: go_dark, lift: -900, se: 300}
            holdout: {last: 4}
            sampling: {chains: 2, warmup: 20, draws: 40, target_accept: 0.1}
            resampling: {resamples: 1}
            """, to: "panel.yaml")
        try place.write(
            """
            tutti: 1
            data: {sources: [{file: series.csv}], date: week, frequency: week}
            kpi: {column: sales, currency: EUR}
            channels: [{name: tv, spend: tv}, {name: radio, spend: radio}]
            """, to: "series.yaml")
    }

    @discardableResult
    private func tutti(_ words: [String], allowed: Set<Int32> = [0]) throws -> String {
        let outcome = try TuttiProcess.run(words, directory: place.folder)
        try #require(allowed.contains(outcome.code), "tutti \(words): \(outcome.complaints)")
        return outcome.output
    }

    /// Everything in a results folder.
    private func look(at folder: String, _ reference: Reference) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: place.path(folder)) {
            let path = place.path("\(folder)/\(name)")
            if name.hasSuffix(".csv") {
                let text = try String(contentsOfFile: path, encoding: .utf8)
                let header = text.prefix { $0 != "\n" }.split(separator: ",").map(String.init)
                reference.find(table: try place.table(name, in: folder), header: header, in: name)
            } else if name.hasSuffix(".json"), reference.files[name]?.isEmpty == false {
                try reference.find(json: String(contentsOfFile: path, encoding: .utf8), in: name)
            } else if name == "posterior.nc" {
                try lookAtVariables(reference)
            } else {
                reference.find(name)
            }
        }
    }

    /// The groups that the panel's fit writes into `posterior.nc`: the NetCDF library, which keeps global tables without
    /// locks, is left to those tests that take turns.
    private func lookAtVariables(_ reference: Reference) throws {
        let read = try ModelFileReader.read(ModelFileReader.bundle(at: place.path("panel.yaml")))
        let result = try SequentialFit.run(
            model: MarketingMixModel(specification: read.specification, dataset: read.dataset),
            settings: FitSettings(read.specification))
        for group in InferenceData(result, version: "0.1.0").groups {
            reference.find(variables: group.variables.map(\.name), of: group.name)
        }
    }

    @Test("the page in the documentation is what the program prints")
    func page() throws {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/tutti/Documentation.docc/Results.md")
        let text = try String(contentsOf: file, encoding: .utf8)
        #expect(
            text == (try tutti(["reference", "--results"])) + "\n",
            "make it anew: tutti reference --results > Results.md")
    }

    @Test("everything that is written or printed is explained, and everything explained is written by some command")
    func everything() throws {
        let reference = Reference(try tutti(["reference", "--results"]))
        #expect(reference.files.count > 20)

        let lines = try tutti(["fit", "panel.yaml", "--out", "panel", "--json"], allowed: [3]).split(separator: "\n")
        for line in lines.dropLast() { try reference.find(json: line, in: "progress lines") }
        try reference.find(json: try #require(lines.last), in: "last line")
        try look(at: "panel", reference)
        let long = try TuttiProcess(
            ["fit", "series.yaml", "--out", "long", "--chains", "1", "--draws", "1000000", "--json"],
            directory: place.folder)
        let line = long.waitForLine { $0.contains("\"step_size\"") }
        long.send(SIGKILL)
        _ = long.wait()
        try reference.find(json: try #require(line), in: "progress lines")

        let short = ["--quiet", "--warmup", "20", "--draws", "40", "--chains"]
        for (seed, start) in [("1", "independent"), ("2", "pooled")] {
            try tutti(
                ["fit", "series.yaml", "--out", "fit\(seed)", "--seed", seed, "--start", start] + short + ["1"],
                allowed: [3])
            try look(at: "fit\(seed)", reference)
        }
        for line in try tutti(["compare", "fit1", "fit2", "--json"]).split(separator: "\n") {
            try reference.find(json: line, in: "lines of fits")
        }

        let budget = [
            "optimize", "fit1", "--horizon", "4", "--out", "budget", "--cross-fit", "--flight", "tv=2", "--json",
        ]
        try reference.find(json: tutti(budget), in: "plan of a budget")
        try look(at: "budget", reference)

        let plan = ["plan", "series.yaml", "--until", "ess", "--resamples", "1", "--calibration", "0.5", "--json"]
        try reference.find(json: tutti(plan), in: "forecast")

        let world = ["--sbc", "--replications", "2", "--warmup", "20", "--draws", "99", "--quiet"]
        try tutti(["check", "series.yaml", "--out", "sbc"] + world, allowed: [0, 1])
        try tutti(["check", "series.yaml", "--out", "slices", "--slices", "2", "--horizon", "4"] + short + ["1"])
        try tutti(["check", "series.yaml", "--out", "curves", "--curves"] + short + ["2"])
        let placebos = ["--placebo", "--placebo-channels", "3"] + short + ["2"]
        try tutti(["check", "series.yaml", "--out", "placebo"] + placebos, allowed: [0, 1])
        for folder in ["sbc", "slices", "curves", "placebo"] { try look(at: folder, reference) }

        for world in ["hidden-confounder", "autocorrelated-errors"] {
            try tutti(["simulate", "series.yaml", "--out", world, "--world", world])
            try reference.find(
                json: String(contentsOfFile: place.path("\(world)/truth.json"), encoding: .utf8), in: "truth.json")
        }
        let parameters = try JSONDecoder().decode(
            Truth.self, from: Data(contentsOf: URL(fileURLWithPath: place.path("hidden-confounder/truth.json"))))
        let zeros = [String](repeating: "0", count: parameters.parameters.count).joined(separator: ",")
        try place.write("{\"points\": [{\"unconstrained\": [\(zeros)]}]}", to: "points.json")
        try reference.find(json: tutti(["logp", "series.yaml", "--points", "points.json"]), in: "densities")

        let folder = ["--folder", place.path("keys")]
        try tutti(["keys", "new", "pool"] + folder)
        try tutti(["keys", "allow", place.path("keys/pool.public")] + folder)
        try reference.find(json: tutti(["keys", "list", "--json"] + folder), in: "keys")

        try lookAtBackups(of: "long.state", reference)

        let tokens = ["--folder", place.path("tokens")]
        try tutti(["tokens", "new", "notebook", "--role", "submitter"] + tokens)
        try reference.find(json: tutti(["tokens", "list", "--json"] + tokens), in: "tokens")

        try lookAtJobs(reference)
        #expect(reference.missing == [])
    }

    private struct Truth: Decodable {
        var parameters: [String: Double]
    }

    /// What is said of a state folder whose model and data are damaged.
    private func lookAtBackups(of state: String, _ reference: Reference) throws {
        let blobs = place.path("\(state)/blobs")
        for path in try FileManager.default.subpathsOfDirectory(atPath: blobs) where path.contains("/") {
            try Data([1]).write(to: URL(fileURLWithPath: "\(blobs)/\(path)"))
        }
        try reference.find(json: tutti(["doctor", "--json"]), in: "diagnosis")
        try reference.find(json: tutti(["verify", state, "--json"], allowed: [1]), in: "verification")
        try reference.find(json: tutti(["backup", state, "--into", "backup", "--json"], allowed: [1]), in: "backup")
        try reference.find(
            json: tutti(["recover", "backup", "--into", "recovered", "--json"], allowed: [1]), in: "recovery")
    }

    /// What a coordinator says of its jobs.
    private func lookAtJobs(_ reference: Reference) throws {
        let coordinator = try TuttiProcess([
            "coordinator", "--state", place.path("state"), "--bind", "tcp://127.0.0.1:*", "--http", "127.0.0.1:0",
        ])
        defer {
            coordinator.send(SIGKILL)
            _ = coordinator.wait()
        }
        let addresses = try DocumentationTests.addresses(of: coordinator)
        let worker = try TuttiProcess([
            "worker", "--connect", addresses.broker, "--slots", "1", "--tag", "zone=a", "--memory-per-slot", "1G",
        ])
        defer {
            worker.send(SIGKILL)
            _ = worker.wait()
        }
        let url = ["--url", "http://\(addresses.http)"]
        let short = ["--chains", "1", "--warmup", "20", "--draws", "40"]
        try reference.find(
            json: tutti(["submit", "series.yaml", "--json"] + short + url), in: "answer to a submission")
        let job = try tutti(["submit", "series.yaml", "--json", "--wait"] + short + url, allowed: [3])
        try reference.find(json: job, in: "job")
        try reference.find(json: tutti(["results", "1", "--json"] + url), in: "list of result files")
        try place.write(
            "portfolio: p\nmodels: [{name: m, model: series.yaml}]\n", to: "portfolio.yaml")
        try reference.find(
            json: tutti(
                ["submit", "portfolio.yaml", "--json", "--chains", "1", "--draws", "1000000", "--resamples", "3"] + url),
            in: "answer to a portfolio")
        try reference.find(json: tutti(["jobs", "--json"] + url), in: "jobs")
        // A job says how long its steps are once a worker has said so; `watch` prints what the API says.
        let events = try #require(URL(string: "http://\(addresses.http)/v1/jobs/2/events?tasks=true"))
        let running = try #require(JobEvents.first(of: events, containing: "\"step_size\""))
        try reference.find(json: running, in: "job")
        try reference.find(json: tutti(["workers", "--json"] + url), in: "workers")
        // Its pace is known after some seconds, and its figures after some draws.
        let watched = try TuttiProcess(["top", "2", "--json", "--interval", "0.5"] + url)
        let figures = watched.waitForLine { line in
            line.contains("\"r_hat\"") && line.contains("\"seconds_left\"")
                && line.contains(/"chains":\[[^\]]*"gradients_per_second"/)
        }
        watched.send(SIGKILL)
        _ = watched.wait()
        try reference.find(json: try #require(figures), in: "job that is watched")
        func lookAround() throws {
            try reference.find(json: tutti(["top", "--once", "--json"] + url), in: "overview")
        }
        try lookAround()
        let replay = ["replay", "2", "chain", "1", "--through", "1", "--json", "--state", place.path("state")]
        try reference.find(json: tutti(replay), in: "replay")
        try reference.find(json: tutti(["why", "2", "--json"] + url), in: "wait")
        for change in [
            ["jobs", "--pin", "2"], ["jobs", "--unpin", "2"], ["pause", "2"], ["resume", "2"],
            ["prioritise", "2", "--to", "low"],
        ] {
            try reference.find(json: "[\(tutti(change + ["--json"] + url))]", in: "jobs")
            try lookAround()
        }
        let cancelled = try tutti(["cancel", "2", "--json"] + url)
        try reference.find(json: "[\(cancelled)]", in: "jobs")
        try lookAround()
        try reference.find(json: tutti(["watch", "2", "--json"] + url, allowed: [1]), in: "job")
        let portfolio = ["submit", "portfolio.yaml", "--wait", "--json"] + short + url
        try reference.find(json: tutti(portfolio, allowed: [3]), in: "portfolio")
    }
}
