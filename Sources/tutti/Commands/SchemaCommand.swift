import ArgumentParser
import Cluster
import Foundation
import ModelFile

struct SchemaCommand: ParsableCommand {
    enum File: String, CaseIterable, ExpressibleByArgument {
        case model, settings, portfolio, recalibration
    }

    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Print the JSON Schema of a YAML file, by which an editor completes and checks it.",
        discussion: """
            The schema takes every file that tutti takes, and no file with an unknown key, a key in the wrong place or a \
            value of the wrong kind. What depends on several keys or on the data, `tutti validate` alone says.

              tutti schema > model.schema.json

            and as the first line of a model file, for editors with the YAML language server:

              # yaml-language-server: $schema=model.schema.json
            """)

    @Argument(help: "The file: model, settings (of coordinator and worker), portfolio or recalibration (a plan).")
    var file = File.model

    func run() throws {
        let schema =
            switch file {
            case .model: ModelFileSchema.schema
            case .settings: SettingsSchema.schema
            case .portfolio: PortfolioSchema.portfolio
            case .recalibration: PortfolioSchema.recalibration
            }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(schema), as: UTF8.self))
    }
}
