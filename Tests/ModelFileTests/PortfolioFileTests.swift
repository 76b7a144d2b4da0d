import Foundation
import ModelDefinition
import ModelFile
import Testing

@Suite("a portfolio file")
struct PortfolioFileTests {
    private func read(_ text: String) throws(ProblemList) -> PortfolioFile {
        try PortfolioFile.read(Array(text.utf8), file: "p.yaml")
    }

    private func problems(_ text: String) -> [String] {
        do {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("is told from a model file by its top key")
    func topKey() {
        #expect(PortfolioFile.isPortfolio(Array("portfolio: x\nmodels: []".utf8)))
        for other in ["tutti: 1\nname: portfolio", "portfolio", "- portfolio: x", "portfolio: [", "", "\u{0}"] {
            #expect(!PortfolioFile.isPortfolio(Array(other.utf8)), "\(other)")
        }
        #expect(!PortfolioFile.isPortfolio([0xFF, 0xFE, 0x00]))
    }

    @Test("gives each model what all share, and what it says itself before that")
    func settings() throws {
        let portfolio = try read(
            """
            portfolio: europe
            settings:
              {seed: 18446744073709551615, chains: 2, draws: 500, until: ess, priority: low, tags: zone=a, memory: 2G}
            models:
              - {name: uk, model: models/uk.v2.yaml}
              - model: /data/de.yaml
                draws: 900
                start: pooled
                resamples: 20
                warmup: 30
                priority: normal
                tags: [zone=b, gpu]
                after: [3]
                deadline: "2030-01-01T06:00:00Z"
            """)
        #expect(portfolio.name == "europe")
        #expect(portfolio.models.map(\.name) == ["uk", "de"])
        #expect(portfolio.models.map(\.path) == ["models/uk.v2.yaml", "/data/de.yaml"])
        let (uk, de) = (portfolio.models[0].settings, portfolio.models[1].settings)
        #expect(uk.seed == .max && de.seed == .max)
        #expect(uk.chains == 2 && de.chains == 2)
        #expect(uk.draws == 500 && de.draws == 900)
        #expect(uk.until == .ess && de.until == .ess && uk.start == nil && de.start == .pooled)
        #expect(uk.warmup == nil && uk.resamples == nil && de.warmup == 30 && de.resamples == 20)
        #expect(uk.priority?.value == "low" && uk.priority?.line == 3)
        #expect(de.priority?.value == "normal" && de.priority?.line == 11)
        #expect(uk.tags?.value == ["zone=a"] && de.tags?.value == ["zone=b", "gpu"])
        #expect(uk.memory?.value == "2G" && de.memory?.value == "2G")
        #expect(uk.after == nil && de.after?.value == ["3"] && de.deadline?.value == "2030-01-01T06:00:00Z")
    }

    @Test("names a model by its file where it has no name")
    func names() throws {
        let portfolio = try read(
            "portfolio: p\nmodels: [{model: a/b.yaml}, {model: .hidden}, {model: c}, {model: d.e.yml}]")
        #expect(portfolio.models.map(\.name) == ["b", ".hidden", "c", "d.e"])
    }

    @Test("says everything that is wrong at once, each with its line and mend")
    func everyProblem() {
        let found = problems(
            """
            portfolio: p
            settings:
              chain: 2
              draws: 3
              seed: -1
            models:
              - {name: uk, model: uk.yaml, project: x}
              - {name: uk, model: de.yaml, chains: 5000}
              - {name: fr}
              - es.yaml
            extra: 1
            """)
        let expected = [
            "p.yaml:3: unknown key 'settings.chain'. Mend: write 'chains'.",
            "p.yaml:4: 'settings.draws' must be a whole number from 4 to 1000000. Mend: ",
            "p.yaml:5: 'settings.seed' must be a whole number from 0 to 2^64 − 1. Mend: ",
            "p.yaml:7: unknown key 'models[0].project'. Mend: use one of ",
            "p.yaml:8: 'models[1].chains' must be a whole number from 1 to 1024. Mend: ",
            "p.yaml:8: 'models[1]' is called 'uk', as the one of line 7. Mend: give each a 'name' of its own.",
            "p.yaml:9: 'models[2].model' is missing. Mend: ",
            "p.yaml:10: 'models[3]' must be a mapping of keys to values. Mend: ",
            "p.yaml:11: unknown key 'extra'. Mend: ",
        ]
        #expect(found.count == expected.count, "\(found)")
        for (line, start) in zip(found, expected) { #expect(line.hasPrefix(start), "\(line)") }
    }

    @Test("is as the example of Configs, whose models are there")
    func example() throws {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Configs/portfolios")
        let bytes = Array(try Data(contentsOf: folder.appendingPathComponent("example.yaml")))
        #expect(PortfolioFile.isPortfolio(bytes))
        for model in try PortfolioFile.read(bytes, file: "example.yaml").models {
            let path = folder.appendingPathComponent(model.path).path
            #expect(FileManager.default.fileExists(atPath: path), "\(path)")
        }
    }

    @Test("has a name and models", arguments: ["portfolio: p", "portfolio: p\nmodels: []", "portfolio:\nmodels: 7"])
    func missing(text: String) {
        #expect(!problems(text).isEmpty)
        #expect(problems(text).allSatisfy { $0.contains("Mend: ") })
    }
}
