import Assistant
import Cluster
import Fitting
import Foundation
import JSON
import Results
import Storage

/// The tools that ask a coordinator.
struct CoordinatorTools: Sendable {
    let client: APIClient
    /// Below which models may be handed in.
    let models: String

    private static let job = ToolParameter("job", .text, "The job's number.", isRequired: true)
    private static let states = [
        "queued", "running", "paused", "held", "assembling", "succeeded", "failed", "cancelled",
    ]

    static let reading = [
        tool(
            "jobs", title: "Jobs of the coordinator",
            "Jobs, the newest first: state, progress, divergences and why a job is in its state.",
            [
                ToolParameter("state", .choice(states), "Only jobs in this state."),
                ToolParameter("portfolio", .text, "Only jobs of this portfolio."),
                ToolParameter("after", .text, "Only jobs older than this one."),
                ToolParameter("limit", .whole(1...JobPage.countMax), "Jobs at the most; 20 where it is left out."),
            ]),
        tool(
            "job", title: "One job with its tasks", "A job with every chain and resample: state, progress, tries.",
            [job]),
        tool("why", title: "Why a job waits", "Why a job waits, or that it does not, and what would change it.", [job]),
        tool(
            "workers", title: "Workers of the coordinator", "The workers that are connected, with slots and tasks.", []),
        tool("queue", title: "How much there is to do", "Jobs and tasks by state, workers and slots.", []),
        tool(
            "job_results", title: "Result files of a finished job",
            "The files of a finished job with their SHA-256. All other tools answer from them: give the job's number as results.",
            [job]),
    ]

    static let submit = Tool(
        "submit", title: "Hand in a fit",
        """
        Uploads a model file and its data as a new job; the same content twice is the same job. It needs a token of the role \
        submitter or operator. Ask the user before it is called.
        """,
        parameters: [
            ToolParameter("model", .text, "The model file, by its path below the folder of models.", isRequired: true),
            ToolParameter("priority", .choice(["low", "normal", "high", "urgent"]), "The class in which it waits."),
        ], answer: schema, isReadOnly: false)

    /// An answer of the API with where it is from.
    private static let schema: JSONValue = [
        "type": "object",
        "properties": [
            "answer": ["type": "object", "description": "What the coordinator says."],
            "meanings": [
                "type": "object", "description": "What its keys mean, with units.",
                "additionalProperties": ["type": "string"],
            ],
            "source": [
                "type": "object", "description": "The request; of what was only read, SHA-256 of the answer's bytes.",
                "properties": ["request": ["type": "string"], "sha256": ["type": "string"]],
                "required": ["request"],
            ],
        ], "required": ["answer", "meanings", "source"], "additionalProperties": false,
    ]

    private static func tool(
        _ name: String, title: String, _ text: String, _ parameters: [ToolParameter]
    ) -> Tool { Tool(name, title: title, text, parameters: parameters, answer: schema) }

    // MARK: Reading

    /// Nil where it is none of these.
    func answer(_ name: String, _ arguments: ToolArguments) async throws -> JSONValue? {
        switch name {
        case "jobs":
            var query = [(name: "limit", value: "\(arguments.whole("limit") ?? 20)")]
            for name in ["state", "portfolio", "after"] {
                if let value = arguments.text(name) { query.append((name, value)) }
            }
            return try await ask(["jobs"], query: query, CommandFiles.jobs)
        case "job": return try await ask(["jobs", try Self.number(arguments)], CommandFiles.job)
        case "why": return try await ask(["jobs", try Self.number(arguments), "why"], CommandFiles.wait)
        case "workers": return try await ask(["workers"], CommandFiles.workers)
        case "queue": return try await ask(["queue"], nil)
        case "job_results":
            return try await ask(["jobs", try Self.number(arguments), "results"], CommandFiles.results)
        default: return nil
        }
    }

    private static func number(_ arguments: ToolArguments) throws -> String {
        let text = arguments.text("job") ?? ""
        guard text.wholeMatch(of: /[1-9][0-9]{0,18}/) != nil else {
            throw ToolRefusal("'\(text)' is no number of a job. Mend: take one from the tool jobs.")
        }
        return text
    }

    /// - Parameter file: what explains the answer's keys.
    private func ask(
        _ parts: [String], query: [(name: String, value: String)] = [], _ file: ResultFile?
    ) async throws -> JSONValue {
        let bytes = Array(try await client.document(parts, query: query))
        guard let answer = JSONValue(parsing: bytes) else {
            throw ToolRefusal("\(client.base) gave an answer that this version does not understand.")
        }
        var digest = DigestBuilder()
        digest.append(bytes)
        let asked = query.isEmpty ? "" : "?" + query.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        let meanings = (file?.fields ?? []).map { field in
            (
                String(field.name.split(separator: ".").last ?? ""),
                JSONValue.text(field.unit.isEmpty ? field.meaning : "\(field.meaning) Unit: \(field.unit).")
            )
        }
        return [
            "answer": answer, "meanings": .mapping(Dictionary(meanings, uniquingKeysWith: { first, _ in first })),
            "source": [
                "request": .text("GET /v1/\(parts.joined(separator: "/"))\(asked)"),
                "sha256": .text(digest.digest.description),
            ],
        ]
    }

    // MARK: Submitting

    /// Whether the token allows it; a coordinator that does not answer allows nothing.
    var maySubmit: Bool {
        get async { (try? await client.caller().maySubmit) ?? false }
    }

    func submit(_ arguments: ToolArguments) async throws -> JSONValue {
        let caller = try await client.caller()
        guard caller.maySubmit else {
            throw ToolRefusal(
                "The token '\(caller.name ?? "")' has the role \(caller.role) and may not submit. Mend: start `tutti mcp` with "
                    + "a token of the role submitter (`tutti tokens new NAME --role submitter`).")
        }
        let input = try ModelInput(path: try path(arguments.text("model") ?? ""))
        let request = SubmissionRequest(
            archive: BundleArchive(input.bundle), settings: SubmissionSettings(FitSettings(input.read.specification)),
            queue: arguments.text("priority").map { QueueRequest(priority: $0) })
        return [
            "answer": try JSONValue(try await client.submit(request)),
            "meanings": [
                "id": "The job's number.", "existed": "Whether the same content was submitted before.",
            ],
            "source": ["request": "POST /v1/jobs"],
        ]
    }

    /// A model's path, which may not leave the folder of models.
    private func path(_ model: String) throws -> String {
        let folder = URL(fileURLWithPath: models).resolvingSymlinksInPath().standardizedFileURL.path
        let file = URL(fileURLWithPath: model, relativeTo: URL(fileURLWithPath: models, isDirectory: true))
            .resolvingSymlinksInPath().standardizedFileURL.path
        guard file.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") else {
            throw ToolRefusal(
                "'\(model)' is not below \(folder). Mend: name a model file there, or start `tutti mcp` with --models DIR."
            )
        }
        return file
    }
}
