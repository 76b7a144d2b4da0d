import ModelFile

/// The JSON Schema of the file of settings, made from the table that the reader has its keys from.
package enum SettingsSchema {
    package static var schema: JSONSchema {
        let programs = Program.allCases.map { ($0.rawValue, mapping(of: Settings.all(of: $0))) }
        return JSONSchema(
            kinds: [.object], title: "Settings of Tutti", properties: Dictionary(uniqueKeysWithValues: programs),
            isClosed: true)
    }

    private static func mapping(of settings: [Setting]) -> JSONSchema {
        JSONSchema(
            kinds: [.object],
            properties: Dictionary(
                uniqueKeysWithValues: settings.map { setting in
                    var value = value(of: setting)
                    value.meaning = setting.meaning
                    return (setting.key, value)
                }), isClosed: true)
    }

    private static func value(of setting: Setting) -> JSONSchema {
        let word = JSONSchema(kinds: [.string, .number, .boolean])
        return switch setting.domain {
        case .text, .duration, .memory: word
        case .whole(let range):
            JSONSchema(kinds: [.integer], minimum: Double(range.lowerBound), maximum: Double(range.upperBound))
        case .number(let range):
            JSONSchema(kinds: [.number], minimum: range.lowerBound, maximum: range.upperBound)
        case .words: JSONSchema(alternatives: [word, JSONSchema(kinds: [.array], items: [word])])
        case .flag: JSONSchema(kinds: [.boolean])
        case .table: JSONSchema(kinds: [.object], otherProperties: [mapping(of: setting.fields)])
        }
    }
}
