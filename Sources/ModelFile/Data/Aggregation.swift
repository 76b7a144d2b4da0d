import Yams

/// How the records of a transaction file become values of the model's periods.
package struct Aggregation: Sendable, Hashable {
    package enum Rule: String, Sendable, Hashable, CaseIterable {
        /// Number of records.
        case count
        case sum
        case mean
        case min
        case max

        /// Whether a period without records has the value 0.
        var isZeroWithoutRecords: Bool { self == .count || self == .sum }
    }

    /// One column that it makes.
    package struct Column: Sendable, Hashable {
        package var name: String
        package var rule: Rule
        /// The file's column; nil for `count`.
        package var source: String?
    }

    /// The file's column of days or times.
    package var date: String
    /// The file's column of geos; nil where the model has none.
    package var geo: String?
    package var columns: [Column]

    /// The path under which a bundle holds what the source at this place made of its file.
    package static func bundlePath(_ file: String, source: Int) -> String { "\(file)#\(source)" }

    /// What is said in a model file, as far as it can be understood; `DataSectionReader` says what cannot.
    init?(_ node: Node, geo: String?) {
        guard let date = node.mapping?["date"]?.scalar?.string, let columns = node.mapping?["columns"]?.mapping else {
            return nil
        }
        self.date = date
        self.geo = geo
        self.columns = columns.compactMap { key, value -> Column? in
            guard let name = key.scalar?.string else { return nil }
            if let rule = value.scalar.flatMap({ Rule(rawValue: $0.string) }) {
                return Column(name: name, rule: rule, source: rule == .count ? nil : name)
            }
            guard let mapping = value.mapping, mapping.count == 1, let (rule, source) = mapping.first,
                let rule = rule.scalar.flatMap({ Rule(rawValue: $0.string) }), let source = source.scalar?.string
            else { return nil }
            return Column(name: name, rule: rule, source: source)
        }
        guard !self.columns.isEmpty, self.columns.count == columns.count else { return nil }
    }
}
