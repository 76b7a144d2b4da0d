/// The revisions of the Model Context Protocol that are spoken, from the oldest to the newest.
package enum ProtocolVersion: String, CaseIterable, Sendable, Comparable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"

    package static let newest = allCases[allCases.count - 1]

    package static func < (first: Self, second: Self) -> Bool { first.rawValue < second.rawValue }

    /// One revision alone has lists of messages.
    var hasBatches: Bool { self == .march2025 }

    /// Whether a tool's answer may be data beside its text.
    var hasStructuredContent: Bool { self >= .june2025 }

    /// Whether arguments that a tool does not take are told to the model, which can mend them, and not to the program that it
    /// runs in (SEP-1303).
    var tellsModelOfArguments: Bool { self >= .november2025 }
}
