import Foundation

/// One figure of a benchmark. As JSON it is one object a line.
struct Row: Encodable {
    enum Target {
        case none
        case atMost(Double)
        case atLeast(Double)
    }

    var name: String
    var value: Double
    var unit: String
    /// As text, for example "<= 0.35"; empty without a target.
    var target: String
    /// Whether the target holds; true without one.
    var holds: Bool

    init(_ name: String, _ value: Double, _ unit: String, _ target: Target = .none) {
        self.name = name
        self.value = value
        self.unit = unit
        switch target {
        case .none: (self.target, holds) = ("", true)
        case .atMost(let bound): (self.target, holds) = ("<= \(bound)", value <= bound)
        case .atLeast(let bound): (self.target, holds) = (">= \(bound)", value >= bound)
        }
    }
}

extension [Row] {
    /// A table, or one JSON object a line.
    func print(json: Bool) throws {
        let width = map(\.name.count).max() ?? 0
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        for row in self {
            if json {
                Swift.print(String(decoding: try encoder.encode(row), as: UTF8.self))
            } else {
                let name = row.name.padding(toLength: width, withPad: " ", startingAt: 0)
                let figure = String(format: "%12.4g %@", row.value, row.unit)
                Swift.print("\(name) \(figure)  \(row.target)\(row.holds ? "" : "  MISSED")")
            }
        }
    }
}
