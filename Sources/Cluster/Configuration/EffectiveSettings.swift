import Coordination

/// The settings of one program as they hold, each with where it comes from.
package struct EffectiveSettings: Sendable {
    /// Who has said a value, the strongest first.
    package enum Source: Hashable, Sendable, CustomStringConvertible {
        case option(String)
        case environment(String)
        case file(String, line: Int?)
        case standard

        package var description: String {
            switch self {
            case .option(let name), .environment(let name): name
            case .file(let name, let line): line.map { "\(name):\($0)" } ?? name
            case .standard: "default"
            }
        }
    }

    package struct Value: Hashable, Sendable {
        /// Accepted by the setting; nil where nobody has said one and there is no default.
        package var text: String?
        package var source: Source
        /// Of a table what it says of each name, by the keys of its fields.
        package var rows: [String: [String: String]] = [:]
    }

    package let program: Program
    let values: [String: Value]

    /// In the order of the settings' page.
    package var rows: [(setting: Setting, value: Value)] {
        Settings.all(of: program).map { ($0, value($0.key)) }
    }

    func value(_ key: String) -> Value {
        guard let value = values[key] else { preconditionFailure("\(program.rawValue) has no setting '\(key)'") }
        return value
    }

    // MARK: Values

    package func text(_ key: String) -> String? { value(key).text }

    /// Of a setting that is required or has a default.
    package func known(_ key: String) -> String {
        guard let text = value(key).text else { preconditionFailure("'\(key)' has no default and is not required") }
        return text
    }

    package func whole(_ key: String) -> Int? { text(key).flatMap { Int($0) } }

    package func number(_ key: String) -> Double? { text(key).flatMap { Double($0) } }

    /// Of a setting that has a default.
    package func knownNumber(_ key: String) -> Double {
        guard let number = number(key) else { preconditionFailure("'\(key)' is no number") }
        return number
    }

    package func duration(_ key: String) -> Nanoseconds? { text(key).flatMap { TimeSpan($0)?.nanoseconds } }

    package func byteCount(_ key: String) -> Int? { text(key).flatMap { MemorySize($0)?.byteCount } }

    package func words(_ key: String) -> [String] { text(key)?.split(separator: ",").map(String.init) ?? [] }

    /// Of a table what it says of each name, by the keys of its fields.
    func rows(_ key: String) -> [String: [String: String]] { value(key).rows }

    package func isOn(_ key: String) -> Bool { text(key) == "true" }
}
