import MarketingMix
import Posterior
import Wording

/// What the scouts of a fit have come to.
package struct ScoutFinding: Sendable, Hashable {
    /// Of a sampled coordinate or the log density, among the scouts.
    package let highestRHat: Double
    /// False where the chains have warmed up by themselves, since the scouts did not agree.
    package let areUsed: Bool

    /// Nil for a fit without scouts.
    /// - Parameter records: the bytes of each scout's draws.
    init?(
        _ records: [[UInt8]], posterior: MarketingMixPosterior, settings: FitSettings
    ) throws(FitAssemblyError) {
        guard settings.isPooled else { return nil }
        guard let pool = ScoutPool(records.flatMap(\.self), density: posterior.density(), metric: settings.metric)
        else { throw .records(task: FitTask.scout(0).label) }
        highestRHat = pool.highestRHat
        areUsed = pool.isUsed
    }

    /// What is to be said where they are not used.
    var disagreement: Sentence {
        highestRHat < ScoutPool.rHatMax
            ? Sentence(
                "The scouts' draws told no metric, so that each chain warmed up by itself.",
                french: "Les tirages des éclaireurs n’ont donné aucune métrique : chaque chaîne s’est rodée seule.")
            : Sentence(
                "The scouts did not agree (R-hat \(Figure.decimal(highestRHat, places: 3)), not below "
                    + "\(Figure.decimal(ScoutPool.rHatMax, places: 2))), so that each chain warmed up by itself.",
                french: """
                    Les éclaireurs ne se sont pas accordés (R-hat \(Figure.decimal(highestRHat, places: 3)), non \
                    inférieur à 
                    """
                        + "\(Figure.decimal(ScoutPool.rHatMax, places: 2))) : chaque chaîne s’est rodée seule.")
    }
}
