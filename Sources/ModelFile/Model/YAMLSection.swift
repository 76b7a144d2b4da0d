import ModelDefinition
import Yams

/// Collects problems of one model file while its values are read.
final class YAMLProblems {
    let file: String
    private(set) var problems: [Problem] = []

    init(file: String) {
        self.file = file
    }

    func add(line: Int?, _ message: String, mend: String) {
        let problem = Problem(file: file, line: line, message: message, mend: mend)
        if !problems.contains(problem) { problems.append(problem) }
    }
}

/// One mapping of the file: typed access to its keys, with a problem for everything that does not fit.
struct YAMLSection {
    /// `channels[2].adstock`; empty at the top.
    let path: String
    let line: Int?
    private let reference: String
    private let values: [(key: String, line: Int?, node: Node)]
    private let problems: YAMLProblems

    /// - Parameters:
    ///   - reference: the section's place in `ModelFileReference`, which names the keys that it may have.
    ///   - names: its keys where they are names of parameters and stand in no reference.
    ///   - unsupported: known keys that this version does not read yet, with the mend.
    init?(
        _ node: Node, path: String, reference: String, names: [String]? = nil, unsupported: [String: String] = [:],
        problems: YAMLProblems
    ) {
        let allowed = names ?? ModelFileReference.words(in: reference)
        self.reference = reference
        self.path = path
        self.problems = problems
        line = node.mark?.line
        guard let mapping = node.mapping else {
            let name = path.isEmpty ? "the file" : "'\(path)'"
            problems.add(
                line: line, "\(name) must be a mapping of keys to values.",
                mend: ModelFileReference.sample(of: reference)
                    ?? "use the keys \(allowed.sorted().joined(separator: ", ")).")
            return nil
        }
        var values: [(String, Int?, Node)] = []
        for (keyNode, value) in mapping {
            guard let key = keyNode.scalar?.string else {
                problems.add(line: keyNode.mark?.line, "a key must be a plain word.", mend: "write a word and a colon.")
                continue
            }
            if allowed.contains(key) {
                values.append((key, keyNode.mark?.line, value))
            } else if let mend = unsupported[key] {
                problems.add(
                    line: keyNode.mark?.line, "'\(Self.join(path, key))' is not supported yet.", mend: mend)
            } else {
                problems.add(
                    line: keyNode.mark?.line, "unknown key '\(Self.join(path, key))'.",
                    mend: Self.mend(for: key, among: allowed, in: reference))
            }
        }
        self.values = values
    }

    /// The nearest key, or where the reference of the model file, if the section is one of its, has one of this name, or
    /// all that there are.
    private static func mend(for key: String, among allowed: [String], in reference: String) -> String {
        let isOfModelFile =
            !ModelFileReference.words(in: reference).isEmpty || ModelFileReference.key(reference) != nil
        if isOfModelFile, NearestKey.suggestion(for: key, among: allowed) == nil {
            if allowed.contains("prior"), ParameterReference.all.contains(where: { $0.name == key }) {
                return "write `prior: {\(key): ...}`."
            }
            let homes = ModelFileReference.keys.filter { $0.word == key }
            if let home = homes.first, homes.count == 1 {
                return "write it where it belongs: '\(home.path)'."
            }
        }
        return NearestKey.mend(for: key, among: allowed)
    }

    private static func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    func name(_ key: String) -> String { Self.join(path, key) }

    var keys: [String] { values.map(\.key) }

    func node(_ key: String) -> Node? { values.first { $0.key == key }?.node }

    func line(_ key: String) -> Int? { values.first { $0.key == key }?.line ?? line }

    func problem(_ key: String, _ message: String, mend: String) {
        problems.add(line: line(key), message, mend: mend)
    }

    /// Complains when a key that must be there is not.
    func require(_ key: String, mend: String) {
        if node(key) == nil { problems.add(line: line, "'\(name(key))' is missing.", mend: mend) }
    }

    // MARK: Values

    func text(_ key: String) -> String? {
        guard let node = node(key) else { return nil }
        guard let scalar = node.scalar else {
            problem(key, "'\(name(key))' must be a text.", mend: "write one word or a quoted text.")
            return nil
        }
        guard !scalar.string.isEmpty, scalar.string.utf8.count <= 4096 else {
            problem(key, "'\(name(key))' must be a text of 1 to 4,096 bytes.", mend: "give it a value.")
            return nil
        }
        return scalar.string
    }

    /// A date, written YYYY-MM-DD.
    func date(_ key: String) -> CalendarDate? {
        guard let text = text(key) else { return nil }
        if let date = CalendarDate(text) { return date }
        problem(key, "'\(text)' is not a date.", mend: "write it as YYYY-MM-DD.")
        return nil
    }

    /// A number in the range that the reference has for the key.
    func number(_ key: String, mend: String) -> Double? {
        guard let node = node(key) else { return nil }
        guard case .number(let range) = domain(key) else {
            preconditionFailure("the reference has no range of numbers for '\(key)' in '\(reference)'")
        }
        guard let value = Self.number(node), range.contains(value) else {
            problem(key, "'\(name(key))' must be a number from \(range.lowerBound) to \(range.upperBound).", mend: mend)
            return nil
        }
        return value
    }

    /// A whole number in the range that the reference has for the key.
    func integer(_ key: String) -> Int? {
        guard case .integer(let range) = domain(key) else {
            preconditionFailure("the reference has no range of whole numbers for '\(key)' in '\(reference)'")
        }
        return integer(key, in: range)
    }

    private func domain(_ key: String) -> ModelFileKey.Domain? {
        ModelFileReference.key(Self.join(reference, key))?.domain
    }

    func integer(_ key: String, in range: ClosedRange<Int>) -> Int? {
        guard let node = node(key) else { return nil }
        guard let text = node.scalar?.string, let value = Int(text), range.contains(value) else {
            problem(
                key, "'\(name(key))' must be a whole number from \(range.lowerBound) to \(range.upperBound).",
                mend: "write such a number.")
            return nil
        }
        return value
    }

    func boolean(_ key: String) -> Bool? {
        guard let node = node(key) else { return nil }
        switch node.scalar?.string {
        case "true": return true
        case "false": return false
        default:
            problem(key, "'\(name(key))' must be true or false.", mend: "write true or false.")
            return nil
        }
    }

    /// One of a few words; `mends` says for others what is meant instead.
    func choice<Value: RawRepresentable & CaseIterable>(
        _ key: String, _ type: Value.Type, mends: [String: String] = [:]
    ) -> Value? where Value.RawValue == String {
        guard let text = text(key) else { return nil }
        if let value = Value(rawValue: text) { return value }
        let known = Value.allCases.map(\.rawValue)
        problem(
            key, "'\(name(key))' cannot be '\(text)'.",
            mend: mends[text] ?? NearestKey.mend(for: text, among: known))
        return nil
    }

    func list(_ key: String) -> [Node]? {
        guard let node = node(key) else { return nil }
        guard let sequence = node.sequence else {
            problem(
                key, "'\(name(key))' must be a list.",
                mend: ModelFileReference.sample(of: Self.join(reference, key)) ?? "write [a, b].")
            return nil
        }
        return Array(sequence)
    }

    func texts(_ key: String, mend: String = "write a column's name.") -> [String]? {
        list(key)?.enumerated().compactMap { index, node in
            if let text = node.scalar?.string, !text.isEmpty { return text }
            problems.add(
                line: node.mark?.line, "'\(name(key))[\(index)]' must be a text.", mend: mend)
            return nil
        }
    }

    /// Whether there is a list under a key that is not empty.
    func hasEntries(_ key: String) -> Bool { node(key)?.sequence?.isEmpty == false }

    /// The section under a key; `names` are its keys where those are names of parameters.
    func section(_ key: String, names: [String]? = nil, unsupported: [String: String] = [:]) -> YAMLSection? {
        node(key).flatMap {
            YAMLSection(
                $0, path: name(key), reference: Self.join(reference, key), names: names, unsupported: unsupported,
                problems: problems)
        }
    }

    /// The entries of a list of mappings.
    func sections(_ key: String) -> [YAMLSection]? {
        list(key)?.enumerated().compactMap { index, node in
            YAMLSection(
                node, path: "\(name(key))[\(index)]", reference: "\(Self.join(reference, key))[]", problems: problems)
        }
    }

    static func number(_ node: Node) -> Double? {
        guard let text = node.scalar?.string, let value = Double(text), value.isFinite else { return nil }
        return value
    }
}
