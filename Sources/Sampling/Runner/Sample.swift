import Densities
import Kernels

/// Runs several chains, one after another, from starts that are dispersed on purpose.
///
/// Each chain starts where `pathfinderStart` puts it. After warm-up a chain whose region holds next to none of the mass
/// beside that of the best one is started anew. Modes are looked for beforehand, from starts all over and far around, and
/// told of where more than one matters. The result is a function of density, settings, seed and number of chains.
///
/// - Parameter density: makes an instance for each chain, as one serves one chain.
public func sample(
    density: () -> any LogDensity, settings: ChainSettings = ChainSettings(), seed: UInt64, chains: Int = 4
) throws(SamplingError) -> SampledChains {
    var plan = ChainPlan(settings: settings, seed: seed, chains: chains)
    while !plan.pending.isEmpty {
        var warmed: [WarmedChain] = []
        for (chain, attempt) in plan.pending {
            warmed.append(try plan.warmUp(density(), chain: chain, attempt: attempt))
        }
        plan.take(warmed)
    }
    var finished: [SampledChain] = []
    for chain in plan.warmed { finished.append(try plan.finish(density(), chain)) }
    return plan.result(finished, modes: ModeSurvey(density: density(), seed: seed).modes)
}

/// As `sample`, with each chain a task of its own; the draws are the same to the bit.
public func sampleConcurrently(
    density: @escaping @Sendable () -> any LogDensity, settings: ChainSettings = ChainSettings(), seed: UInt64,
    chains: Int = 4
) async throws(SamplingError) -> SampledChains {
    async let survey = ModeSurvey(density: density(), seed: seed).modes
    var plan = ChainPlan(settings: settings, seed: seed, chains: chains)
    while !plan.pending.isEmpty {
        let now = plan
        plan.take(
            try await inParallel(now.pending) { (pending) throws(SamplingError) in
                try now.warmUp(density(), chain: pending.chain, attempt: pending.attempt)
            })
    }
    let now = plan
    let finished = try await inParallel(now.warmed) { (chain) throws(SamplingError) in
        try now.finish(density(), chain)
    }
    return plan.result(finished, modes: await survey)
}

/// The results of a function of each element, in their order.
private func inParallel<Element: Sendable, Outcome: Sendable>(
    _ elements: [Element], _ body: @escaping @Sendable (Element) throws(SamplingError) -> Outcome
) async throws(SamplingError) -> [Outcome] {
    let results = await withTaskGroup(of: (Int, Result<Outcome, SamplingError>).self) { group in
        for (index, element) in elements.enumerated() {
            group.addTask {
                do throws(SamplingError) {
                    return (index, .success(try body(element)))
                } catch {
                    return (index, .failure(error))
                }
            }
        }
        var results: [Int: Result<Outcome, SamplingError>] = [:]
        for await (index, result) in group { results[index] = result }
        return results
    }
    var outcomes: [Outcome] = []
    for index in elements.indices {
        if let result = results[index] { outcomes.append(try result.get()) }
    }
    return outcomes
}
