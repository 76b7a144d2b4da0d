import ArgumentParser
import ModelChecks

struct ValidateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Read a model and its data, and report every problem at once.",
        discussion: "Prints what the model is: parameters, priors, data shape. Nothing is fitted.")

    @Argument(help: "The model file.")
    var model: String

    func run() throws {
        let input = try ModelInput(path: model)
        print(ModelDescription(input.read).text)
    }
}
