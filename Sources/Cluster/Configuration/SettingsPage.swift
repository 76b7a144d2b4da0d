/// The reference of settings as Markdown, made from the table that the reader uses.
package enum SettingsPage {
    package static var markdown: String {
        let title = [
            "# Settings of coordinator and worker", "",
            "Every setting with its default, unit, range and reason. This page is what `tutti reference --settings` prints.",
            "",
            "A setting is said by an option, by a variable of the environment, or by a file; an option goes before a "
                + "variable, a variable before the file, the file before the default. The file is named by `--config FILE` or "
                + "the variable \(SettingsReader.fileVariable). It is YAML with a section for each program, so one file serves "
                + "all hosts; a key that is not here is an error. What has neither option nor variable can be said by the file alone.",
            "", "```yaml", sample, "```", "",
            "`tutti coordinator --check` and `tutti worker --check` read and check all of it and print what holds and who "
                + "says so, without starting anything.",
            "",
        ]
        return (title + Program.allCases.flatMap(section)).joined(separator: "\n") + "\n"
    }

    private static let sample = """
        coordinator:
          state: /var/lib/tutti
          bind: tcp://0.0.0.0:5570
          keys: /etc/tutti/keys
          tokens: /etc/tutti/tokens
          projects:
            brand-a: {weight: 3, slots_max: 64}
        worker:
          connect: tcp://bastion:5570
          key: /etc/tutti/worker.secret
          coordinator_key: /etc/tutti/coordinator.public
        """

    private static func section(_ program: Program) -> [String] {
        let rows = Settings.all(of: program).flatMap { setting in
            [line(setting, key: setting.key)] + setting.fields.map { line($0, key: "\(setting.key).NAME.\($0.key)") }
        }
        let relations = SettingRelation.all.filter { $0.program == program }.map { "- \($0.sentence)" }
        return ["## `\(program.rawValue)`", ""]
            + header(["key", "option", "variable", "value", "unit", "default", "meaning", "reason"]) + rows
            + ["", "Together, checked at the start:", ""] + relations + [""]
    }

    private static func line(_ setting: Setting, key: String) -> String {
        let isInFileOnly = key != setting.key || !setting.hasOption
        return row([
            "`\(key)`", isInFileOnly ? "" : "`\(setting.option)`", isInFileOnly ? "" : "`\(setting.environment)`",
            setting.form, setting.unit, standard(setting.standard), setting.meaning, setting.reason,
        ])
    }

    private static func standard(_ standard: Setting.Default) -> String {
        switch standard {
        case .required: "required"
        case .none(let words): words
        case .value(let text): "`\(text)`"
        }
    }

    private static func header(_ words: [String]) -> [String] { [row(words), row(words.map { _ in "---" })] }

    private static func row(_ cells: [String]) -> String {
        "| \(cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ")) |"
    }
}
