import Cluster
import Coordination
import JSON

/// The shapes of bodies, as JSON Schema 2020-12.
enum Schemas {
    static func reference(_ name: String) -> JSONValue { ["$ref": .text("#/components/schemas/\(name)")] }

    static func object(
        _ properties: [String: JSONValue], optional: Set<String> = [], _ description: String
    ) -> JSONValue {
        [
            "type": "object", "description": .text(description), "properties": .mapping(properties),
            "required": .list(properties.keys.filter { !optional.contains($0) }.sorted().map { .text($0) }),
            "additionalProperties": false,
        ]
    }

    static func text(_ description: String) -> JSONValue {
        ["type": "string", "description": .text(description)]
    }

    static func count(_ description: String) -> JSONValue {
        ["type": "integer", "minimum": 0, "description": .text(description)]
    }

    static func number(_ description: String) -> JSONValue {
        ["type": "number", "description": .text(description)]
    }

    static let job: JSONValue = [
        "type": "string", "pattern": "^[1-9][0-9]*$", "description": "The job's number.",
    ]
    private static let priority: JSONValue = [
        "type": "string", "enum": .list(PriorityClass.allCases.map { .text("\($0)") }),
        "description": "The class in which it waits; high and urgent are for operators.",
    ]
    private static let digest: JSONValue = [
        "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "SHA-256 of its bytes.",
    ]

    private static let portfolio = object(
        ["name": text("The portfolio's name."), "model": text("What the portfolio calls this job's model.")],
        "With which others a job was submitted.")

    private static let taskStates = ["ready", "leased", "done", "quarantined", "failed", "cancelled"]

    static let summaryProperties: [String: JSONValue] = [
        "id": job, "name": text("The model's name."), "project": text("Whose work it is."), "portfolio": portfolio,
        "pinned": [
            "type": "boolean", "description": "Whether its results are kept whatever the rule of retention says.",
        ],
        "state": [
            "type": "string",
            "enum": .list(QueueReply.jobStates.map { .text($0) }),
            "description": "The last three are final.",
        ],
        "priority": text("The class in which it waits: low, normal, high or urgent, or a number."),
        "text": text("Why it is in its state, where that needs saying."),
        "submitted_at": ["type": "string", "format": "date-time", "description": "When it was submitted, UTC."],
        "task_counts": reference("TaskCounts"),
        "iteration": count("Completed iterations of all tasks, warm-up counted."),
        "iterations": count("All that are planned."), "divergences": count("Divergent draws after warm-up."),
        "recomputed_iterations": count("Iterations known to have been run more than once."),
    ]

    static let taskProperties: [String: JSONValue] = [
        "label": text("`chain 1`, `resample 7`."),
        "state": ["type": "string", "enum": .list(taskStates.map { .text($0) })],
        "iteration": count("Completed iterations, warm-up counted."),
        "iterations": count("All that are planned."),
        "warming_up": ["type": "boolean", "description": "Whether the latest iteration adapted."],
        "divergences": count("Divergent draws after warm-up."),
        "step_size": ["type": "number", "description": "The latest step size; absent before there is one."],
        "gradient_evaluations": count("Evaluations of the gradient."), "attempts": count("Tries."),
        "start_iteration": count("From which the latest try went on."),
    ]

    static let all = settled.merging(live) { $1 }

    private static let settled: [String: JSONValue] = [
        "Problem": [
            "type": "object", "description": "An error, in the fields of RFC 9457.",
            "properties": [
                "title": text("The status in words."), "status": ["type": "integer"],
                "detail": text("What is wrong, and after `Mend:` what to do."),
            ], "required": ["title", "status", "detail"], "additionalProperties": false,
        ],
        "TaskCounts": object(
            Dictionary(
                uniqueKeysWithValues: taskStates.map {
                    ($0, count("Tasks that are \($0)."))
                }), "How many tasks are in each state."),
        "JobSummary": object(summaryProperties, optional: ["portfolio"], "A job without its tasks."),
        "JobDetail": object(
            summaryProperties.merging(["tasks": ["type": "array", "items": reference("Task")]]) { $1 },
            optional: ["portfolio"],
            "A job with its tasks."),
        "Task": object(taskProperties, optional: ["step_size"], "A chain, a resample, or a run of a study."),
        "Event": object(
            [
                "event": ["type": "string", "enum": ["progress", "over"]],
                "data": [
                    "type": "string", "contentMediaType": "application/json",
                    "contentSchema": ["anyOf": [reference("JobSummary"), reference("JobDetail")]],
                    "description": "A JobSummary; a JobDetail where tasks were asked for.",
                ],
            ], "A server-sent event."),
        "JobPage": object(
            [
                "jobs": ["type": "array", "items": reference("JobSummary")],
                "next": [
                    "type": ["string", "null"],
                    "description": "What to give as `after` for the next page; null on the last.",
                ],
            ], "Jobs, the newest first."),
        "JobReference": object(
            [
                "id": job,
                "existed": ["type": "boolean", "description": "Whether the same content was submitted before."],
            ],
            "What became of a submission."),
        "Submission": object(
            [
                "archive": object(
                    [
                        "name": text("The model file's name."), "model": text("The model file."),
                        "data": [
                            "type": "object",
                            "additionalProperties": ["type": "string", "contentEncoding": "base64"],
                            "description": "Data files in base64, by the paths that the model file names them by.",
                        ],
                    ], "Model and data."),
                "settings": reference("Settings"), "again": again, "queue": reference("QueueWishes"),
            ], optional: ["settings", "again", "queue"], "A fit to run."),
        "QueueWishes": object(
            [
                "priority": priority,
                "after": [
                    "type": "array", "maxItems": .whole(QueueRequest.followedMax),
                    "items": job, "description": "Jobs that have to succeed first.",
                ],
                "deadline": [
                    "type": "string", "format": "date-time", "description": "When the job is given up.",
                ],
                "memory": count("Bytes of memory that one slot must have."),
                "tags": [
                    "type": "array", "maxItems": 32,
                    "items": ["type": "string", "minLength": 1, "maxLength": 128],
                    "description": "Tags that a worker must have.",
                ], "portfolio": portfolio,
            ], optional: ["priority", "after", "deadline", "memory", "tags", "portfolio"],
            "How the job stands in the queue; no part of what it computes."),
        "Priority": object(["priority": priority], "A class."),
        "Wait": object(
            [
                "job": job,
                "reason": [
                    "type": "string", "enum": .list(WaitReason.words.map { .text($0) }),
                    "description": "A word for programs.",
                ],
                "sentence": text("Why the job waits, and what would change it."),
            ], "Why a job waits."),
        "SubmissionForm": object(
            [
                "model": [
                    "type": "string", "contentMediaType": "application/yaml",
                    "description": "The model file, with its name as the part's file name.",
                ],
                "data": [
                    "type": "array", "items": ["type": "string", "contentMediaType": "application/octet-stream"],
                    "description":
                        "Data files, a part each, with the path that the model file names it by as its file name.",
                ], "settings": reference("Settings"), "again": again, "queue": reference("QueueWishes"),
            ], optional: ["data", "settings", "again", "queue"], "A fit to run, as a form."),
        "Settings": settings,
        "ResultList": object(
            [
                "job": job,
                "files": [
                    "type": "array",
                    "items": object(
                        [
                            "name": text("The file's name."), "media_type": text("What is in it."),
                            "bytes": count("Its size."), "sha256": digest,
                        ], "A file."),
                ],
            ], "The files of a job's results."),
        "Caller": object(
            [
                "name": text("The token's name; absent without tokens."),
                "role": ["type": "string", "enum": .list(TokenRole.allCases.map { .text($0.rawValue) })],
                "project": text("Where its submissions go."),
            ], optional: ["name"], "Who asks."),
        "Queue": object(
            [
                "jobs": object(
                    Dictionary(
                        uniqueKeysWithValues: QueueReply.jobStates.map { ($0, count("Jobs that are \($0).")) }),
                    "Jobs by state."),
                "tasks": reference("TaskCounts"), "workers": count("Workers that are connected."),
                "slots": count("Tasks that they can run at once."), "busy_slots": count("Tasks that they run now."),
            ], "How much there is to do, and who does it."),
    ]

    private static let again: JSONValue = [
        "type": "boolean", "description": "A new job also where the same content was submitted before.",
    ]

    private static let settings: JSONValue = {
        var properties: [String: JSONValue] = [
            "seed": ["type": "integer", "minimum": 0, "description": "Seed of every random number, below 2⁶⁴."]
        ]
        for (name, words) in SubmissionSettings.words {
            properties[name] = ["type": "string", "enum": .list(words.map { .text($0) })]
        }
        for (name, range) in SubmissionSettings.ranges {
            properties[name] = [
                "type": "integer", "minimum": .whole(range.lowerBound), "maximum": .whole(range.upperBound),
            ]
        }
        return object(
            properties, optional: Set(properties.keys), "Sampling; what is absent is as the model file says.")
    }()
}
