import Recalibration
import Yams

/// A plan of `tutti recalibrate`: models that are refitted period by period, and what has to hold before a new answer takes
/// the place of the old one.
package struct RecalibrationFile: Sendable {
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

    package var name: String
    /// Where accepted results and the trail lie, as the plan writes it.
    package var folder: String
    package var period: PlanPeriod
    package var audit: Audit
    package var webhook: String?
    /// The file of the token that the webhook asks for.
    package var webhookToken: String?
    package var models: [PortfolioFile.Model]
    /// The standard bounds but for what `gates` say.
    package var bounds: GateBounds

    static let topKey = "recalibration"

    /// - Parameter file: how problems name it.
    /// - Throws: every problem of the file; the models' are theirs.
    package static func read(_ bytes: [UInt8], file: String) throws(ProblemList) -> RecalibrationFile {
        let problems = YAMLProblems(file: file)
        if let line = TextCoding.firstInvalidLine(bytes) {
            problems.add(line: line, "the file is not UTF-8 text.", mend: "save it as UTF-8.")
        } else if let root = ModelFileReader.compose(
            TextCoding.text(bytes), problems: problems,
            whenEmpty: ("the file is empty.", "write 'recalibration:', 'folder:' and 'models:'.")),
            let plan = Reader(problems: problems).read(root), problems.problems.isEmpty
        {
            return plan
        }
        throw ProblemList(problems: ProblemList.sorted(problems.problems))
    }

    private struct Reader {
        let problems: YAMLProblems

        func read(_ root: Node) -> RecalibrationFile? {
            let keys = [topKey, "folder", "period", "audit", "notify", "settings", "gates", "models"]
            guard let top = section(root, path: "", keys: keys) else { return nil }
            top.require(topKey, mend: "begin with `recalibration: NAME`.")
            top.require("folder", mend: "write `folder: PATH`, where accepted results lie.")
            let models = PortfolioFile.models(top, reference: topKey, problems: problems)
            for model in models where !Self.isFolderName(model.name) {
                problems.add(
                    line: model.line, "'\(model.name)' cannot be the name of a folder.",
                    mend: "give the model a 'name' of letters, digits, '-', '_' and '.'.")
            }
            let notify = top.section("notify", names: ["webhook", "token_file"])
            notify?.require("webhook", mend: "write `webhook: URL`.")
            guard let name = top.text(topKey), let folder = top.text("folder") else { return nil }
            return RecalibrationFile(
                name: name, folder: folder, period: top.choice("period", PlanPeriod.self) ?? .day,
                audit: top.choice("audit", Audit.self) ?? .sunday, webhook: notify?.text("webhook"),
                webhookToken: notify?.text("token_file"), models: models, bounds: bounds(top))
        }

        private static func isFolderName(_ name: String) -> Bool {
            !name.isEmpty && name.utf8.count <= 100 && !name.hasPrefix(".")
                && name.unicodeScalars.allSatisfy { scalar in
                    scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
                        || "-_. ".unicodeScalars.contains(scalar)
                }
        }

        private func bounds(_ top: YAMLSection) -> GateBounds {
            var bounds = GateBounds()
            guard let section = top.section("gates", names: GateFigure.allCases.map(\.rawValue)) else { return bounds }
            for figure in GateFigure.allCases {
                let key = figure.rawValue
                guard section.node(key) != nil, let own = section.section(key, names: ["promote", "hold"]) else {
                    continue
                }
                own.require("promote", mend: "write `promote: NUMBER`, up to which it is fine.")
                own.require("hold", mend: "write `hold: NUMBER`, up to which it is held.")
                guard let promote = bound("promote", own), let hold = bound("hold", own) else { continue }
                if let changed = bounds.setting(figure, promote: promote, hold: hold) {
                    bounds = changed
                } else {
                    own.problem(
                        "hold", "of 'gates.\(key)' what is promoted would fail.",
                        mend: "let 'hold' lie beyond 'promote'.")
                }
            }
            return bounds
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
