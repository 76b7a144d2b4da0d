/// Which chain is unlike the others, told from the draws of one quantity.
struct ChainComparison {
    /// Nil where no chain stands out.
    let sentence: String?

    /// - Parameter rHatMax: below it chains are taken to agree.
    init(_ chains: [[Double]], rHatMax: Double) {
        sentence = Self.notNumbers(chains) ?? Self.stuck(chains) ?? Self.apart(chains, rHatMax: rHatMax)
    }

    private static func notNumbers(_ chains: [[Double]]) -> String? {
        let found = chains.indices.filter { chains[$0].contains { !$0.isFinite } }
        return found.isEmpty ? nil : "\(name(found)) \(found.count == 1 ? "has" : "have") draws that are not numbers."
    }

    private static func stuck(_ chains: [[Double]]) -> String? {
        let found = chains.indices.filter { index in chains[index].allSatisfy { $0 == chains[index].first } }
        return found.isEmpty ? nil : "\(name(found)) never moved."
    }

    /// One chain without which the others agree, while with it they do not.
    private static func apart(_ chains: [[Double]], rHatMax: Double) -> String? {
        guard chains.count > 1, !(RHat.rankNormalized(chains) < rHatMax) else { return nil }
        func place(_ indices: [Int]) -> String {
            Figure.threeDigits(Moments(indices.flatMap { chains[$0] }).mean)
        }
        if chains.count == 2 {
            guard chains.allSatisfy({ RHat.rankNormalized([$0]) < rHatMax }) else { return nil }
            return "Chain 1 is around \(place([0])), chain 2 around \(place([1]))."
        }
        let odd = chains.indices.filter { index in
            let others = chains.indices.filter { $0 != index }
            return RHat.rankNormalized(others.map { chains[$0] }) < rHatMax
        }
        guard odd.count == 1 else { return nil }
        let others = chains.indices.filter { $0 != odd[0] }
        return "Chain \(odd[0] + 1) stands apart, around \(place(odd)), where the others are around \(place(others))."
    }

    private static func name(_ indices: [Int]) -> String {
        indices.count == 1
            ? "Chain \(indices[0] + 1)" : "Chains \(indices.map { String($0 + 1) }.joined(separator: ", "))"
    }
}
