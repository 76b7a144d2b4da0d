import ArgumentParser
import Foundation

struct SlipsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "slips",
        abstract: "Plant slips in simulated worlds, and count how many the checks before a fit see.",
        discussion: """
            Prints a table in Markdown; ends with 1 when a slip is seen in fewer than 95 of 100 worlds, or more than 2 of
            100 clean worlds are warned of. Deploy/slips.sh writes it to Deploy/slips/results.md.
            """)

    private static let seenMin = 0.95
    private static let warnedMax = 0.02

    @Option(help: "The folder of the shipped model files.")
    var models = "Configs/models"

    @Option(help: "Worlds for each slip and model.")
    var worlds = 100

    @Option(help: "Clean worlds for each model.")
    var clean = 200

    @Option(help: "Only slips whose name holds this.")
    var only = ""

    @Option(help: "Only the model of this name.")
    var model: String?

    @Flag(help: "Print what is said of clean worlds, and of slips that are not seen.")
    var verbose = false

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-slips-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let shapes = SlipModel.all.filter { model == nil || $0.name == model }
        let studies = try shapes.map { shape in
            try SlipStudy(shape, models: models, worlds: max(worlds, clean), folder: folder)
        }
        print("| | \(shapes.map(\.name).joined(separator: " | ")) |")
        print("| --- |\(shapes.map { _ in " ---: |" }.joined())")
        let warned = try studies.map { try $0.warned(of: clean, verbose: verbose) }
        print("| **clean worlds warned of, of \(clean)** | \(warned.map(String.init).joined(separator: " | ")) |")
        var holds = warned.allSatisfy { Double($0) <= Self.warnedMax * Double(clean) }
        for slip in Slip.all where only.isEmpty || slip.name.contains(only) {
            let counts = try studies.map { try $0.count(slip, of: worlds, verbose: verbose) }
            print("| \(slip.name) | \(counts.map(\.words).joined(separator: " | ")) |")
            holds = holds && counts.allSatisfy { $0.share >= Self.seenMin }
        }
        guard holds else { throw ExitCode.failure }
    }
}
