import JSON

/// Arguments that a tool takes, each of the kind that it wants.
package struct ToolArguments: Hashable, Sendable {
    private let values: [String: JSONValue]

    init(values: [String: JSONValue]) { self.values = values }

    package func text(_ name: String) -> String? { values[name]?.text }

    /// Nil where nothing was said; never an empty list.
    package func texts(_ name: String) -> [String]? {
        if let text = text(name) { return [text] }
        return values[name]?.list.flatMap { $0.isEmpty ? nil : $0.compactMap(\.text) }
    }

    package func number(_ name: String) -> Double? { values[name]?.number }

    package func whole(_ name: String) -> Int? {
        if case .whole(let number) = values[name] { number } else { nil }
    }

    /// Whether it was said and is true.
    package func isTrue(_ name: String) -> Bool { values[name] == .boolean(true) }

    /// By name, in the order of names.
    package func amounts(_ name: String) -> [(name: String, amount: Double)] {
        (values[name]?.mapping ?? [:]).sorted { $0.key < $1.key }.map { ($0.key, $0.value.number ?? 0) }
    }
}
