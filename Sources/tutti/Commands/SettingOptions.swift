import ArgumentParser
import Cluster
import Foundation

/// Where the settings of a program come from beside its options.
struct SettingOptions: ParsableArguments {
    @Option(help: "The file of settings (default: TUTTI_CONFIG); `tutti reference --settings` explains all of them.")
    var config: String?

    @Flag(help: "Read and check settings and keys, print what holds and who says so, and start nothing.")
    var check = false

    /// - Parameter given: what the options say, by the settings' keys.
    func settings(of program: Program, given: [String: String?]) throws -> EffectiveSettings {
        try read(program, given: given, file: config, environment: ProcessInfo.processInfo.environment)
    }

    /// The settings that the options say, whatever the environment says to others.
    func settings(of program: Program, givenAlone given: [String: String?]) throws -> EffectiveSettings {
        try read(program, given: given, file: nil, environment: [:])
    }

    private func read(
        _ program: Program, given: [String: String?], file: String?, environment: [String: String]
    ) throws -> EffectiveSettings {
        do {
            return try SettingsReader.read(
                program, given: given.compactMapValues { $0 }, file: file, environment: environment)
        } catch {
            throw UserError.unusable(error.problems.map(\.description).joined(separator: "\n"))
        }
    }

    /// What `--check` prints.
    static func show(_ settings: EffectiveSettings) {
        let rows = settings.rows.map { setting, value in
            let text =
                if let text = value.text { text } else if case .none(let words) = setting.standard { words } else { "" }
            return [setting.key, text, setting.unit, "\(value.source)"]
        }
        print(TextTable(header: ["setting", "value", "unit", "from"], rows: rows, numeric: []).text)
    }
}

extension ArgumentHelp {
    /// The sentence of a setting, with its default.
    static func setting(_ key: String, of program: Program) -> ArgumentHelp {
        let setting = Settings.setting(key, of: program)
        let standard: String? =
            switch setting.standard {
            case .required: nil
            case .none(let words): words
            case .value(let text): setting.domain == .flag ? nil : text
            }
        let text = standard.map { "\(setting.meaning.dropLast()) (default: \($0))." } ?? setting.meaning
        return ArgumentHelp(text, visibility: setting.isShown ? .default : .hidden)
    }
}

extension Bool {
    /// A flag that is given says true; one that is not says nothing.
    var given: String? { self ? "true" : nil }
}
