/// The JSON Schema of the model file, made from the table that the reader has its keys and ranges from.
///
/// It takes every file that the reader takes. It does not take a file with a key that is unknown or in the wrong place, or with
/// a value of the wrong kind; what depends on several keys or on the data, `tutti validate` alone says.
package enum ModelFileSchema {
    package static var schema: JSONSchema {
        var schema = section("")
        schema.title = "Model file of Tutti"
        schema.definitions = ["distribution": distribution]
        return schema
    }

    private static let distributionName = "distribution"

    /// One distribution with its arguments, or a number that fixes the parameter.
    private static var distribution: JSONSchema {
        let forms = PriorReader.forms.map { form in
            var arguments = JSONSchema(kinds: [.array], items: [JSONSchema(kinds: [.number])])
            arguments.itemCounts = form.arguments.count...form.arguments.count
            arguments.meaning = form.arguments.joined(separator: ", ")
            // One argument may stand without its list.
            return (
                form.name,
                form.arguments.count == 1
                    ? JSONSchema(alternatives: [JSONSchema(kinds: [.number]), arguments]) : arguments
            )
        }
        let mapping = JSONSchema(
            kinds: [.object], properties: Dictionary(uniqueKeysWithValues: forms), isClosed: true,
            propertyCounts: 1...1)
        return JSONSchema(alternatives: [JSONSchema(kinds: [.number]), mapping])
    }

    /// A mapping of the keys that may stand in a section.
    private static func section(_ path: String) -> JSONSchema {
        var schema = JSONSchema(kinds: [.object], isClosed: true)
        for key in ModelFileReference.keys where key.section == path {
            var value = value(of: key)
            value.meaning = meaning(of: key)
            value.examples = [key.example]
            schema.properties[key.word] = value
            if key.standard == .required { schema.required.append(key.word) }
        }
        schema.required.sort()
        if !ModelFileReference.words(in: "\(path).*").isEmpty {
            schema.isClosed = false
            schema.otherProperties = [section("\(path).*")]
        }
        return schema
    }

    private static func meaning(of key: ModelFileKey) -> String {
        let unit = key.unit.isEmpty ? "" : " Unit: \(key.unit)."
        let standard =
            switch key.standard {
            case .required: ""
            case .none: ""
            case .value(let text): " Default: \(text)."
            case .byPreset(let texts):
                " Default: \(Set(texts).count == 1 ? texts[0] : texts.joined(separator: "; "))."
            }
        return key.meaning + unit + standard
    }

    /// A word may look like a number or like true.
    static let scalar = JSONSchema(kinds: [.string, .number, .boolean])
    private static let date = JSONSchema(kinds: [.string], pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")

    static func value(of key: ModelFileKey) -> JSONSchema {
        switch key.domain {
        case .text, .column: scalar
        case .columns, .names: JSONSchema(kinds: [.array], items: [scalar])
        case .date: date
        case .dates: JSONSchema(kinds: [.array], items: [date])
        case .boolean: JSONSchema(kinds: [.boolean])
        case .integer(let range):
            JSONSchema(kinds: [.integer], minimum: Double(range.lowerBound), maximum: Double(range.upperBound))
        case .number(let range):
            JSONSchema(kinds: [.number], minimum: bound(range.lowerBound), maximum: bound(range.upperBound))
        case .words(let words):
            words.allSatisfy { Int($0) != nil }
                ? JSONSchema(
                    kinds: [.integer], minimum: words.compactMap(Double.init).min(),
                    maximum: words.compactMap(Double.init).max())
                : JSONSchema(kinds: [.string], words: words)
        case .mapping: section(key.path)
        case .mappings: JSONSchema(kinds: [.array], items: [section("\(key.path)[]")])
        case .prior: .reference(distributionName)
        case .priors: JSONSchema(kinds: [.object], otherProperties: [.reference(distributionName)])
        case .either: JSONSchema(alternatives: forms(under: key.path))
        }
    }

    /// A bound that no number comes near is none.
    private static func bound(_ value: Double) -> Double? { abs(value) < 1e15 ? value : nil }

    /// All that one of several forms may be: a word, words, a distribution, and what the reference has below the key.
    private static func forms(under path: String) -> [JSONSchema] {
        let hasKeys =
            !ModelFileReference.words(in: path).isEmpty || !ModelFileReference.words(in: "\(path).*").isEmpty
        let mapping = hasKeys ? section(path) : JSONSchema(kinds: [.object])
        let entries = ModelFileReference.words(in: "\(path)[]").isEmpty ? [] : [section("\(path)[]")]
        return [scalar, mapping, .reference(distributionName)]
            + [JSONSchema(kinds: [.array], items: [JSONSchema(alternatives: [scalar] + entries)])]
    }
}
