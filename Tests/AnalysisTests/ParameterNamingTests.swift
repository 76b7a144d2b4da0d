import Analysis
import MarketingMix
import ModelDefinition
import Testing

struct ParameterNamingTests {
    /// Names of blocks beside reported returns of the channels with spend, in a panel of two geos.
    private static func names(
        _ pooling: Pooling, _ change: (inout ModelSpecification) -> Void = { _ in }
    ) -> [ParameterNaming.Name] {
        let campaign = Campaign.model(geos: ["north", "south"])
        var specification = campaign.specification
        specification.pooling = pooling
        for channel in 0..<2 {
            specification.channels[channel].effect = .roi
            specification.channels[channel].priors[.beta] = nil
            specification.channels[channel].priors[.roi] = .logNormal(mean: 0.2, sd: 0.9)
        }
        change(&specification)
        let reported = ["contribution[tv]", "roi[tv]", "roi[search]", "baseline"]
        return ParameterNaming(
            model: MarketingMixModel(specification: specification, dataset: campaign.dataset),
            quantities: reported.map { Quantity(name: $0, draws: []) }
        ).names
    }

    @Test("no two numbers have one name: returns of all geos, what they have in common, and one of each geo")
    func returns() {
        let shared = Self.names(.complete)
        #expect(shared.filter(\.isReported).map(\.text) == ["roi"])
        let own = Self.names(.none)
        #expect(own.contains { $0.text == "roi_geo" } && !own.contains { $0.text == "roi" || $0.isReported })
        let varying = Self.names(.complete) { $0.mediaEffectiveness = .gaussianProcess }
        #expect(varying.contains { $0.text == "roi_common" } && !varying.contains { $0.text == "roi" || $0.isReported })
    }

    @Test("the parameter of a channel without spend is told as well, though it has no return")
    func unspent() {
        let names = Self.names(.complete) {
            $0.channels[2].effect = .roi
            $0.channels[2].priors = [.roi: .logNormal(mean: 0.2, sd: 0.9)]
        }
        #expect(names.contains { $0.text == "roi_common" } && !names.contains { $0.text == "roi" || $0.isReported })
    }
}
