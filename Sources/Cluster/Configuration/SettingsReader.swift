import Foundation
import Glibc
import ModelFile

/// Finds out which settings hold: what the command line says goes before the environment, that before the file, that
/// before the default.
package struct SettingsReader {
    /// The variable that names the file where `--config` does not.
    package static let fileVariable = "TUTTI_CONFIG"
    /// Far more than a file of settings has.
    private static let byteCountMax = 1 << 20

    private let program: Program
    private var problems: [Problem] = []
    private var values: [String: EffectiveSettings.Value] = [:]

    /// - Parameters:
    ///   - given: what the command line says, by key.
    ///   - file: of `--config`.
    /// - Throws: every value and relation that is wrong, with its place and mend.
    package static func read(
        _ program: Program, given: [String: String], file: String?, environment: [String: String]
    ) throws(ProblemList) -> EffectiveSettings {
        var reader = SettingsReader(program)
        let named = environment[fileVariable].flatMap { $0.isEmpty ? nil : $0 }
        if let file = file ?? named { try reader.takeFile(file) }
        for setting in Settings.all(of: program) {
            // An empty variable is one that is not set, as for most programs.
            if setting.hasOption, let text = environment[setting.environment], !text.isEmpty {
                reader.take(text, for: setting, from: .environment(setting.environment))
            }
            if let text = given[setting.key] { reader.take(text, for: setting, from: .option(setting.option)) }
        }
        return try reader.finished()
    }

    private init(_ program: Program) {
        self.program = program
    }

    /// Both programs' sections are read, so that one file serves all hosts and its mistakes show on each.
    private mutating func takeFile(_ path: String) throws(ProblemList) {
        let bytes: [UInt8]
        do {
            bytes = try Self.contents(path)
        } catch {
            let mend = "name the file of settings with --config or \(Self.fileVariable)."
            throw ProblemList(problems: [
                Problem(file: path, message: "the file of settings cannot be read: \(error.reason).", mend: mend)
            ])
        }
        let keys = Program.allCases.map { program in
            (program.rawValue, Settings.all(of: program).map { ($0.key, $0.content) })
        }
        for entry in try SettingsFile.read(bytes, file: path, keys: keys) {
            guard let owner = Program(rawValue: entry.program) else { continue }
            let setting = Settings.setting(entry.key, of: owner)
            let source = EffectiveSettings.Source.file(path, line: entry.line)
            for row in entry.rows { check(row, of: setting, in: path) }
            if setting.domain == .table {
                if owner == program { take(entry.rows, for: setting, from: source) }
            } else if owner == program {
                take(entry.text, for: setting, from: source)
            } else {
                check(entry.text, for: setting, from: source)
            }
        }
    }

    private struct ReadingError: Error {
        var reason: String
    }

    private static func contents(_ path: String) throws(ReadingError) -> [UInt8] {
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw ReadingError(reason: String(cString: strerror(errno)))
        }
        do {
            let data = try file.read(upToCount: byteCountMax + 1) ?? Data()
            guard data.count <= byteCountMax else { throw ReadingError(reason: "it has more than 1 MiB") }
            return Array(data)
        } catch let error as ReadingError {
            throw error
        } catch {
            throw ReadingError(reason: "\(error.localizedDescription)")
        }
    }

    private mutating func take(_ text: String, for setting: Setting, from source: EffectiveSettings.Source) {
        check(text, for: setting, from: source)
        values[setting.key] = EffectiveSettings.Value(text: text, source: source)
    }

    private mutating func take(
        _ rows: [SettingsFile.Row], for setting: Setting, from source: EffectiveSettings.Source
    ) {
        let words = rows.map { row in
            row.name
                + (row.fields.isEmpty ? "" : "(\(row.fields.map { "\($0.key)=\($0.text)" }.joined(separator: ",")))")
        }
        let values = rows.map { row in (row.name, Dictionary(row.fields.map { ($0.key, $0.text) }) { $1 }) }
        self.values[setting.key] = EffectiveSettings.Value(
            text: words.joined(separator: ";"), source: source, rows: Dictionary(values) { $1 })
    }

    private mutating func check(_ row: SettingsFile.Row, of setting: Setting, in path: String) {
        if !CredentialFile.isName(row.name) {
            problems.append(
                Problem(
                    file: path, line: row.line, message: "'\(row.name)' is no name.",
                    mend: "write \(CredentialFile.form), such as brand-a."))
        }
        for field in row.fields {
            guard let known = setting.fields.first(where: { $0.key == field.key }), !known.accepts(field.text) else {
                continue
            }
            problems.append(
                Problem(
                    file: path, line: field.line,
                    message: "'\(setting.key).\(row.name).\(field.key)' cannot be '\(field.text)'.",
                    mend: "write \(known.form)."))
        }
    }

    private mutating func check(_ text: String, for setting: Setting, from source: EffectiveSettings.Source) {
        guard !setting.accepts(text) else { return }
        let message = "'\(setting.key)' cannot be '\(text)'."
        switch source {
        case .file(let name, let line):
            problems.append(Problem(file: name, line: line, message: message, mend: "write \(setting.form)."))
        default:
            problems.append(Problem(file: "\(source)", message: message, mend: "write \(setting.form)."))
        }
    }

    private func finished() throws(ProblemList) -> EffectiveSettings {
        var (values, problems) = (values, problems)
        for setting in Settings.all(of: program) where values[setting.key] == nil {
            switch setting.standard {
            case .value(let text): values[setting.key] = EffectiveSettings.Value(text: text, source: .standard)
            case .none: values[setting.key] = EffectiveSettings.Value(text: nil, source: .standard)
            case .required:
                let message = "a \(program.rawValue) needs '\(setting.key)': \(setting.meaning)"
                let mend =
                    "give \(setting.option), or set \(setting.environment), or write `\(setting.key)` into the file of "
                    + "settings."
                problems.append(Problem(file: setting.option, message: message, mend: mend))
            }
        }
        guard problems.isEmpty else { throw ProblemList(problems: problems) }
        let settings = EffectiveSettings(program: program, values: values)
        // What values are together is looked at when each of them is sound.
        problems = SettingRelation.all.filter { $0.program == program }.compactMap { $0.problem(in: settings) }
        guard problems.isEmpty else { throw ProblemList(problems: problems) }
        return settings
    }
}
