import Wording

/// Which chain is unlike the others, told from the draws of one quantity.
struct ChainComparison {
    /// Nil where no chain stands out.
    let sentence: Sentence?

    /// - Parameter rHatMax: below it chains are taken to agree.
    init(_ chains: [[Double]], rHatMax: Double) {
        sentence = Self.notNumbers(chains) ?? Self.stuck(chains) ?? Self.apart(chains, rHatMax: rHatMax)
    }

    private static func notNumbers(_ chains: [[Double]]) -> Sentence? {
        let found = chains.indices.filter { chains[$0].contains { !$0.isFinite } }
        guard !found.isEmpty else { return nil }
        return Sentence(
            "\(name(found)) \(found.count == 1 ? "has" : "have") draws that are not numbers.",
            french: "\(frenchName(found)) \(found.count == 1 ? "a" : "ont") des tirages qui ne sont pas des nombres.")
    }

    private static func stuck(_ chains: [[Double]]) -> Sentence? {
        let found = chains.indices.filter { index in chains[index].allSatisfy { $0 == chains[index].first } }
        guard !found.isEmpty else { return nil }
        return Sentence(
            "\(name(found)) never moved.",
            french: "\(frenchName(found)) \(found.count == 1 ? "n’a" : "n’ont") jamais bougé.")
    }

    /// One chain without which the others agree, while with it they do not.
    private static func apart(_ chains: [[Double]], rHatMax: Double) -> Sentence? {
        guard chains.count > 1, !(RHat.rankNormalized(chains) < rHatMax) else { return nil }
        func place(_ indices: [Int]) -> String {
            Figure.threeDigits(Moments(indices.flatMap { chains[$0] }).mean)
        }
        if chains.count == 2 {
            guard chains.allSatisfy({ RHat.rankNormalized([$0]) < rHatMax }) else { return nil }
            return Sentence(
                "Chain 1 is around \(place([0])), chain 2 around \(place([1])).",
                french: "La chaîne 1 se tient autour de \(place([0])), la chaîne 2 autour de \(place([1])).")
        }
        let odd = chains.indices.filter { index in
            let others = chains.indices.filter { $0 != index }
            return RHat.rankNormalized(others.map { chains[$0] }) < rHatMax
        }
        guard odd.count == 1 else { return nil }
        let others = chains.indices.filter { $0 != odd[0] }
        return Sentence(
            "Chain \(odd[0] + 1) stands apart, around \(place(odd)), where the others are around \(place(others)).",
            french: """
                La chaîne \(odd[0] + 1) se tient à l’écart, autour de \(place(odd)), les autres autour de \
                \(place(others)).
                """
        )
    }

    private static func frenchName(_ indices: [Int]) -> String {
        indices.count == 1
            ? "La chaîne \(indices[0] + 1)" : "Les chaînes \(indices.map { String($0 + 1) }.joined(separator: ", "))"
    }

    private static func name(_ indices: [Int]) -> String {
        indices.count == 1
            ? "Chain \(indices[0] + 1)" : "Chains \(indices.map { String($0 + 1) }.joined(separator: ", "))"
    }
}
