import ModelDefinition

/// Reads `drives` of channels: which others they bring about, as television brings about searches.
struct MediatorReader {
    let context: SectionContext

    /// Gives channels the indices of those that their sections say they drive.
    ///
    /// - Parameter sections: by channel.
    func read(_ sections: [YAMLSection], _ channels: inout [Located<ReadChannel>]) {
        let names = channels.map(\.channel.name)
        for (driver, section) in sections.enumerated() {
            var driven: Set<Int> = []
            for name in section.texts("drives") ?? [] {
                guard let index = names.firstIndex(of: name) else {
                    section.problem(
                        "drives", "there is no channel '\(name)'.", mend: NearestKey.mend(for: name, among: names))
                    continue
                }
                if index == driver {
                    section.problem("drives", "channel '\(name)' drives itself.", mend: "remove it from `drives`.")
                } else if !driven.insert(index).inserted {
                    section.problem("drives", "'\(name)' stands twice in 'drives'.", mend: "remove one.")
                } else if channels[index].exposure == nil {
                    section.problem(
                        "drives",
                        "channel '\(name)' has spend alone: nothing shows how much of it '\(names[driver])' drives.",
                        mend: "name the column of its clicks or impressions, `exposure`, or remove it from `drives`.")
                }
            }
            channels[driver].value.channel.drives = driven.sorted()
        }
        breakCircles(sections, &channels)
    }

    /// What a channel brings by way of another is told by a model whose terms add up, and do so alike at all times.
    func check(_ specification: ModelSpecification) {
        guard let driver = specification.channels.first(where: { !$0.drives.isEmpty }) else { return }
        guard specification.likelihood.hasLogLink || specification.mediaEffectiveness != .constant else { return }
        context.top.problem(
            "channels",
            "'\(driver.name)' drives others: `drives` has no meaning yet with `family: lognormal` or "
                + "`media_effectiveness`.", mend: "remove `drives`, or the other.")
    }

    /// A channel that drives itself by way of others is a problem; what it drives is forgotten.
    private func breakCircles(_ sections: [YAMLSection], _ channels: inout [Located<ReadChannel>]) {
        for (driver, section) in sections.enumerated() {
            guard let circle = circle(from: driver, channels) else { continue }
            let names = circle.map { "'\(channels[$0].channel.name)'" }
            section.problem(
                "drives", "channels drive each other in a circle: \(names.joined(separator: ", ")).",
                mend: "keep the direction in which people go, as from television to search.")
            channels[driver].value.channel.drives = []
        }
    }

    /// The channels from one back to itself along what they drive; nil where there is no such way.
    private func circle(from first: Int, _ channels: [Located<ReadChannel>]) -> [Int]? {
        var ways = [[first]]
        var seen: Set<Int> = []
        while let way = ways.popLast() {
            for next in channels[way[way.count - 1]].channel.drives {
                if next == first { return way + [first] }
                if seen.insert(next).inserted { ways.append(way + [next]) }
            }
        }
        return nil
    }
}
