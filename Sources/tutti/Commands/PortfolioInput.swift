import Cluster
import Coordination
import Fitting
import Foundation
import ModelChecks
import ModelFile

/// A portfolio as a command was given it, every model read and checked.
struct PortfolioInput {
    struct Model {
        /// What the portfolio calls it.
        let name: String
        let submission: SubmissionRequest
    }

    let name: String
    let models: [Model]

    /// Nil for a file that is no portfolio. Every problem of the file and of all its models at once ends the command
    /// with exit code 2: nothing of a portfolio is submitted unless all of it can be.
    ///
    /// - Parameters:
    ///   - sampling: what the command line says; it goes before what the portfolio says, and that before the model file.
    ///   - queue: likewise.
    init?(path: String, sampling: SamplingOptions, queue: QueueOptions, again: Bool) throws {
        guard let data = FileManager.default.contents(atPath: path), PortfolioFile.isPortfolio(Array(data)) else {
            return nil
        }
        var reader = PortfolioModels(path: path, sampling: sampling, queue: queue, again: again)
        do {
            let file = try PortfolioFile.read(Array(data), file: path)
            name = file.name
            for model in file.models { reader.take(model, of: file.name) }
        } catch {
            throw UserError.unusable(ModelInput.describe(error.problems.map(\.description)))
        }
        guard reader.problems.isEmpty else { throw UserError.unusable(ModelInput.describe(reader.problems)) }
        models = reader.models
    }
}

/// Reads the models of a portfolio, one after another, and gathers what is wrong with them.
private struct PortfolioModels {
    let path: String
    let sampling: SamplingOptions
    let queue: QueueOptions
    let again: Bool
    private(set) var models: [PortfolioInput.Model] = []
    /// A line each.
    private(set) var problems: [String] = []
    /// Which model each fit belongs to.
    private var names: [String: String] = [:]

    init(path: String, sampling: SamplingOptions, queue: QueueOptions, again: Bool) {
        self.path = path
        self.sampling = sampling
        self.queue = queue
        self.again = again
    }

    mutating func take(_ model: PortfolioFile.Model, of portfolio: String) {
        let request = queueRequest(of: model, in: portfolio)
        let folder = (path as NSString).deletingLastPathComponent
        let modelPath = model.path.hasPrefix("/") ? model.path : (folder as NSString).appendingPathComponent(model.path)
        do {
            let bundle = try ModelFileReader.bundle(at: modelPath)
            let read = try ModelFileReader.read(bundle, path: modelPath).judged()
            var settings = FitSettings(read.specification)
            model.settings.apply(to: &settings)
            sampling.apply(to: &settings)
            let digest = try FitSubmission(bundle: bundle, read: read, settings: settings).digest.description
            if let other = names.updateValue(model.name, forKey: digest) {
                complain(
                    model.line,
                    "'\(model.name)' is the same fit as '\(other)'. Mend: remove one of them, or give it another seed.")
            }
            models.append(
                PortfolioInput.Model(
                    name: model.name,
                    submission: SubmissionRequest(
                        archive: BundleArchive(bundle), settings: SubmissionSettings(settings),
                        again: again ? true : nil, queue: request)))
        } catch let list as ProblemList {
            problems += list.problems.map(\.description).filter { !problems.contains($0) }
        } catch {
            complain(model.line, "'\(model.name)': \(error)")
        }
    }

    /// How the job is to stand in the queue. Each word is looked at by itself, so that a problem has its line.
    private mutating func queueRequest(of model: PortfolioFile.Model, in portfolio: String) -> QueueRequest {
        let stated = model.settings
        let given = queue.request ?? QueueRequest()
        var memory: UInt64?
        if let text = stated.memory {
            memory = MemorySize(text.value).map { UInt64($0.byteCount) }
            if memory == nil {
                complain(text.line, "'memory' is '\(text.value)'. Mend: write an amount, as 512M or 4G.")
            }
        }
        let place = PortfolioPlace(name: portfolio, model: model.name)
        let parts: [(line: Int?, part: QueueRequest)] = [
            (stated.priority?.line, QueueRequest(priority: stated.priority?.value)),
            (stated.after?.line, QueueRequest(after: stated.after?.value)),
            (stated.deadline?.line, QueueRequest(deadline: stated.deadline?.value)),
            (stated.tags?.line, QueueRequest(tags: stated.tags?.value)),
            (model.line, QueueRequest(portfolio: place)),
        ]
        for (line, part) in parts {
            do {
                _ = try part.wishes()
            } catch {
                complain(line, error.description)
            }
        }
        return QueueRequest(
            priority: given.priority ?? stated.priority?.value, after: given.after ?? stated.after?.value,
            deadline: given.deadline ?? stated.deadline?.value, memory: given.memory ?? memory,
            tags: given.tags ?? stated.tags?.value, portfolio: place)
    }

    /// What is shared is wrong once, however many models share it.
    private mutating func complain(_ line: Int?, _ text: String) {
        let problem = "\(path)\(line.map { ":\($0)" } ?? ""): \(text)"
        if !problems.contains(problem) { problems.append(problem) }
    }
}
