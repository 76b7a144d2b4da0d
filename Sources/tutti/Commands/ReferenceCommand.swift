import ArgumentParser
import ModelFile
import Results

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print the reference of the model file, or of result files.",
        discussion: """
            Every key with type, unit, default and example, every distribution, and every parameter with its default \
            prior, as Markdown. With --results every file, column, key and variable of results.
            """)

    @Flag(help: "Print the reference of result files.")
    var results = false

    func run() throws {
        print(results ? ResultsPage.markdown(with: CommandFiles.all) : ReferencePage.markdown, terminator: "")
    }
}
