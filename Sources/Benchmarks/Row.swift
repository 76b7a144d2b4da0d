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
