/// Why a period is not overridden.
package enum TrailRefusal: Error, Sendable, Hashable, CustomStringConvertible {
    case unknownPeriod(NightKey)
    case notHeld(NightKey, Verdict)
    case alreadyOverridden(NightKey, by: String)
    /// A later night was promoted: accepting an older result would undo it.
    case overtaken(NightKey, by: NightKey)
    case noResult(NightKey)
    case nobody
    case noReason

    package var description: String {
        switch self {
        case .unknownPeriod(let period): "Nothing is known of a night \(period)."
        case .notHeld(let period, let verdict):
            "The night \(period) was \(verdict.participle): only what is held is overridden."
        case .alreadyOverridden(let period, let by): "The night \(period) was overridden before, by \(by)."
        case .overtaken(let period, let later):
            "The night \(later) was promoted after the night \(period), and would be undone."
        case .noResult(let period): "The night \(period) was held without a result that could be accepted."
        case .nobody: "An override says who decided it."
        case .noReason: "An override says why it was decided."
        }
    }
}

/// A stored trail that does not hold together.
package struct TrailFault: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Wrong: Sendable, Hashable {
        /// Written by another version of the program.
        case version(Int)
        /// The line before is not the one that this line was written after.
        case chain
        /// The period was decided from the same inputs before.
        case repeated
        case override(TrailRefusal)
        /// The verdict does not lead to the result that the line names as accepted.
        case acceptedResult
    }

    /// From 1.
    package let line: Int
    package let wrong: Wrong

    package init(line: Int, wrong: Wrong) {
        self.line = line
        self.wrong = wrong
    }

    package var description: String {
        let what: String =
            switch wrong {
            case .version(let version): "is of version \(version), which this program does not read."
            case .chain: "does not follow the line before it: a line was changed, removed or put in."
            case .repeated: "decides once more what was decided from the same inputs."
            case .override(let refusal): "overrides what may not be overridden. \(refusal)"
            case .acceptedResult: "names an accepted result that its verdict does not lead to."
            }
        return "Line \(line) of the trail \(what)"
    }
}
