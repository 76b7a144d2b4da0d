import Foundation
import Kernels
import MarketingMix
import ModelChecks
import ModelDefinition
import ModelFile

/// A shipped model file, under its own preset or another.
struct SlipModel {
    var name: String
    /// In the folder of the shipped models.
    var file: String
    /// Replaced in its text.
    var changes: [(String, String)] = []

    /// A national model and a panel of every preset, and the remaining shipped models.
    static let all = [
        // A lift test may be the prior of any channel: the default is not written out.
        SlipModel(
            name: "quickstart", file: "quickstart.yaml",
            changes: [("    effect: {prior: {lognormal: [0.2, 0.9]}}", "   ")]),
        SlipModel(name: "robyn_knots", file: "robyn_knots.yaml"),
        SlipModel(
            name: "robyn_knots, meridian", file: "robyn_knots.yaml",
            changes: [("preset: tutti", "preset: meridian"), ("every: 13}", "every: 13}\(narrowBaseline)")]),
        SlipModel(name: "mmm_example", file: "mmm_example.yaml"),
        SlipModel(name: "mmm_panel", file: "mmm_panel.yaml"),
        SlipModel(name: "mmm_panel, tutti", file: "mmm_panel.yaml", changes: asPreset("tutti")),
        SlipModel(
            name: "mmm_panel, meridian", file: "mmm_panel.yaml",
            changes: asPreset("meridian") + [
                ("\nsampling:", "\ntrend: {kind: knots, every: 13}\(narrowBaseline)\nsampling:")
            ]),
        SlipModel(name: "mmm_panel_hierarchical", file: "mmm_panel_hierarchical.yaml"),
    ]

    /// A baseline that is drawn from that preset's own priors is far below 0 for years, and so is its noise: by its prior
    /// that is as large as five standard deviations of the KPI itself.
    private static let narrowBaseline =
        "\nprior: {knot_value: {normal: [0, 0.5]}, control: {normal: [0, 0.5]}, sigma: {half_normal: [0.5]}}"

    private static func asPreset(_ preset: String) -> [(String, String)] {
        [
            ("preset: pymc-marketing", "preset: \(preset)"), ("adstock: {kind: geometric, max_lag: 7}\n", ""),
            ("saturation: {kind: logistic}\n", ""),
        ]
    }
}

/// How many of the worlds in which there was a place for a slip showed it.
struct SlipCount {
    var seen = 0
    var planted = 0
    var worlds: Int

    var share: Double { planted == 0 ? 1 : Double(seen) / Double(planted) }

    /// Of all worlds the number, of fewer also their number.
    var words: String {
        if planted == 0 { return "–" }
        return planted == worlds ? "\(seen)" : "\(seen) of \(planted)"
    }
}

/// Worlds of one model.
struct SlipStudy {
    private let name: String
    private let worlds: [SlipWorld]
    /// What is said of the worlds as they are.
    private let said: [Set<String>]
    private let folder: URL
    /// Where worlds are kept of which is said what should not be, or is not said what should.
    private let keep: URL?
    private let seeds: [UInt64]

    init(_ shape: SlipModel, models: String, seeds: [UInt64], folder: URL, keep: URL?) throws {
        var bundle = try ModelFileReader.bundle(at: "\(models)/\(shape.file)")
        let text = String(decoding: bundle.model, as: UTF8.self)
        bundle.model = Array(shape.changes.reduce(text) { $0.replacing($1.0, with: $1.1) }.utf8)
        let read = try ModelFileReader.read(bundle).judged()
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        name = shape.name
        worlds = seeds.map { SlipWorld(bundle, read: read, model: model, seed: $0) }
        said = try worlds.map { Set(try $0.reading(in: folder).words) }
        (self.seeds, self.folder, self.keep) = (seeds, folder, keep)
    }

    func warned(of count: Int) throws -> Int {
        for number in 0..<count where !said[number].isEmpty {
            _ = try worlds[number].reading(in: folder)
            try report(number, "clean", said: said[number].sorted())
        }
        return said.prefix(count).count { !$0.isEmpty }
    }

    func count(_ slip: Slip, of count: Int) throws -> SlipCount {
        var result = SlipCount(worlds: count)
        for number in 0..<count {
            var world = worlds[number]
            var stream = RandomStream(
                key: StreamKey(seed: seeds[number], kind: SlipStream.slip, index: 0), iteration: 0, site: 0)
            guard slip.plant(&world, &stream) else { continue }
            result.planted += 1
            let (words, dataset) = try world.reading(in: folder)
            let news = words.filter { !said[number].contains($0) }
            let isSeen: Bool
            switch slip.sign {
            case .words(let pieces): isSeen = news.contains { word in pieces.contains { word.contains($0) } }
            case .readAsMeant:
                let meant = try world.meant[0].reading(in: folder)
                isSeen = Set(words) == Set(meant.words) && dataset.map(Self.text) == meant.dataset.map(Self.text)
            }
            result.seen += isSeen ? 1 : 0
            if !isSeen { try report(number, slip.name, said: news) }
        }
        return result
    }

    /// Keeps the world that was read last, with what was said of it.
    private func report(_ number: Int, _ slip: String, said words: [String]) throws {
        guard let keep else { return }
        let place = keep.appendingPathComponent("\(name), \(slip.replacing("/", with: "or")), \(seeds[number])")
        try FileManager.default.copyItem(at: folder, to: place)
        try Data(words.map { "\($0)\n" }.joined().utf8).write(to: place.appendingPathComponent("said.txt"))
    }

    /// All of a dataset, in which a KPI that is not known equals another.
    private static func text(_ dataset: Dataset) -> String { String(describing: dataset) }
}
