import ModelDefinition
import Yams

/// A plan of `tutti recalibrate`: models that are refitted period by period, and what has to hold before a new answer takes
/// the place of the old one.
package struct RecalibrationFile: Sendable {
    /// What a night is called after: a plan runs once in each.
    package enum Period: String, Sendable, Hashable, CaseIterable {
        case day
        case week
        case month
    }

    /// The day on which chains begin cold, so that what warm starts hide is found.
    package enum Audit: String, Sendable, Hashable, CaseIterable {
        case monday
        case tuesday
        case wednesday
        case thursday
        case friday
        case saturday
        case sunday
        case always
        case never
    }

    /// Two bounds of a measure: up to the first it is fine, up to the second the answer is held, beyond it has failed.
    package struct Bounds: Sendable, Hashable {
        package var promote: Double
        package var hold: Double

        package init(promote: Double, hold: Double) {
            self.promote = promote
            self.hold = hold
        }
    }

    package struct Model: Sendable {
        package var name: String
        /// Of the model file, as the plan writes it.
        package var path: String
        package var line: Int?
        package var settings: PortfolioFile.Settings
    }

    package var name: String
    /// Where accepted results and the trail lie, as the plan writes it.
    package var folder: String
    package var period: Period
    package var audit: Audit
    package var webhook: String?
    /// The file of the token that the webhook asks for.
    package var webhookToken: String?
    package var models: [Model]
    /// By the figure's key, with where it stands.
    package var gates: [String: Located<Bounds>]

    private static let modelsMax = 1000
    private static let topKey = "recalibration"

    /// - Parameters:
    ///   - file: how problems name it.
    ///   - figures: keys of the figures whose bounds may be given.
    /// - Throws: every problem of the file; the models' are theirs.
    package static func read(
        _ bytes: [UInt8], file: String, figures: [String]
    ) throws(ProblemList) -> RecalibrationFile {
        let problems = YAMLProblems(file: file)
        if let line = TextCoding.firstInvalidLine(bytes) {
            problems.add(line: line, "the file is not UTF-8 text.", mend: "save it as UTF-8.")
        } else if let root = ModelFileReader.compose(
            TextCoding.text(bytes), problems: problems,
            whenEmpty: ("the file is empty.", "write 'recalibration:', 'folder:' and 'models:'.")),
            let plan = Reader(problems: problems, figures: figures).read(root), problems.problems.isEmpty
        {
            return plan
        }
        throw ProblemList(problems: ProblemList.sorted(problems.problems))
    }

    private struct Reader {
        let problems: YAMLProblems
        let figures: [String]

        func read(_ root: Node) -> RecalibrationFile? {
            let keys = [topKey, "folder", "period", "audit", "notify", "settings", "gates", "models"]
            guard let top = section(root, path: "", keys: keys) else { return nil }
            top.require(topKey, mend: "begin with `recalibration: NAME`.")
            top.require("folder", mend: "write `folder: PATH`, where accepted results lie.")
            top.require("models", mend: "write `models: [{model: PATH}]`.")
            let settings = PortfolioFile.SettingsReader()
            let shared =
                top.section("settings", names: PortfolioFile.Settings.keys).map(settings.read)
                ?? PortfolioFile.Settings()
            let models = models(top, shared: shared, settings)
            let notify = top.section("notify", names: ["webhook", "token_file"])
            notify?.require("webhook", mend: "write `webhook: URL`.")
            guard let name = top.text(topKey), let folder = top.text("folder") else { return nil }
            return RecalibrationFile(
                name: name, folder: folder, period: top.choice("period", Period.self) ?? .day,
                audit: top.choice("audit", Audit.self) ?? .sunday, webhook: notify?.text("webhook"),
                webhookToken: notify?.text("token_file"), models: models, gates: gates(top))
        }

        private func models(
            _ top: YAMLSection, shared: PortfolioFile.Settings, _ settings: PortfolioFile.SettingsReader
        ) -> [Model] {
            let nodes = top.list("models") ?? []
            if top.node("models")?.sequence != nil, !(1...modelsMax).contains(nodes.count) {
                top.problem("models", "'models' has \(nodes.count) entries.", mend: "list 1 to \(modelsMax) models.")
            }
            var models: [Model] = []
            for (index, node) in nodes.prefix(modelsMax).enumerated() {
                let path = "models[\(index)]"
                guard let section = section(node, path: path, keys: ["name", "model"] + PortfolioFile.Settings.keys)
                else { continue }
                section.require("model", mend: "write `model: PATH` of a model file.")
                let own = settings.read(section).over(shared)
                guard let file = section.text("model") else { continue }
                let name = section.text("name") ?? PortfolioFile.stem(of: file)
                if !Self.isFolderName(name) {
                    section.problem(
                        "name", "'\(name)' cannot be the name of a folder.",
                        mend: "give the model a 'name' of letters, digits, '-', '_' and '.'.")
                }
                if let other = models.first(where: { $0.name == name }) {
                    problems.add(
                        line: section.line, "'\(path)' is called '\(name)', as the one of line \(other.line ?? 0).",
                        mend: "give each a 'name' of its own.")
                }
                models.append(Model(name: name, path: file, line: section.line, settings: own))
            }
            return models
        }

        private static func isFolderName(_ name: String) -> Bool {
            !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
                && name.unicodeScalars.allSatisfy { scalar in
                    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-_. ".unicodeScalars.contains(scalar)
                }
        }

        private func gates(_ top: YAMLSection) -> [String: Located<Bounds>] {
            guard let section = top.section("gates", names: figures) else { return [:] }
            var gates: [String: Located<Bounds>] = [:]
            for key in figures {
                guard section.node(key) != nil, let own = section.section(key, names: ["promote", "hold"]) else {
                    continue
                }
                own.require("promote", mend: "write `promote: NUMBER`, up to which it is fine.")
                own.require("hold", mend: "write `hold: NUMBER`, up to which it is held.")
                guard let promote = bound("promote", own), let hold = bound("hold", own) else { continue }
                gates[key] = Located(Bounds(promote: promote, hold: hold), line: own.line)
            }
            return gates
        }

        private func bound(_ key: String, _ section: YAMLSection) -> Double? {
            guard let node = section.node(key) else { return nil }
            if let value = YAMLSection.number(node), value >= 0 { return value }
            section.problem(key, "'\(section.name(key))' must be a number, 0 or more.", mend: "write such a number.")
            return nil
        }

        private func section(_ node: Node, path: String, keys: [String]) -> YAMLSection? {
            YAMLSection(node, path: path, reference: topKey, names: keys, problems: problems)
        }
    }
}
