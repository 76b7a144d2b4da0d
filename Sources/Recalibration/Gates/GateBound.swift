import Posterior

/// Within the first bound a figure is promoted, within the second held, beyond it failed; a NaN is beyond every bound.
package struct GateBound: Sendable, Hashable {
    package enum Side: String, Sendable, Hashable, Codable {
        /// Promoted below the first bound, held below the second.
        case below
        /// Promoted below the first bound, held up to the second.
        case upTo = "up_to"
        /// Promoted up to the first bound, held up to the second.
        case atMost = "at_most"
        /// Promoted from the first bound on, held from the second on.
        case atLeast = "at_least"
    }

    package let promote: Double
    package let hold: Double
    package let side: Side

    package init(promote: Double, hold: Double, side: Side) {
        precondition(Self.areOrdered(promote: promote, hold: hold, side: side), "the hold bound lies beyond the first")
        self.promote = promote
        self.hold = hold
        self.side = side
    }

    /// Whether what is promoted would be held at the least.
    package static func areOrdered(promote: Double, hold: Double, side: Side) -> Bool {
        side == .atLeast ? hold <= promote : promote <= hold
    }

    package func verdict(_ value: Double) -> Verdict {
        switch side {
        case .below: value < promote ? .promote : value < hold ? .hold : .fail
        case .upTo: value < promote ? .promote : value <= hold ? .hold : .fail
        case .atMost: value <= promote ? .promote : value <= hold ? .hold : .fail
        case .atLeast: value >= promote ? .promote : value >= hold ? .hold : .fail
        }
    }
}
