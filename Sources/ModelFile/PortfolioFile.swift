import ModelDefinition
import Yams

/// A file that names models which are fitted together, with what is said of all their fits and of each.
package struct PortfolioFile: Sendable {
    /// What is said of fits; what is nil is left to the model file and to defaults.
    package struct Settings: Sendable {
        package var seed: UInt64?
        package var chains: Int?
        package var warmup: Int?
        package var draws: Int?
        package var until: StoppingRule?
        package var start: ChainStart?
        package var resamples: Int?
        package var priority: Located<String>?
        package var after: Located<[String]>?
        package var deadline: Located<String>?
        package var memory: Located<String>?
        package var tags: Located<[String]>?

        static let keys = [
            "seed", "chains", "warmup", "draws", "until", "start", "resamples", "priority", "after", "deadline",
            "memory",
            "tags",
        ]

        /// What is said here, and for the rest what `shared` says.
        func over(_ shared: Settings) -> Settings {
            Settings(
                seed: seed ?? shared.seed, chains: chains ?? shared.chains, warmup: warmup ?? shared.warmup,
                draws: draws ?? shared.draws, until: until ?? shared.until, start: start ?? shared.start,
                resamples: resamples ?? shared.resamples,
                priority: priority ?? shared.priority, after: after ?? shared.after,
                deadline: deadline ?? shared.deadline, memory: memory ?? shared.memory, tags: tags ?? shared.tags)
        }
    }

    package struct Model: Sendable {
        /// What the portfolio calls it.
        package var name: String
        /// Of the model file, as the portfolio writes it.
        package var path: String
        package var line: Int?
        /// Its own, and for the rest those of all.
        package var settings: Settings
    }

    package var name: String
    package var models: [Model]

    /// Models in one portfolio: each is held with its data until all have been looked at.
    static let modelsMax = 1000
    static let topKey = "portfolio"

    /// True for a text that has the top key of a portfolio; a model file has none of that name.
    package static func isPortfolio(_ bytes: [UInt8]) -> Bool {
        (try? Yams.compose(yaml: TextCoding.text(bytes)))?.mapping?[Node(topKey)] != nil
    }

    /// - Parameter file: how problems name it.
    /// - Throws: every problem of the file; the models' are theirs.
    package static func read(_ bytes: [UInt8], file: String) throws(ProblemList) -> PortfolioFile {
        let problems = YAMLProblems(file: file)
        if let line = TextCoding.firstInvalidLine(bytes) {
            problems.add(line: line, "the file is not UTF-8 text.", mend: "save it as UTF-8.")
        } else if let root = ModelFileReader.compose(
            TextCoding.text(bytes), problems: problems,
            whenEmpty: ("the file is empty.", "write 'portfolio:' and 'models:'.")),
            let portfolio = PortfolioReader(problems: problems).read(root), problems.problems.isEmpty
        {
            return portfolio
        }
        throw ProblemList(problems: ProblemList.sorted(problems.problems))
    }

    private struct PortfolioReader {
        let problems: YAMLProblems

        func read(_ root: Node) -> PortfolioFile? {
            guard let top = section(root, path: "", keys: [topKey, "settings", "models"]) else { return nil }
            let models = PortfolioFile.models(top, reference: topKey, problems: problems)
            return top.text(topKey).map { PortfolioFile(name: $0, models: models) }
        }

        private func section(_ node: Node, path: String, keys: [String]) -> YAMLSection? {
            YAMLSection(node, path: path, reference: topKey, names: keys, problems: problems)
        }
    }

    /// The entries of `models`, each with what `settings` say of all; keys are those of the file that `reference` names.
    static func models(_ top: YAMLSection, reference: String, problems: YAMLProblems) -> [Model] {
        let shared = top.section("settings", names: Settings.keys).map(SettingsReader().read) ?? Settings()
        top.require("models", mend: "write `models: [{model: PATH}]`.")
        let nodes = top.list("models") ?? []
        if top.node("models")?.sequence != nil, !(1...modelsMax).contains(nodes.count) {
            top.problem("models", "'models' has \(nodes.count) entries.", mend: "list 1 to \(modelsMax) models.")
        }
        var models: [Model] = []
        for (index, node) in nodes.prefix(modelsMax).enumerated() {
            let section = YAMLSection(
                node, path: "models[\(index)]", reference: reference, names: ["name", "model"] + Settings.keys,
                problems: problems)
            guard let section, let model = model(section, shared: shared) else { continue }
            if let other = models.first(where: { $0.name == model.name }) {
                problems.add(
                    line: model.line,
                    "'models[\(index)]' is called '\(model.name)', as the one of line \(other.line ?? 0).",
                    mend: "give each a 'name' of its own.")
            }
            models.append(model)
        }
        return models
    }

    private static func model(_ section: YAMLSection, shared: Settings) -> Model? {
        section.require("model", mend: "write `model: PATH` of a model file.")
        let settings = SettingsReader().read(section).over(shared)
        guard let model = section.text("model") else { return nil }
        return Model(
            name: section.text("name") ?? stem(of: model), path: model, line: section.line, settings: settings)
    }

    /// Reads what is said of fits, in a section that allows `Settings.keys`.
    struct SettingsReader {
        func read(_ section: YAMLSection) -> Settings {
            Settings(
                seed: seed(section), chains: whole("chains", as: "sampling.chains", section),
                warmup: whole("warmup", as: "sampling.warmup", section),
                draws: whole("draws", as: "sampling.draws", section),
                until: section.choice("until", StoppingRule.self), start: section.choice("start", ChainStart.self),
                resamples: whole("resamples", as: "resampling.resamples", section),
                priority: text("priority", section), after: texts("after", section),
                deadline: text("deadline", section), memory: text("memory", section), tags: texts("tags", section))
        }

        private func seed(_ section: YAMLSection) -> UInt64? {
            guard section.node("seed") != nil, let text = section.text("seed") else { return nil }
            if let seed = UInt64(text) { return seed }
            section.problem(
                "seed", "'\(section.name("seed"))' must be a whole number from 0 to 2^64 − 1.",
                mend: "write such a number.")
            return nil
        }

        /// A number of the range that the model file has under `path`.
        private func whole(_ key: String, as path: String, _ section: YAMLSection) -> Int? {
            guard case .integer(let range)? = ModelFileReference.key(path)?.domain else {
                preconditionFailure("the reference has no range of whole numbers for '\(path)'")
            }
            return section.integer(key, in: range)
        }

        private func text(_ key: String, _ section: YAMLSection) -> Located<String>? {
            section.text(key).map { Located($0, line: section.line(key)) }
        }

        /// A list, or one word.
        private func texts(_ key: String, _ section: YAMLSection) -> Located<[String]>? {
            guard let node = section.node(key) else { return nil }
            let texts =
                node.scalar == nil ? section.texts(key, mend: "write one word.") : section.text(key).map { [$0] }
            return texts.map { Located($0, line: section.line(key)) }
        }
    }

    /// What a model is called whose name is not given: its file, without folder and ending.
    private static func stem(of path: String) -> String {
        let file = path.split(separator: "/").last.map(String.init) ?? path
        let stem = file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
        return stem.isEmpty ? file : stem
    }
}
