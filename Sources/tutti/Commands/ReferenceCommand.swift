import ArgumentParser
import Cluster
import ModelFile
import Results

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print the reference of the model file, of result files, or of settings.",
        discussion: """
            Every key with type, unit, default and example, every distribution, and every parameter with its default \
            prior, as Markdown. With --results every file, column, key and variable of results; with --settings every \
            setting of coordinator and worker.
            """)

    @Flag(help: "Print the reference of result files.")
    var results = false

    @Flag(help: "Print the reference of the settings of coordinator and worker.")
    var settings = false

    func validate() throws {
        guard !(results && settings) else {
            throw ValidationError("--results and --settings are two pages: ask for one.")
        }
    }

    func run() throws {
        let page =
            if settings {
                SettingsPage.markdown
            } else {
                results ? ResultsPage.markdown(with: CommandFiles.all) : ReferencePage.markdown
            }
        print(page, terminator: "")
    }
}
