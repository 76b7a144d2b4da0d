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

    @Option(help: "The seed of the first world; the others have those that follow.")
    var seed: UInt64 = 1

    @Option(help: "A new folder for clean worlds that are warned of, and for slips that are not seen.")
    var keep: String?

    func run() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tutti-slips-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder.appendingPathComponent("data"), withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let shapes = SlipModel.all.filter { model == nil || $0.name == model }
        let kept = keep.map { URL(fileURLWithPath: $0) }
        if let kept { try FileManager.default.createDirectory(at: kept, withIntermediateDirectories: true) }
        let seeds = (0..<UInt64(max(worlds, clean))).map { seed + $0 }
        let studies = try shapes.map { try SlipStudy($0, models: models, seeds: seeds, folder: folder, keep: kept) }
        print("| | \(shapes.map(\.name).joined(separator: " | ")) |")
        print("| --- |\(shapes.map { _ in " ---: |" }.joined())")
        let warned = try studies.map { try $0.warned(of: clean) }
        print("| **clean worlds warned of, of \(clean)** | \(warned.map(String.init).joined(separator: " | ")) |")
        var counts: [SlipCount] = []
        for slip in Slip.all where only.isEmpty || slip.name.contains(only) {
            let own = try studies.map { try $0.count(slip, of: worlds) }
            print("| \(slip.name) | \(own.map(\.words).joined(separator: " | ")) |")
            counts += own.filter { $0.planted > 0 }
        }
        let seldom = counts.count { $0.share < Self.seenMin }
        let often = warned.count { Double($0) > Self.warnedMax * Double(clean) }
        print(
            "\n\(seldom) of \(counts.count) counts are below 95 of 100; \(often) of \(warned.count) models have more than 2 of "
                + "100 clean worlds that are warned of.")
        guard seldom == 0, often == 0 else { throw ExitCode.failure }
    }
}
