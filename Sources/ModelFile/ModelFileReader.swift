import Foundation
import ModelDefinition
import Wording
import Yams

/// A model as its file and its data say it.
package struct ReadModel: Sendable {
    /// What the file states, with its places; checks point at them.
    package var stated: ReadSpecification
    package var dataset: Dataset
    /// How problems name the model file.
    package var modelFile: String
    /// Priors of returns that lift tests gave, by channel.
    package var experimentPriors: [ExperimentPrior]
    /// Worth knowing, and no obstacle.
    package var warnings: [Problem]

    package var specification: ModelSpecification { stated.specification }
}

/// Model file and data, as bytes, to specification and dataset: a pure function.
package enum ModelFileReader {
    /// - Parameter path: how problems name the model file; its own name where nil.
    package static func read(_ bundle: ModelBundle, path: String? = nil) throws(ProblemList) -> ReadModel {
        let file = path ?? bundle.modelName
        let yaml = YAMLProblems(file: file)
        if let line = TextCoding.firstInvalidLine(bundle.model) {
            throw ProblemList(problems: [
                Problem(file: file, line: line, message: "the model file is not UTF-8 text.", mend: "save it as UTF-8.")
            ])
        }
        let root = compose(
            TextCoding.text(bundle.model), problems: yaml,
            whenEmpty: ("the model file is empty.", "see Configs/models for examples."))
        guard let root, var read = SpecificationReader(problems: yaml).read(root) else {
            throw ProblemList(problems: ProblemList.sorted(yaml.problems))
        }
        try AcceptedFile.apply(to: &read, files: bundle.files, modelFile: file)
        let reader = DatasetReader(read, modelFile: file)
        let dataset = reader.dataset(bundle.files)
        let all = yaml.problems + reader.context.problems
        guard let dataset, all.isEmpty else { throw ProblemList(problems: ProblemList.sorted(all)) }
        let unvalued = UnitsPrior.apply(to: &read, dataset: dataset, modelFile: file)
        guard unvalued.isEmpty else { throw ProblemList(problems: ProblemList.sorted(unvalued)) }
        let (experimentPriors, unpriced) = ExperimentPrior.apply(to: &read, dataset: dataset, modelFile: file)
        guard unpriced.isEmpty else { throw ProblemList(problems: ProblemList.sorted(unpriced)) }
        return ReadModel(
            stated: read, dataset: dataset, modelFile: file, experimentPriors: experimentPriors,
            warnings: ProblemList.sorted(reader.context.warnings))
    }

    /// The language that a model file asks for its report in, whatever else is wrong with the file; nil where it does not say.
    package static func reportLanguage(_ model: String) -> Language? {
        let root = try? Yams.compose(yaml: model)
        return root?.mapping?["report"]?.mapping?["lang"]?.string.flatMap(Language.init(rawValue:))
    }

    /// The root of a text; nil with a problem where there is none.
    static func compose(
        _ text: String, problems: YAMLProblems, whenEmpty: (message: String, mend: String)
    ) -> Node? {
        do {
            if let node = try Yams.compose(yaml: text) { return node }
            problems.add(line: nil, whenEmpty.message, mend: whenEmpty.mend)
        } catch let error as YamlError {
            if case .duplicatedKeysInMapping(let duplicates, let context) = error {
                let keys = duplicates.map { "'\($0)'" }.sorted().joined(separator: ", ")
                problems.add(
                    line: context.mark.line, "the key \(keys) stands twice in one mapping.", mend: "remove one of them."
                )
                return nil
            }
            let (line, reason) = Self.place(of: error)
            problems.add(
                line: line, "this is not valid YAML: \(reason).", mend: "check indentation, colons and brackets.")
        } catch {
            problems.add(line: nil, "this is not valid YAML.", mend: "check indentation, colons and brackets.")
        }
        return nil
    }

    private static func place(of error: YamlError) -> (line: Int?, reason: String) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return (mark.line, problem)
        default:
            return (nil, "it cannot be parsed")
        }
    }
}
