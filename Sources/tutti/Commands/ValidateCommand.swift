import ArgumentParser
import ModelChecks
import ModelDefinition
import ModelFile

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read a model and its data, and report every problem at once.",
        discussion: "Prints what the model is: parameters, priors, data shape. Nothing is fitted.")

    @Argument(help: "The model file.")
    var model: String

    @Flag(help: "Explain every key that the model file uses.")
    var explain = false

    func run() throws {
        let input = try ModelInput(path: model)
        print(ModelDescription(input.read).text)
        guard explain else { return }
        print("keys:")
        let specification = input.read.specification
        let names = ParameterNames(specification.preset, saturations: specification.channels.map(\.saturation))
        print(
            ReferencePage.explanation(
                of: UsedKeys(in: input.bundle.model, named: names), preset: specification.preset))
    }
}
