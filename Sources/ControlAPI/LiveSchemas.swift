import Cluster
import Coordination
import JSON

/// The shapes of what is watched.
extension Schemas {
    private static let rates: [String: JSONValue] = [
        "iterations_per_second": number("Iterations a second; absent where nothing can be said."),
        "gradients_per_second": number("Evaluations of the gradient a second; absent where nothing can be said."),
    ]

    private static let liveTaskProperties = taskProperties.merging(rates) { $1 }
        .merging(["worker": text("Who runs it; absent while nobody does.")]) { $1 }

    private static let liveJobProperties = summaryProperties.merging(rates) { $1 }
        .merging([
            "seconds_left": number("Seconds until its tasks are done at this pace; absent where it cannot be said."),
            "chains": ["type": "array", "items": reference("LiveTask")],
            "groups": ["type": "array", "items": reference("TaskGroup")], "figures": reference("FormingFigures"),
        ]) { $1 }

    static let live: [String: JSONValue] = [
        "LiveTask": object(
            liveTaskProperties,
            optional: ["step_size", "worker", "iterations_per_second", "gradients_per_second"],
            "A chain or a scout, and how fast it goes."),
        "TaskGroup": object(
            [
                "name": text("What they are: `resamples`."), "tasks": count("How many there are."),
                "done": count("Tasks that are done."), "running": count("Tasks that run."),
                "lost": count("Tasks that failed, were cancelled or are quarantined."),
                "iteration": count("Completed iterations of all."), "iterations": count("All that are planned."),
                "divergences": count("Divergent draws after warm-up."),
            ], "Tasks of one kind that are too many for a line each."),
        "FormingQuantity": object(
            [
                "name": text("`roi[tv]`."), "mean": number("Mean."), "q05": number("5 % quantile."),
                "q50": number("Median."), "q95": number("95 % quantile."),
                "ess_bulk": number("Effective sample size of the bulk; absent where it has no meaning."),
                "ess_tail": number("Effective sample size of the tails; absent where it has no meaning."),
                "r_hat": number("Split R-hat; absent where it has no meaning."),
            ], optional: ["ess_bulk", "ess_tail", "r_hat"], "A reported quantity, of the draws looked at."),
        "Worst": object(
            ["name": text("The quantity."), "value": number("Its figure.")], "The worst of all reported quantities."),
        "FormingFigures": object(
            [
                "chains": count("Chains that have drawn enough to be looked at."),
                "draws": count("Draws that each of them has, at least."),
                "looked_at": count("Draws that were looked at, of all chains together, evenly taken."),
                "highest_r_hat": reference("Worst"), "lowest_bulk_ess": reference("Worst"),
                "lowest_tail_ess": reference("Worst"),
                "quantities": ["type": "array", "items": reference("FormingQuantity")],
            ], optional: ["highest_r_hat", "lowest_bulk_ess", "lowest_tail_ess"],
            "What the draws that have come so far say: of returns of channels each, of all others the worst."),
        "JobLive": object(
            liveJobProperties,
            optional: ["portfolio", "iterations_per_second", "gradients_per_second", "seconds_left", "figures"],
            "A job as it is to be watched."),
        "WaitingJob": object(
            [
                "job": reference("JobSummary"),
                "reason": [
                    "type": "string", "enum": .list(WaitReason.words.map { .text($0) }),
                    "description": "A word for programs; absent where it cannot be said now.",
                ],
                "sentence": text("Why the job waits, and what would change it."),
            ], optional: ["reason"], "A job that waits."),
        "ClusterEvent": object(
            [
                "at": ["type": "string", "format": "date-time", "description": "When, UTC."],
                "level": ["type": "string", "enum": .list(EventLine.levels.map { .text($0) })],
                "kind": ["type": "string", "enum": .list(EventLine.kinds.map { .text($0) })],
                "text": text("What has happened."), "job": job, "task": text("The task that it is about."),
                "worker": text("The worker that it is about."), "details": text("What else is to be said."),
            ], optional: ["job", "task", "worker"], "Something that has happened."),
        "EventList": object(
            ["events": ["type": "array", "items": reference("ClusterEvent")]], "Events, the newest first."),
        "Overview": object(
            [
                "version": text("Of the coordinator."),
                "ready": ["type": "boolean", "description": "Whether work can be stored."],
                "queue": reference("Queue"), "running": ["type": "array", "items": reference("JobLive")],
                "waiting": ["type": "array", "items": reference("WaitingJob")],
                "finished": ["type": "array", "items": reference("JobSummary")],
                "workers": ["type": "array", "items": reference("Worker")],
                "events": ["type": "array", "items": reference("ClusterEvent")],
            ], "The cluster as it is."),
        "Worker": object(
            [
                "name": text("Host and process."), "slots": count("Tasks that it runs at once."),
                "tasks": count("Tasks that it runs now."),
                "memory": count("Bytes of memory that a slot may use; absent where it has not said."),
                "tags": ["type": "array", "items": ["type": "string"], "description": "Its tags."],
                "leaving": ["type": "boolean", "description": "Whether it leaves, or its host ends it soon."],
                "silence_seconds": number("Seconds since it was last heard."),
                "gradients_per_second": number("Evaluations of the gradient a second, of all its tasks."),
                "running": [
                    "type": "array",
                    "items": object(["job": job, "task": text("The task's label.")], "A task that runs."),
                    "description": "What it runs of the jobs that may be seen.",
                ],
            ], optional: ["memory"], "A worker."),
        "WorkerList": object(
            ["workers": ["type": "array", "items": reference("Worker")]], "The workers that are connected."),
    ]
}
