import Analysis
import Kernels
import MarketingMix
import ModelDefinition
import Testing

@Suite("warnings about a finished fit")
struct FitWarningTests {
    private let model = Campaign.model()

    /// Draws around a truth, each effect with a spread of a tenth of it.
    private func draws(_ truth: Campaign.Truth, count: Int = 2000) -> [[Double]] {
        (0..<count).map { draw in
            var stream = RandomStream(key: StreamKey(seed: 4, kind: 3, index: 0), iteration: UInt64(draw), site: 0)
            var own = truth
            own.effects = truth.effects.map { $0 * (1 + 0.1 * stream.normal()) }
            return own.constrained(model)
        }
    }

    /// Those about effects' priors and what media bring; made-up draws may well break another check.
    private func warnings(_ constrained: [[Double]]) -> [FitWarning] {
        let evidence = FitEvidence(
            model: model, constrained: constrained,
            analysis: PosteriorAnalysis(model: model, constrained: constrained, chainCount: 1))
        return FitWarnings.all(evidence).filter { warning in
            ["prior standard deviations", "The data said nothing", "Media bring"].contains { words in
                warning.sentence.english.contains(words)
            }
        }
    }

    /// The element of `saturation_beta` of a channel.
    private func place(_ channel: Int) throws -> Int {
        try #require(model.layout.blocks.first { $0.name == "saturation_beta" }).offset + channel
    }

    @Test("a posterior that learned something plausible is let pass")
    func silent() {
        #expect(warnings(draws(Campaign.Truth())).isEmpty)
    }

    @Test("an effect far out in its prior is named with both means")
    func farOut() throws {
        var constrained = draws(Campaign.Truth())
        // A half-normal of scale 1 has the mean 0.798 and the standard deviation 0.603: 4.354 is 5.9 of them above.
        let place = try place(1)
        for draw in constrained.indices { constrained[draw][place] = 4.354 + 0.01 * Double(draw % 3 - 1) }
        let found = try #require(warnings(constrained).first { $0.quantities == ["saturation_beta[search]"] })
        #expect(
            found.sentence.english.hasPrefix(
                "saturation_beta[search] is 4.35, 5.9 prior standard deviations above the mean"))
        #expect(found.sentence.english.contains("0.798"))
    }

    /// What is said of channels whose draws are those of their prior.
    private func unmoved(_ channels: [Int], level: Double) throws -> [FitWarning] {
        var constrained = draws(Campaign.Truth(level: level))
        for channel in channels {
            let place = try place(channel)
            for draw in constrained.indices {
                var stream = RandomStream(
                    key: StreamKey(seed: 9, kind: 3, index: UInt32(channel)), iteration: UInt64(draw), site: 0)
                constrained[draw][place] = abs(stream.normal())
            }
        }
        return warnings(constrained).filter { $0.sentence.english.hasPrefix("The data said nothing about ") }
    }

    @Test("effects that are their priors are told in one sentence")
    func unmoved() throws {
        let found = try unmoved([0, 2], level: 30)
        #expect(found.map(\.quantities) == [["saturation_beta[tv]", "saturation_beta[press]"]])
        #expect(found.first?.sentence.english.contains("tv (saturation_beta[tv] 0.") == true)
    }

    @Test("an effect that is its prior is no news where it is a small part of the KPI, unless all are")
    func small() throws {
        // Press brings 240 of 30,000.
        #expect(try unmoved([2], level: 5000) == [])
        #expect(
            try unmoved([0, 1, 2], level: 5000).map(\.quantities)
                == [["saturation_beta[tv]", "saturation_beta[search]", "saturation_beta[press]"]])
    }

    @Test("media that bring three quarters of the KPI are told, a half is not")
    func mediaShare() throws {
        // Over six weeks media bring 53 + 140 + 12, and the level six times itself.
        func share(_ level: Double) -> String? {
            warnings(draws(Campaign.Truth(level: level))).first { $0.quantities == ["total"] }?.sentence.english
        }
        #expect(share(12)?.hasPrefix("Media bring 7") == true)
        #expect(share(35) == nil)
    }

    @Test("numbers in sentences have three digits")
    func numbers() {
        let cases: [(Double, String)] = [
            (0, "0"), (5.9, "5.9"), (0.79788, "0.798"), (1234.5, "1235"), (-2.346, "-2.35"), (0.01234, "0.0123"),
        ]
        for (value, text) in cases { #expect(ShortNumber.text(value) == text) }
    }
}
