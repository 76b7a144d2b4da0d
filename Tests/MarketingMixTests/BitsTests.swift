import Kernels
import MarketingMix
import ModelDefinition
import Testing

struct BitsTests {
    /// FNV-1a over the bit patterns, one 64-bit word a step.
    private static func hash(_ values: [Double], from start: UInt64) -> UInt64 {
        values.reduce(start) { ($0 ^ $1.bitPattern) &* 0x100_0000_01b3 }
    }

    @Test("density, gradient and decomposition have the committed bits, on every processor and in every build")
    func bits() {
        // The hash is our own output: it says only that nothing changed. Another value is another version of every
        // result, an entry of `NumericVersion.history`.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for (index, preset) in ModelFixture.presets.enumerated() {
            let model = ModelFixture.fullModel(
                preset: preset, channels: ModelFixture.mixedChannels(9, preset: preset), periods: 61)
            let posteriors = PosteriorForm.allCases.map { model.posterior(form: $0, weights: nil) }
            let densities = posteriors.map { $0.density() }
            var stream = testStream(UInt32(40 + index))
            var values = [Double](repeating: 0, count: model.components.count * 61)
            var fitted = [Double](repeating: 0, count: 61)
            for _ in 0..<20 {
                let draw = model.priorDraw(&stream)
                for (posterior, density) in zip(posteriors, densities) {
                    let (value, gradient) = density.evaluated(at: posterior.samplerPosition(constrained: draw))
                    hash = Self.hash([value] + gradient, from: hash)
                }
                model.decompose(constrained: draw, into: &values, fitted: &fitted)
                hash = Self.hash(values + fitted, from: hash)
            }
        }
        #expect(hash == NumericVersion.current.model, "0x\(String(hash, radix: 16))")
    }
}
