import ArgumentParser
import Foundation
import Kernels
import MarketingMix
import ModelDefinition
import ModelFile

struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate",
        abstract: "Make a data set whose truth is known.",
        discussion: """
            Draws parameters from the model's prior and a KPI from the model at the file's own media, controls and \
            scaling. Writes a folder that can be fitted as it is: the model file, its data files with the new KPI, and \
            truth.json with the parameters and what each channel brought. The same seed gives the same bytes.

              tutti simulate model.yaml --out world/ --seed 7
              tutti fit world/model.yaml --out results/

            A fit of it computes its scaling from the new KPI; parameters on the scale of the KPI move with it, \
            contributions and returns on investment do not.

            --world makes a world that the model does not know of, to see what its fit then says: wrong-adstock (media \
            carry over by another kernel), hidden-confounder (demand that nobody recorded goes with the channel of the \
            most spend), autocorrelated-errors (each leans on the one before, by 0.6). truth.json says what was done.
            """)

    @Argument(help: "The model file.")
    var model: String

    @Option(help: "The folder to write; it must not exist.")
    var out: String

    @Option(help: "Seed of every random number.")
    var seed: UInt64 = 1

    @Option(help: "What the world does: as-modelled, wrong-adstock, hidden-confounder or autocorrelated-errors.")
    var world: World = .asModelled

    func run() throws {
        let input = try ModelInput(path: model)
        let model = input.model
        let folder = URL(fileURLWithPath: out)
        guard !FileManager.default.fileExists(atPath: folder.path) else {
            throw UserError.unusable("\(out) exists. Mend: name a folder that does not.")
        }
        for file in input.bundle.files where file.path.hasPrefix("/") || file.path.split(separator: "/").contains("..")
        {
            throw UserError.unusable(
                "\(self.model): the data file \(file.path) lies outside the model's folder. Mend: put it below.")
        }
        if input.bundle.files.contains(where: { $0.path.contains("#") }) {
            throw UserError.unusable(
                "\(self.model): transaction files cannot be rewritten with another KPI. Mend: give the model files of its "
                    + "own periods.")
        }
        let key = StreamKey(seed: seed, kind: StreamKey.simulationKind, index: 0)
        let made = model.simulate(world, key: key)
        let bundle = input.bundle.replacingKPI(of: input.read, with: made.series.kpi)
        try write(bundle.model, to: folder.appendingPathComponent(bundle.modelName))
        for file in bundle.files { try write(file.bytes, to: folder.appendingPathComponent(file.path)) }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try write(
            Array(try encoder.encode(Truth(made, world: world, seed: seed)) + Data("\n".utf8)),
            to: folder.appendingPathComponent("truth.json"))
        print(folder.appendingPathComponent(bundle.modelName).path)
    }

    private func write(_ bytes: [UInt8], to url: URL) throws {
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url)
        } catch {
            throw UserError.unusable("\(url.path) cannot be written: \(error.localizedDescription)")
        }
    }
}

/// What made the data.
private struct Truth: Encodable {
    struct Channel: Encodable {
        var name: String
        /// KPI units in the periods of the data.
        var contribution: Double
        var spend: Double
    }

    var seed: UInt64
    var world: String
    /// By name as in summary.csv.
    var parameters: [String: Double]
    var channels: [Channel]
    /// What the model does not know of; none in a world as modelled.
    var hidden: Hidden?

    /// By cell of the data, in KPI units.
    struct Hidden: Encodable {
        /// The channel with whose exposure the demand goes.
        var channel: String?
        var demand: [Double]?
        var errors: [Double]?
    }

    init(_ made: WorldSeries, world: World, seed: UInt64) {
        let (model, series) = (made.model, made.series)
        self.seed = seed
        self.world = world.rawValue
        switch world {
        case .hiddenConfounder:
            hidden = Hidden(
                channel: made.confoundedChannel.map { model.specification.channels[$0].name },
                demand: made.hiddenDemand)
        case .autocorrelatedErrors: hidden = Hidden(errors: made.errors)
        case .asModelled, .wrongAdstock: break
        }
        parameters = [:]
        for block in model.layout.blocks {
            for index in 0..<block.count {
                parameters[block.elementName(index)] = series.parameters[block.offset + index]
            }
        }
        channels = model.specification.channels.enumerated().map { index, channel in
            Channel(
                name: channel.name, contribution: series.contributions[index],
                spend: model.dataset.spend[index].reduce(0, +))
        }
    }
}

extension World: ExpressibleByArgument {}

extension StreamKey {
    /// The kind of stream of simulated data; fits use the kinds of `StreamKind`.
    fileprivate static var simulationKind: UInt32 { 7 }
}
