import Wording

/// The bounds of a fit's convergence.
public struct ConvergenceGate: Sendable, Hashable {
    /// R-hat of every reported quantity lies below it: Vehtari et al. (2021).
    public var rHatMax = 1.01
    /// Bulk and tail effective sample sizes reach it, whatever the number of chains: with fewer, R-hat and the effective
    /// sample size are themselves unreliable (Vehtari et al. 2021).
    public var essMin = 400.0
    /// They reach it times the number of chains: the same reason, for more than four chains.
    public var essPerChainMin = 100.0
    /// From this R-hat a parameter has not converged at all; between the two bounds it has mixed slowly, which is warned
    /// of: no figure that is acted on is read from it.
    public var parameterRHatMax = 1.05
    /// Below this effective sample size a parameter has not converged at all.
    public var parameterESSMin = 100.0
    /// Share of draws that may be divergent. A divergence says that a region may be unexplored (Betancourt 2017,
    /// "A conceptual introduction to Hamiltonian Monte Carlo"); one in a thousand draws is too few to be a region of its own, and is warned of.
    public var divergentShareMax = 0.001
    /// Share of draws that may end with a tree that could grow no further: beyond it the draws follow on each other.
    public var saturatedShareMax = 0.1
    /// Share of such draws from which they are warned of.
    public var saturatedShareWarned = 0.01
    /// E-BFMI of every chain lies above it: Betancourt (2016).
    public var energyFractionMin = 0.3

    public init() {}

    /// One whose draws are all equal does not count; one that varies and has no R-hat or effective sample size fails, and
    /// so does a fit where no reported quantity varies.
    ///
    /// - Parameters:
    ///   - quantities: those that are reported of channels and totals.
    ///   - parameters: every element of every parameter, those that are recovered or deviations among them.
    ///   - divergences: divergent draws among `draws`, those of all chains after warm-up.
    ///   - saturated: draws among them whose tree could grow no further.
    ///   - energyFractions: one a chain.
    ///   - nested: nested R-hat of the reported quantities, where the chains began at a few places; empty where each has
    ///     a start of its own.
    ///   - chains: the draws of a quantity or parameter by its name, chains × draws, for a sentence about which chain is
    ///     unlike the others; nil where they are not at hand.
    public func verdict(
        quantities: [(name: String, summary: Summary)], parameters: [(name: String, summary: Summary)] = [],
        divergences: Int, saturated: Int = 0, draws: Int, energyFractions: [Double],
        nested: [(name: String, rHat: NestedRHat)] = [],
        chains: (String) -> [[Double]]? = { _ in nil }
    ) -> ConvergenceVerdict {
        let chainCount = energyFractions.count
        var findings = Findings()
        if chainCount == 1 {
            findings.add(
                .singleChain,
                Sentence(
                    "One chain alone has nothing to agree with: convergence cannot be judged.",
                    french: "Une seule chaîne n’a rien avec quoi s’accorder : la convergence ne peut pas être jugée."))
        }
        let worst = ConvergenceVerdict.Extremes(of: quantities)
        judge(worst, chainCount: chainCount, chains: chains, into: &findings)
        judge(nested: nested, into: &findings)
        judgeRun(
            divergences: divergences, saturated: saturated, draws: draws, energyFractions: energyFractions,
            into: &findings)
        let figuresAreSound = findings.reasons.isEmpty
        judge(
            parameters: parameters, besides: figuresAreSound ? worst : nil, chainCount: chainCount, chains: chains,
            into: &findings)
        return ConvergenceVerdict(
            outcome: findings.reasons.isEmpty ? .passed : figuresAreSound ? .figuresOnly : .failed,
            quantities: worst, parameters: ConvergenceVerdict.Extremes(of: parameters),
            divergences: divergences, saturated: saturated, draws: draws,
            lowestEnergyFraction: Self.lowest(energyFractions)?.value ?? .nan, reasons: findings.reasons,
            causes: findings.causes, warnings: findings.warnings)
    }

    /// The effective sample size that reported quantities need.
    public func essNeeded(chainCount: Int) -> Double { max(essMin, essPerChainMin * Double(chainCount)) }

    // MARK: Reported quantities

    private func judge(
        _ worst: ConvergenceVerdict.Extremes, chainCount: Int, chains: (String) -> [[Double]]?,
        into findings: inout Findings
    ) {
        guard let rHat = worst.highestRHat else {
            findings.add(
                .nothingVaries,
                Sentence(
                    "No reported quantity varies, so that convergence cannot be judged.",
                    french: "Aucune grandeur rapportée ne varie : la convergence ne peut pas être jugée."))
            return
        }
        if rHat.value.isNaN {
            let why =
                chains(rHat.name).map {
                    $0.joined().contains(where: \.isNaN)
                        ? ("not all numbers", "pas tous des nombres") : ("too few", "trop peu nombreux")
                } ?? ("too few or not all numbers", "trop peu nombreux, ou pas tous des nombres")
            findings.add(
                .undefined,
                Sentence(
                    "R-hat of \(rHat.name) is undefined: its draws are \(why.0).",
                    french: "Le R-hat de \(rHat.name) n’est pas défini : ses tirages sont \(why.1)."))
        } else if !(rHat.value < rHatMax) {
            findings.add(
                .disagreement,
                Sentence(
                    "The chains disagree: R-hat of \(rHat.name) is \(Figure.decimal(rHat.value, places: 4)), not below "
                        + "\(Figure.decimal(rHatMax, places: 4)).",
                    french: "Les chaînes ne s’accordent pas : le R-hat de \(rHat.name) est de "
                        + "\(Figure.decimal(rHat.value, places: 4)), et non inférieur à "
                        + "\(Figure.decimal(rHatMax, places: 4))."
                ).followed(by: odd(chains(rHat.name))))
        }
        let needed = essNeeded(chainCount: chainCount)
        for (part, frenchPart, size) in [
            ("bulk", "au centre", worst.lowestBulkESS), ("tail", "dans les queues", worst.lowestTailESS),
        ] {
            guard let size, !(size.value >= needed) else { continue }
            if size.value.isNaN {
                // Where R-hat is undefined too the reason is given already.
                guard !rHat.value.isNaN else { continue }
                findings.add(
                    .undefined,
                    Sentence(
                        "The \(part) ESS of \(size.name) is undefined: its draws are too few.",
                        french: "La taille effective \(frenchPart) de \(size.name) n’est pas définie : "
                            + "ses tirages sont trop peu nombreux."))
            } else {
                findings.add(
                    .fewDraws,
                    Sentence(
                        "Too few effective draws: \(part) ESS of \(size.name) is "
                            + "\(Figure.whole(size.value.rounded(.down))), below \(Figure.whole(needed)).",
                        french: """
                            Trop peu de tirages effectifs : la taille effective \(frenchPart) de \(size.name) est \
                            de 
                            """
                                + "\(Figure.whole(size.value.rounded(.down))), au-dessous de \(Figure.whole(needed))."))
            }
        }
    }

    /// Chains of one place may agree among themselves and with their halves, and yet not with those of another.
    private func judge(nested: [(name: String, rHat: NestedRHat)], into findings: inout Findings) {
        // One whose draws are all equal has none.
        let varying = nested.filter { !$0.rHat.value.isNaN }
        guard let worst = varying.max(by: { $0.rHat.value < $1.rHat.value }), !(worst.rHat.value < rHatMax) else {
            return
        }
        findings.add(
            .disagreement,
            Sentence(
                "Chains that began at one place disagree with those of another: nested R-hat of \(worst.name) is "
                    + "\(Figure.decimal(worst.rHat.value, places: 4)), not below \(Figure.decimal(rHatMax, places: 4)).",
                french: """
                    Les chaînes parties d’un endroit ne s’accordent pas avec celles d’un autre : le R-hat emboîté \
                    de 
                    """
                        + "\(worst.name) est de \(Figure.decimal(worst.rHat.value, places: 4)), et non inférieur à "
                        + "\(Figure.decimal(rHatMax, places: 4))."))
    }

    // MARK: The run

    private func judgeRun(
        divergences: Int, saturated: Int, draws: Int, energyFractions: [Double], into findings: inout Findings
    ) {
        func percent(_ share: Double) -> String { Figure.trimmed(Figure.decimal(100 * share, places: 3)) }
        func share(_ count: Int) -> String { percent(Double(count) / Double(max(1, draws))) }
        let diverged = "\(divergences) of \(draws) draws diverged, \(share(divergences))%"
        let frenchDiverged: FrenchText =
            "\(divergences) tirage\(divergences == 1 ? " a" : "s ont") divergé sur \(draws), soit \(share(divergences)) %"
        if Double(divergences) > divergentShareMax * Double(draws) {
            findings.add(
                .divergences,
                Sentence(
                    "\(diverged), more than \(percent(divergentShareMax))%.",
                    french: "\(frenchDiverged), plus de \(percent(divergentShareMax)) %."))
        } else if divergences > 0 {
            findings.warnings.append(Sentence("\(diverged).", french: "\(frenchDiverged)."))
        }
        let stopped =
            "\(saturated) of \(draws) draws, \(share(saturated))%, ended with a trajectory that could grow no further"
        let frenchStopped: FrenchText =
            "\(saturated) tirages sur \(draws), soit \(share(saturated)) %, ont fini sur une trajectoire arrivée à sa longueur limite"
        if Double(saturated) > saturatedShareMax * Double(draws) {
            findings.add(
                .saturated,
                Sentence(
                    "\(stopped), more than \(percent(saturatedShareMax))%.",
                    french: "\(frenchStopped), plus de \(percent(saturatedShareMax)) %."))
        } else if Double(saturated) > saturatedShareWarned * Double(draws) {
            findings.warnings.append(
                Sentence(
                    "\(stopped): the sampler takes steps that are small beside the posterior.",
                    french: "\(frenchStopped) : l’échantillonneur avance à pas trop petits pour l’étendue à parcourir.")
            )
        }
        guard let lowest = Self.lowest(energyFractions) else {
            findings.add(
                .energy,
                Sentence(
                    "E-BFMI is undefined: there are no energies.",
                    french: "L’E-BFMI n’est pas défini : il n’y a pas d’énergies."))
            return
        }
        if lowest.value.isNaN {
            findings.add(
                .energy,
                Sentence(
                    "E-BFMI of chain \(lowest.chain) is undefined: the energies are too few, all equal or not all numbers.",
                    french: """
                        L’E-BFMI de la chaîne \(lowest.chain) n’est pas défini : ses énergies sont trop peu \
                        nombreuses, 
                        """
                            + "toutes égales ou pas toutes des nombres."))
        } else if !(lowest.value > energyFractionMin) {
            findings.add(
                .energy,
                Sentence(
                    "The energy is explored too slowly: E-BFMI of chain \(lowest.chain) is "
                        + "\(Figure.decimal(lowest.value, places: 4)), not above "
                        + "\(Figure.decimal(energyFractionMin, places: 4)).",
                    french: "L’énergie est explorée trop lentement : l’E-BFMI de la chaîne \(lowest.chain) est de "
                        + "\(Figure.decimal(lowest.value, places: 4)), et non supérieur à "
                        + "\(Figure.decimal(energyFractionMin, places: 4))."))
        }
    }

    /// The first NaN, or else the smallest; chains count from 1.
    private static func lowest(_ fractions: [Double]) -> (chain: Int, value: Double)? {
        guard var found = fractions.first.map({ (chain: 1, value: $0) }) else { return nil }
        for (index, value) in fractions.enumerated() where !found.value.isNaN {
            if value.isNaN || value < found.value { found = (index + 1, value) }
        }
        return found
    }

    // MARK: Parameters

    private func judge(
        parameters: [(name: String, summary: Summary)], besides figures: ConvergenceVerdict.Extremes?, chainCount: Int,
        chains: (String) -> [[Double]]?, into findings: inout Findings
    ) {
        let varying = parameters.filter { !$0.summary.isConstant }
        let lost = varying.filter { _, summary in
            !(summary.rHat < parameterRHatMax) || !(summary.essBulk >= parameterESSMin)
                || !(summary.essTail >= parameterESSMin)
        }
        if let worst = Self.worst(lost) {
            let others = Self.others(lost.count - 1)
            let (verb, frenchVerb) = lost.count == 1 ? ("has", "n’a") : ("have", "n’ont")
            if let figures, let rHat = figures.highestRHat, let bulk = figures.lowestBulkESS,
                let tail = figures.lowestTailESS
            {
                let size = bulk.value < tail.value ? bulk : tail
                findings.add(
                    .parameter,
                    Sentence(
                        "Converged for the reported figures; \(worst.name)\(others) \(verb) not "
                            + "(\(Self.figures(worst.summary))).",
                        french:
                            "Les chiffres rapportés ont convergé ; \(worst.name)\(Self.frenchOthers(lost.count - 1)) "
                            + "\(frenchVerb) pas convergé (\(Self.frenchFigures(worst.summary)))."
                    ).followed(by: odd(chains(worst.name))).followed(
                        by: Sentence(
                            "The chains agree on every total, "
                                + "ROI and marginal ROI (R-hat of \(rHat.name) is the largest, "
                                + "\(Figure.decimal(rHat.value, places: 4)); ESS of \(size.name) the smallest, "
                                + "\(Figure.whole(size.value.rounded(.down)))) whatever they make of \(worst.name), so those "
                                + "stand; its own value, and what else is read from it, is not to be used.",
                            french:
                                "Les chaînes s’accordent sur chaque total, ROI et ROI marginal (le plus grand R-hat, "
                                + "\(Figure.decimal(rHat.value, places: 4)), est celui de \(rHat.name) ; la plus petite "
                                + "taille effective, \(Figure.whole(size.value.rounded(.down))), celle de \(size.name)), quoi qu’elles "
                                + "fassent de \(worst.name) : ces chiffres tiennent ; la valeur de \(worst.name), et ce qui "
                                + "s’en lit, ne doit pas être utilisée.")))
            } else {
                findings.add(
                    .parameter,
                    Sentence(
                        "\(worst.name)\(others) \(verb) not converged (\(Self.figures(worst.summary))).",
                        french: "\(worst.name)\(Self.frenchOthers(lost.count - 1)) \(frenchVerb) pas convergé "
                            + "(\(Self.frenchFigures(worst.summary)))."
                    ).followed(by: odd(chains(worst.name))))
            }
        } else {
            let needed = essNeeded(chainCount: chainCount)
            let slow = varying.filter { _, summary in
                !(summary.rHat < rHatMax) || !(summary.essBulk >= needed) || !(summary.essTail >= needed)
            }
            guard figures != nil, let worst = Self.worst(slow) else { return }
            findings.warnings.append(
                Sentence(
                    "\(worst.name)\(Self.others(slow.count - 1)) mixed slowly (\(Self.figures(worst.summary))): the reported "
                        + "figures have converged, but take more draws before reading an interval of a parameter itself.",
                    french:
                        "\(worst.name)\(Self.frenchOthers(slow.count - 1)) \(slow.count == 1 ? "s’est" : "se sont") "
                        + "mélangé\(slow.count == 1 ? "" : "s") lentement (\(Self.frenchFigures(worst.summary))) : les chiffres "
                        + "rapportés ont convergé, mais prenez plus de tirages avant de lire l’intervalle d’un paramètre "
                        + "lui-même."))
        }
    }

    /// The first with an undefined R-hat, else that with the highest.
    private static func worst(
        _ parameters: [(name: String, summary: Summary)]
    ) -> (name: String, summary: Summary)? {
        parameters.first { $0.summary.rHat.isNaN } ?? parameters.max { $0.summary.rHat < $1.summary.rHat }
    }

    private static func others(_ count: Int) -> String {
        count == 0 ? "" : count == 1 ? " and 1 other parameter" : " and \(count) other parameters"
    }

    private static func frenchOthers(_ count: Int) -> String {
        count == 0 ? "" : count == 1 ? " et 1 autre paramètre" : " et \(count) autres paramètres"
    }

    private static func frenchFigures(_ summary: Summary) -> FrenchText {
        func size(_ value: Double) -> String { value.isNaN ? "non défini" : Figure.whole(value.rounded(.down)) }
        let rHat = summary.rHat.isNaN ? "non défini" : Figure.decimal(summary.rHat, places: 4)
        return
            "R-hat \(rHat), taille effective \(size(summary.essBulk)) au centre, \(size(summary.essTail)) dans les queues"
    }

    private static func figures(_ summary: Summary) -> String {
        func size(_ value: Double) -> String { value.isNaN ? "undefined" : Figure.whole(value.rounded(.down)) }
        let rHat = summary.rHat.isNaN ? "undefined" : Figure.decimal(summary.rHat, places: 4)
        return "R-hat \(rHat), bulk ESS \(size(summary.essBulk)), tail ESS \(size(summary.essTail))"
    }

    private func odd(_ chains: [[Double]]?) -> Sentence? {
        chains.flatMap { ChainComparison($0, rHatMax: parameterRHatMax).sentence }
    }
}

/// What a gate has found so far.
private struct Findings {
    var reasons: [Sentence] = []
    var causes: [ConvergenceVerdict.Cause] = []
    var warnings: [Sentence] = []

    mutating func add(_ cause: ConvergenceVerdict.Cause, _ reason: Sentence) {
        reasons.append(reason)
        if !causes.contains(cause) { causes.append(cause) }
    }
}
