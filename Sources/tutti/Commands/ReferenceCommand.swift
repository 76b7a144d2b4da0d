import ArgumentParser
import ModelFile

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference",
        abstract: "Print the reference of the model file.",
        discussion: """
            Every key with type, unit, default and example, every distribution, and every parameter with its default \
            prior, as Markdown.
            """)

    func run() throws { print(ReferencePage.markdown, terminator: "") }
}
