import Analysis
import Fitting
import Foundation
import MarketingMix
import ModelDefinition
import ModelFile
import Results

/// A finished fit that others are compared with: its results folder, and the model and data that it was made of.
package struct AcceptedResult: Sendable {
    package let read: ReadModel
    package let model: MarketingMixModel
    package let manifest: Manifest
    package let folder: String
    /// Draws of its posterior: parameters on the user's scale in layout order, chain after chain.
    package let constrained: [[Double]]
    package let chainCount: Int
    /// The median of the sampler's step sizes.
    package let stepSize: Double

    /// Draws of each chain that are handed to the next fit: enough for a metric, and few enough to travel.
    private static let handedDraws = 100

    /// - Parameters:
    ///   - folder: the results folder.
    ///   - bundle: model and data as they were fitted.
    /// - Throws: where the folder cannot be read, or is not that of this model.
    package init(folder: String, bundle: BundleArchive) throws {
        guard let manifest = try ResultsFolder.readManifest(in: folder) else {
            throw CoordinatorError(description: "\(folder) holds no results.")
        }
        self.folder = folder
        self.manifest = manifest
        read = try ModelFileReader.read(bundle.bundle)
        let model = MarketingMixModel(specification: read.specification, dataset: read.dataset)
        self.model = model
        let reader = try NetCDFReader("\(folder)/posterior.nc")
        let quantities = ReportedQuantities(model).names.map { Quantity(name: $0, draws: []) }
        let names = ParameterNaming(model: model, quantities: quantities).names
        let stepSizes = try reader.doubles("step_size", in: "sample_stats")
        let total = stepSizes.count
        chainCount = manifest.plan.chains
        guard total > 0, chainCount > 0, total % chainCount == 0 else {
            throw CoordinatorError(description: "\(folder)/posterior.nc has no draws.")
        }
        stepSize = stepSizes.sorted()[total / 2]
        var constrained = [[Double]](repeating: [Double](repeating: 0, count: model.dimension), count: total)
        for (block, name) in zip(model.layout.blocks, names) {
            let values = try reader.doubles(name.text, in: "posterior")
            let places: [Int]
            let width: Int
            if name.isReported, let dimension = block.dimensions.last {
                // Told once, among the returns of all channels with spend.
                let labels = try reader.labels("paid_channel", in: "posterior")
                places = dimension.labels.compactMap { labels.firstIndex(of: $0) }
                width = labels.count
            } else {
                places = Array(0..<block.count)
                width = block.count
            }
            guard places.count == block.count, values.count == total * width else {
                throw CoordinatorError(
                    description: "\(folder)/posterior.nc is of another model: '\(name.text)' has another size.")
            }
            for draw in 0..<total {
                for (index, place) in places.enumerated() {
                    constrained[draw][block.offset + index] = values[draw * width + place]
                }
            }
        }
        self.constrained = constrained
    }

    /// By the model and data that lie in its folder; nil where none do, as in folders of older programs.
    package init?(folder: String) throws {
        guard let bundle = FileManager.default.contents(atPath: "\(folder)/\(ResultsFolder.bundleName)") else {
            return nil
        }
        try self.init(folder: folder, bundle: try BundleArchive(decoding: Array(bundle)))
    }

    /// Whether a model and its data are those that it was fitted from.
    package func isOf(_ bundle: ModelBundle) -> Bool {
        guard let submission = try? FitSubmission(bundle: bundle, read: read, settings: FitSettings(read.specification))
        else { return false }
        return submission.modelDigest.description == manifest.modelSHA256
            && submission.dataDigest.description == manifest.dataSHA256
    }

    /// What it hands to the fits that follow it.
    package var handed: AcceptedFit {
        let perChain = constrained.count / chainCount
        let stride = max(1, perChain / Self.handedDraws)
        let values = (0..<chainCount).flatMap { chain in
            Swift.stride(from: stride - 1, to: perChain, by: stride).prefix(Self.handedDraws).map {
                constrained[chain * perChain + $0]
            }
        }
        let names = model.layout.blocks.flatMap { block in (0..<block.count).map(block.elementName) }
        return AcceptedFit(
            model,
            draws: AcceptedFit.Draws(names: names, values: values, chainCount: chainCount, stepSize: stepSize))
    }
}

extension BundleArchive {
    /// The path under which a bundle has the accepted fit that it follows.
    private static let acceptedPath = "accepted.json"

    private static let acceptedLine = "accepted: \(acceptedPath)\n"

    /// The model file as it was given, before it followed an accepted fit, without line breaks at its end.
    package var modelAlone: String {
        let own =
            data[Self.acceptedPath] != nil && model.hasSuffix(Self.acceptedLine)
            ? String(model.dropLast(Self.acceptedLine.count)) : model
        return own.trimmingCharacters(in: .newlines)
    }

    /// The same model and data, following an accepted fit.
    package func following(_ accepted: AcceptedFit) throws -> BundleArchive {
        var archive = self
        // A line of its own, so that it can be told from the model's.
        archive.model = (model.hasSuffix("\n") ? model : model + "\n") + Self.acceptedLine
        archive.data[Self.acceptedPath] = Data(try AcceptedFile.bytes(accepted))
        return archive
    }
}
