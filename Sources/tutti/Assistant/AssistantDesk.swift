import Assistant
import Foundation
import JSON

/// Answers what an assistant asks: from results folders, by the code of commands, and from a coordinator.
struct AssistantDesk: Sendable {
    private let folders: ServedFolders
    /// Nil where none was named.
    private let coordinator: CoordinatorTools?
    private let jobs: JobResults?
    private let resources: ResultResources
    private let glossary = Glossary(with: CommandFiles.all)
    private let resultsTools = Dictionary(uniqueKeysWithValues: ResultsTools.all.map { ($0.tool.name, $0) })

    private static let results = Tool(
        "results", title: "Which results there are",
        "The served results folders: name, model, digest of the fit, and whether it has converged.", parameters: [])

    init(folders: ServedFolders, coordinator: CoordinatorTools?) {
        self.folders = folders
        self.coordinator = coordinator
        jobs = coordinator.map { JobResults($0.client) }
        resources = ResultResources(folders)
    }

    /// What an assistant should know before it asks.
    static let instructions = """
        Tutti's marketing-mix results. Ask diagnostics first, and say so where a fit has not converged. Quote every figure \
        with its 90 % interval (q05 to q95), its unit and its source file; never compute figures that no tool gives. \
        response and score_plan answer what-if questions, optimise finds a plan, explain_change says why the KPI changed, \
        evidence says what a figure stands on, glossary what a name means.
        """

    /// All that may be called, offered or not.
    var tools: [Tool] {
        [Self.results] + ResultsTools.all.map(\.tool) + PlanTools.all + [glossary.tool]
            + (coordinator == nil ? [] : CoordinatorTools.reading + [CoordinatorTools.submit])
    }

    func outcome(of work: ProtocolSession.Work) async -> ProtocolSession.Outcome {
        do {
            switch work {
            case .listTools:
                let maySubmit = await coordinator?.maySubmit ?? false
                let offered = tools.filter { $0.isReadOnly || maySubmit }
                return .result(["tools": .list(offered.map(\.value))])
            case .listResources: return .result(resources.list)
            case .readResource(let address): return .result(try resources.read(address))
            case .call(let name, let arguments): return .answer(try await answer(name, arguments))
            }
        } catch let error as ProtocolError {
            return .error(error)
        } catch let refusal as ToolRefusal {
            return refused(refusal.text, work)
        } catch let error as UserError {
            return refused(error.text, work)
        } catch {
            return .error(ProtocolError(.internalError, "\(error)"))
        }
    }

    /// What is no tool has no result that could say what is wrong.
    private func refused(_ text: String, _ work: ProtocolSession.Work) -> ProtocolSession.Outcome {
        if case .call = work { return .refusal(text) }
        return .error(ProtocolError(.internalError, text))
    }

    /// Lets go of what was fetched.
    func end() async { await jobs?.remove() }

    // MARK: Tools

    private func answer(_ name: String, _ arguments: ToolArguments) async throws -> JSONValue {
        if let tool = resultsTools[name] {
            return try tool.answer(arguments, from: try await served(arguments.text("results")).results)
        }
        switch name {
        case Self.results.name: return try servedList()
        case glossary.tool.name: return try glossary.answer(arguments)
        case PlanTools.optimise.name, PlanTools.scorePlan.name:
            return try PlanTools.plan(arguments, from: try await served(arguments.text("results")))
        case PlanTools.compare.name:
            var compared: [ServedFolder] = []
            for name in arguments.texts("results") ?? [] { compared.append(try await served(name)) }
            return try PlanTools.compare(compared)
        case CoordinatorTools.submit.name:
            if let coordinator { return try await coordinator.submit(arguments) }
        default:
            if let answer = try await coordinator?.answer(name, arguments) { return answer }
        }
        throw ProtocolError(.internalError, "The tool '\(name)' has nobody who answers it.")
    }

    private func servedList() throws -> JSONValue {
        var answer = FigureAnswer()
        for served in folders.all { answer.add(try served.results.opened()) }
        if coordinator != nil {
            answer.notes.append("Results of a finished job are asked for by its number; the tool jobs lists jobs.")
        }
        return answer.value
    }

    /// The results that a name means.
    private func served(_ name: String?) async throws -> ServedFolder {
        guard let name else {
            guard let first = folders.all.first else {
                throw ToolRefusal(
                    "Which results? Mend: give the number of a finished job as results; the tool jobs lists them.")
            }
            return first
        }
        if let folder = folders.all.first(where: { $0.results.name == name || $0.folder == name }) { return folder }
        let number = name.hasPrefix("job ") ? String(name.dropFirst(4)) : name
        if let jobs, number.wholeMatch(of: /[1-9][0-9]{0,18}/) != nil { return try await jobs.results(of: number) }
        throw ToolRefusal(
            "There are no results '\(name)'. Mend: \(Tool.mend(for: name, among: folders.all.map(\.results.name)))")
    }
}
