/// How Prometheus' text format, version 0.0.4, has names, labels and numbers.
enum PrometheusName {
    /// Libraries have dots and dashes in names, which become underscores.
    static func metric(_ label: String) -> String { cleaned(label, colons: true) }

    /// By name, as they stand between braces.
    static func labels(_ dimensions: [(String, String)]) -> String {
        dimensions.sorted { $0.0 < $1.0 }.map { "\(cleaned($0.0, colons: false))=\"\(escapedLabel($0.1))\"" }
            .joined(separator: ",")
    }

    static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    static func escapedHelp(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    /// Without a fraction where there is none.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        guard value.isFinite else { return value > 0 ? "+Inf" : "-Inf" }
        return value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    }

    private static func escapedLabel(_ value: String) -> String {
        escapedHelp(value).replacing("\"", with: "\\\"")
    }

    private static func cleaned(_ text: String, colons: Bool) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isFine =
                scalar.isASCII
                && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == "_"
                    || (colons && scalar == ":"))
            name.unicodeScalars.append(isFine ? scalar : "_")
        }
        return name.first.map { $0.isNumber } ?? true ? "_" + name : name
    }
}
