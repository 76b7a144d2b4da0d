import Cluster
import Fitting
import Foundation
import ModelDefinition
import ModelFile
import Recalibration

/// A plan of recalibration as a command was given it.
struct RecalibrationInput: Sendable {
    let file: RecalibrationFile
    let models: [PortfolioFile.Model]
    /// What decides on nights beside models and data, as text.
    let terms: String
    private let path: String

    /// Every problem of the plan at once ends the command with exit code 2.
    /// - Parameter model: only this one of it.
    init(path: String, model: String?) throws {
        self.path = path
        guard let data = FileManager.default.contents(atPath: path) else {
            throw UserError.unusable("\(path): the plan cannot be read. Mend: check the path and its permissions.")
        }
        do throws(ProblemList) {
            file = try RecalibrationFile.read(
                Array(data), file: path)
        } catch {
            throw UserError.unusable(ModelInput.describe(error.problems.map(\.description)))
        }
        models = file.models.filter { model == nil || $0.name == model }
        guard !models.isEmpty else {
            throw UserError.unusable(
                "\(path): no model is called '\(model ?? "")'. Mend: name one of "
                    + file.models.map(\.name).joined(separator: ", ") + ".")
        }
        let bounds = file.bounds
        terms = GateFigure.allCases.map { "\($0.rawValue) \(bounds[$0].promote) \(bounds[$0].hold)" }
            .joined(separator: "; ")
    }

    /// A path of the plan's, which is relative to it.
    func resolved(_ path: String) -> String {
        path.hasPrefix("/")
            ? path : ((self.path as NSString).deletingLastPathComponent as NSString).appendingPathComponent(path)
    }

    func path(of model: PortfolioFile.Model) -> String { resolved(model.path) }

    func folder(of model: PortfolioFile.Model) -> String { "\(resolved(file.folder))/\(model.name)" }

    // MARK: The night

    /// - Parameter date: nil for today, by the clock of the time zone that this machine is in.
    func night(_ date: CalendarDate?) throws -> NightKey {
        let (year, month, day) = Self.parts(date)
        guard let key = NightKey(file.period, year: year, month: month, day: day) else {
            throw UserError.unusable("the day has no name.")
        }
        return key
    }

    private static func parts(_ date: CalendarDate?) -> (year: Int, month: Int, day: Int) {
        if let date { return date.civil }
        let now = Calendar(identifier: .gregorian).dateComponents([.year, .month, .day], from: Date())
        return (now.year ?? 1, now.month ?? 1, now.day ?? 1)
    }

    /// Whether chains begin cold as well.
    func isAudit(_ date: CalendarDate?) -> Bool {
        switch file.audit {
        case .always: return true
        case .never: return false
        default: break
        }
        let (year, month, day) = Self.parts(date)
        guard let number = CalendarDate(year: year, month: month, day: day)?.dayNumber else { return false }
        // 1970-01-01 was a Thursday.
        let days: [RecalibrationFile.Audit] = [.thursday, .friday, .saturday, .sunday, .monday, .tuesday, .wednesday]
        return days[((number % 7) + 7) % 7] == file.audit
    }

    // MARK: The fits

    func apply(_ stated: PortfolioFile.Settings, to settings: FitSettings) -> FitSettings {
        var settings = settings
        stated.apply(to: &settings)
        return settings
    }

    func queue(of model: PortfolioFile.Model) throws -> QueueRequest? {
        let stated = model.settings
        var memory: UInt64?
        if let text = stated.memory {
            guard let size = MemorySize(text.value) else {
                throw UserError.unusable("'memory' is '\(text.value)'. Mend: write an amount, as 512M or 4G.")
            }
            memory = UInt64(size.byteCount)
        }
        let request = QueueRequest(
            priority: stated.priority?.value, after: stated.after?.value, deadline: stated.deadline?.value,
            memory: memory, tags: stated.tags?.value)
        do {
            _ = try request.wishes()
        } catch {
            throw UserError.unusable(error.description)
        }
        return request
    }
}

extension PortfolioFile.Settings {
    /// What is said here goes before what the model file says.
    func apply(to settings: inout FitSettings) {
        settings.seed = seed ?? settings.seed
        settings.chains = chains ?? settings.chains
        settings.warmup = warmup ?? settings.warmup
        settings.end(by: until, draws: draws)
        settings.start = start ?? settings.start
        settings.resamples = resamples ?? settings.resamples
    }
}
