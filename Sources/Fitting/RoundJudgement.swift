import Analysis
import Kernels
import MarketingMix
import Posterior
import Sampling

/// Whether what the chains of a fit have drawn is enough: every reported quantity of channels and totals has converged with
/// an effective sample size of 800 or more, and so has, within the bounds of the gate, every parameter.
///
/// Twice the gate's 400, since to stop at the first round that passes favours rounds that pass by luck: at an effective
/// sample size of 440 one converged quantity in five shows an R-hat of 1.01 or more, at 800 one in thirty.
package enum RoundJudgement {
    /// Bulk and tail, of every reported quantity.
    package static let essMin = 800.0

    /// What more draws may mend.
    private static let mendable: Set<ConvergenceVerdict.Cause> = [.disagreement, .fewDraws, .undefined, .parameter]

    /// - Parameters:
    ///   - settings: with the draws that a chain has at the end of the round.
    ///   - chains: the bytes of each chain's draws, of that number.
    package static func isEnough(
        model: MarketingMixModel, settings: FitSettings, chains: [[UInt8]],
        by processors: some ParallelMap = SerialMap()
    ) throws(FitAssemblyError) -> Bool {
        let posterior = model.posterior(weights: nil)
        let records = try chains.enumerated().map { index, bytes throws(FitAssemblyError) in
            try FitAssembly.chain(index, of: bytes, posterior: posterior, settings: settings)
        }
        let constrained = processors.map(records.count) { index in
            FitAssembly.recover(
                records[index], posterior: posterior, key: StreamKey(settings, .recovery, index: index))
        }.flatMap(\.self)
        let quantities = PosteriorAnalysis.quantities(model: model, constrained: constrained)
        let summaries = processors.map(quantities.count) { index in
            (name: quantities[index].name, summary: quantities[index].summary(chainCount: settings.chains))
        }
        var gate = ConvergenceGate()
        gate.essMin = essMin
        guard isEnough(gate, quantities: summaries, settings) else { return false }
        // Parameters are many, and looked at when the figures are sound.
        let draws = FitAssembly.makeDraws(
            model: model, naming: ParameterNaming(model: model, quantities: quantities), chains: records,
            constrained: constrained)
        return isEnough(
            gate, quantities: summaries, parameters: FitAssembly.summaries(of: draws, by: processors), settings)
    }

    private static func isEnough(
        _ gate: ConvergenceGate, quantities: [(name: String, summary: Summary)],
        parameters: [(name: String, summary: Summary)] = [], _ settings: FitSettings
    ) -> Bool {
        // Divergences and energies are no better for more draws.
        let verdict = gate.verdict(
            quantities: quantities, parameters: parameters, divergences: 0, draws: settings.chains * settings.draws,
            energyFractions: Array(repeating: 1, count: settings.chains))
        return mendable.isDisjoint(with: verdict.causes)
    }
}
