import Cluster
import Foundation
import ModelFile
import Testing
import Yams

/// What README and documentation say can be done, done as they say it.
@Suite("documentation")
struct DocumentationTests {
    private static let packageFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// A fenced block of a page.
    struct Block: CustomTestStringConvertible {
        var page: String
        var language: String
        var text: String

        var lines: [String] { text.split(separator: "\n").map(String.init) }
        var testDescription: String { "\(page): \(lines.first ?? "")" }
    }

    /// The README, then the articles of all catalogues.
    private static let pages: [URL] =
        [packageFolder.appendingPathComponent("README.md")]
        + ["tutti/Documentation.docc", "Sampling/Sampling.docc", "Wire/Wire.docc"].flatMap { name -> [URL] in
            let articles = packageFolder.appendingPathComponent("Sources/\(name)")
            let names = ((try? FileManager.default.contentsOfDirectory(atPath: articles.path)) ?? []).sorted()
            return names.filter { $0.hasSuffix(".md") }.map(articles.appendingPathComponent)
        }

    private static func blocks(_ language: String) -> [Block] {
        pages.flatMap { page -> [Block] in
            let text = (try? String(contentsOf: page, encoding: .utf8)) ?? ""
            var blocks: [Block] = []
            var open: Block?
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                if let block = open, line.hasPrefix("```") {
                    blocks.append(block)
                    open = nil
                } else if open != nil {
                    open?.text += line + "\n"
                } else if line.hasPrefix("```") {
                    open = Block(page: page.lastPathComponent, language: String(line.dropFirst(3)), text: "")
                }
            }
            return blocks.filter { $0.language == language }
        }
    }

    /// The README's own model with data of its columns, in a folder.
    private func readmeModel() throws -> Workplace {
        let place = try Workplace()
        let model = try #require(Self.blocks("yaml").first { $0.page == "README.md" })
        try place.write(model.text, to: "model.yaml")
        try place.write("portfolio: own\nmodels: [{model: model.yaml}]\n", to: "portfolio.yaml")
        var sales = ["week,revenue,price"]
        var media = ["week,tv_spend,search_spend,search_clicks"]
        for week in 0..<104 {
            let day = Date(timeIntervalSince1970: 1_672_617_600 + Double(week) * 7 * 86_400)
            let date = ISO8601DateFormatter().string(from: day).prefix(10)
            let (tv, search) = ((week * 7) % 11 * 300, 500 + (week * 5) % 13 * 60)
            sales.append("\(date),\(40_000 + 3 * tv + 4 * search + (week * week) % 31 * 100),\(9 + (week * 3) % 7)")
            media.append("\(date),\(tv),\(search),\(search * 2)")
        }
        try place.write(sales.joined(separator: "\n") + "\n", to: "sales.csv")
        try place.write(media.joined(separator: "\n") + "\n", to: "media.csv")
        return place
    }

    /// The words of a line of shell, without its comment.
    private static func words(_ line: String) -> [String] {
        line.prefix { $0 != "#" }.split(separator: " ").map(String.init)
    }

    @Test("every script that the README names is there to be run")
    func scripts() throws {
        let text = try String(contentsOf: Self.packageFolder.appendingPathComponent("README.md"), encoding: .utf8)
        let scripts = Set(text.matches(of: /Deploy\/[a-z-]+\.sh/).map { String($0.output) })
        #expect(scripts.count > 3)
        for script in scripts {
            let path = Self.packageFolder.appendingPathComponent(script).path
            #expect(FileManager.default.isExecutableFile(atPath: path), "\(script)")
        }
    }

    @Test("the README's commands do what they are said to, one after the other")
    func commands() throws {
        let place = try readmeModel()
        var environment: [String: String] = [:]
        var addresses: (broker: String, http: String)?
        var running: [TuttiProcess] = []
        var coordinators = 0
        defer {
            for process in running.reversed() {
                process.send(SIGTERM)
                _ = process.wait()
            }
        }
        var count = 0
        for line in Self.blocks("sh").filter({ $0.page == "README.md" }).flatMap(\.lines) {
            var words = Self.words(line)
            if words.first == "export", let pair = words.last?.split(separator: "=", maxSplits: 1) {
                environment[String(pair[0])] = "http://\(try #require(addresses).http)"
                continue
            }
            guard words.first == "tutti" else { continue }
            words.removeFirst()
            count += 1
            switch words.first {
            case "coordinator":
                coordinators += 1
                var arguments = words.map { word in
                    word.hasPrefix("/var")
                        ? place.path("state-\(coordinators)")
                        : word.hasPrefix("tcp://") ? "tcp://127.0.0.1:*" : word.contains(":") ? "127.0.0.1:0" : word
                }
                if !arguments.contains("--http") { arguments += ["--http", "127.0.0.1:0"] }
                if !arguments.contains("--bind") { arguments += ["--bind", "tcp://127.0.0.1:*"] }
                let coordinator = try TuttiProcess(arguments, directory: place.folder)
                running.append(coordinator)
                addresses = try Self.addresses(of: coordinator)
            case "worker":
                let broker = try #require(addresses).broker
                let arguments = words.map { $0.hasPrefix("tcp://") ? broker : $0 }
                running.append(try TuttiProcess(arguments, directory: place.folder))
            default:
                let outcome = try TuttiProcess.run(words, environment: environment, directory: place.folder)
                // A gate that is not passed is an answer too.
                #expect([0, 3].contains(outcome.code), "\(line)\n\(outcome.complaints)")
            }
        }
        #expect(count >= 7)
    }

    @Test("the commands of Allocation.md do what they are said to, one after the other")
    func allocationCommands() throws {
        let place = try Workplace()
        try FileManager.default.createDirectory(atPath: place.path("data"), withIntermediateDirectories: true)
        try place.write(try Workplace.data("robyn_weekly.csv"), to: "data/robyn_weekly.csv")
        try place.write(
            try String(contentsOfFile: Workplace.model("quickstart"), encoding: .utf8), to: "quickstart.yaml")
        var count = 0
        for line in Self.blocks("sh").filter({ $0.page == "Allocation.md" }).flatMap(\.lines) {
            var words = Self.words(line)
            guard words.first == "tutti" else { continue }
            words.removeFirst()
            // Short chains: what is asked here is whether it runs.
            if words[0] == "fit" {
                words += ["--chains", "2", "--warmup", "150", "--draws", "100", "--resamples", "0", "--quiet"]
            }
            let outcome = try TuttiProcess.run(words, directory: place.folder)
            #expect(
                words[0] == "fit" ? [0, 3].contains(outcome.code) : outcome.code == 0, "\(line)\n\(outcome.complaints)")
            if count == 1 {
                // As the page says: a plan as it was written is one that can be scored.
                try FileManager.default.copyItem(
                    atPath: place.path("results/plan.csv"), toPath: place.path("plan.csv"))
            }
            count += 1
        }
        #expect(count == 14)
    }

    /// Where a coordinator says that it listens.
    static func addresses(of coordinator: TuttiProcess) throws -> (broker: String, http: String) {
        var broker: String?
        var http: String?
        let found = coordinator.waitForComplaint { line in
            // In lines for people and in JSON.
            if let match = line.firstMatch(of: /tcp:\/\/127\.0\.0\.1:[0-9]+/) { broker = String(match.0) }
            if line.contains("HTTP API answers"), let match = line.firstMatch(of: /http:\/\/[^ "]*:([0-9]+)/) {
                http = "127.0.0.1:\(match.1)"
            }
            return broker != nil && http != nil
        }
        try #require(found)
        return (try #require(broker), try #require(http))
    }

    /// The Swift of each page, one block after the other; what belongs into a manifest is no part of a program.
    private static let programs = Dictionary(grouping: blocks("swift"), by: \.page).values.map { blocks in
        Block(
            page: blocks[0].page, language: "swift",
            text: blocks.map(\.text).filter { !$0.hasPrefix("// Package.swift") }.joined(separator: "\n"))
    }

    @Test("the Swift of every page compiles, links and runs as it stands", arguments: programs)
    func swift(program block: Block) throws {
        #expect(Self.programs.count == 2)
        let place = try Workplace()
        try place.write(block.text, to: "main.swift")
        let products = URL(fileURLWithPath: TuttiProcess.path).deletingLastPathComponent()
        let modules = ["Kernels", "Wording", "Densities", "Posterior", "Sampling"]
        let objects = modules.flatMap { module -> [String] in
            let folder = products.appendingPathComponent("\(module).build")
            let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
            return files.filter { $0.hasSuffix(".o") }.map { folder.appendingPathComponent($0).path }
        }
        let compile = Process()
        compile.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        compile.arguments =
            ["swiftc", "-swift-version", "6", "-I", products.appendingPathComponent("Modules").path, "-o"]
            + [place.path("program"), place.path("main.swift")] + objects
            // As the package says to whoever depends on Kernels.
            + ["-lm"]
        try compile.run()
        compile.waitUntilExit()
        try #require(compile.terminationStatus == 0)
        let program = Process()
        program.executableURL = URL(fileURLWithPath: place.path("program"))
        try program.run()
        program.waitUntilExit()
        #expect(program.terminationStatus == 0)
    }

    @Test("every key in the documentation's YAML is one of the reference", arguments: blocks("yaml"))
    func yaml(block: Block) throws {
        let root = try #require(try Yams.compose(yaml: block.text), "it is YAML")
        let keys = root.mapping?.keys.compactMap { $0.scalar?.string } ?? []
        // Not read by Tutti, but by OpenTelemetry's collector.
        guard keys != ["receivers"] else { return }
        let programs = keys.compactMap(Program.init(rawValue:))
        if !programs.isEmpty {
            // A file of settings, read as the programs read it.
            let place = try Workplace()
            try place.write(block.text, to: "cluster.yaml")
            for program in programs {
                #expect(throws: Never.self) {
                    try SettingsReader.read(
                        program, given: [:], file: place.path("cluster.yaml"), environment: [:])
                }
            }
            return
        }
        if keys.contains("portfolio") {
            #expect(throws: Never.self) { try PortfolioFile.read(Array(block.text.utf8), file: block.page) }
            return
        }
        if keys.contains("recalibration") {
            #expect(throws: Never.self) {
                try RecalibrationFile.read(Array(block.text.utf8), file: block.page)
            }
            return
        }
        let known = ModelFileReference.words(in: "") + ModelFileReference.words(in: "channels[]")
        for key in keys { #expect(known.contains(key), "\(key)") }
        if block.page == "README.md" {
            let place = try readmeModel()
            let outcome = try TuttiProcess.run(["validate", "model.yaml"], directory: place.folder)
            #expect(outcome.code == 0, "\(outcome.complaints)")
        }
    }

    @Test("every option that the documentation gives a command is one that it has")
    func options() throws {
        var help: [String: String] = [:]
        var count = 0
        for page in Self.pages {
            let text = try String(contentsOf: page, encoding: .utf8)
            let inBlocks = Self.blocks("sh").filter { $0.page == page.lastPathComponent }.flatMap(\.lines)
                .filter { $0.hasPrefix("tutti ") }.map { "`\($0.prefix { $0 != "#" })`" }
            let all = text.replacing("\n", with: " ") + inBlocks.joined(separator: " ")
            for match in all.matches(of: /`tutti ((?:keys|tokens) [a-z]+|[a-z]+)([^`]*)`/) {
                let command = String(match.output.1)
                if help[command] == nil {
                    let words = command.split(separator: " ").map(String.init)
                    help[command] = try TuttiProcess.run(["help"] + words).output
                }
                for option in match.output.2.matches(of: /--[a-z-]+/) {
                    count += 1
                    #expect(
                        help[command]?.contains(option.output) == true,
                        "\(page.lastPathComponent): tutti \(command) \(option.output)")
                }
            }
        }
        #expect(count > 5)
    }

    @Test("every line of the logs is explained in Cluster.md, and every line that is explained can come")
    func logLines() throws {
        let page = Self.packageFolder.appendingPathComponent("Sources/tutti/Documentation.docc/Cluster.md")
        let explained = Set(
            try String(contentsOf: page, encoding: .utf8).matches(of: /\n\| `([^`]+)` \|/).map { String($0.output.1) })
        var logged: Set<String> = []
        for folder in [
            "Cluster/Coordinator", "Cluster/Keys", "Cluster/Tokens", "Cluster/Worker", "ControlAPI", "tutti/Commands",
        ] {
            let url = Self.packageFolder.appendingPathComponent("Sources/\(folder)")
            let files =
                FileManager.default.enumerator(at: url, includingPropertiesForKeys: nil)?
                .compactMap { $0 as? URL } ?? []
            for file in files where file.pathExtension == "swift" {
                let text = try String(contentsOf: file, encoding: .utf8)
                guard text.contains("import Logging") || text.contains("logger.") else { continue }
                // Of a fact of the queue the text stands by itself.
                for fact in text.matches(of: /FactLine\([^"]*"[a-z_]+"[^"]*text:\s*"([^"\\]+)"/) {
                    logged.insert(String(fact.output.1))
                }
                // A message is the first argument; particulars of it follow as metadata, or in the text itself.
                for call in text.matches(
                    of: /(?:info|warning|error|critical)\(\s*(?:is[A-Za-z]+ \? )?"([^"\\]+)(?:" : "([^"\\]+))?/)
                {
                    logged.insert(call.output.1.trimmingCharacters(in: .whitespaces))
                    if let other = call.output.2 { logged.insert(String(other)) }
                }
            }
        }
        #expect(logged.count > 20)
        #expect(logged.subtracting(explained).sorted() == [], "explain them in the tables of Cluster.md")
        #expect(explained.subtracting(logged).sorted() == [], "no program says this")
    }
}
