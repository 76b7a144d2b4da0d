import Coordination

/// What happened, for people: time, node, event.
package struct Timeline: Sendable {
    package struct Line: Sendable, Hashable, CustomStringConvertible {
        package var time: Nanoseconds
        package var node: String
        package var text: String

        package var description: String {
            let milliseconds = (time + 500_000) / 1_000_000
            let fraction = String(milliseconds % 1000 + 1000).dropFirst()
            let moment = "\(milliseconds / 1000).\(fraction)"
            return String(repeating: " ", count: max(0, 8 - moment.count)) + moment + "  "
                + node + String(repeating: " ", count: max(1, 13 - node.count)) + text
        }
    }

    package private(set) var lines: [Line] = []

    mutating func add(_ time: Nanoseconds, _ node: String, _ text: String) {
        lines.append(Line(time: time, node: node, text: text))
    }
}
