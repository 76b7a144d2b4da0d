import Coordination

/// Whose work a job is: a name that tokens carry.
package enum Project {
    /// Where jobs go that nobody gave a project.
    package static let fallback = "default"

    /// The project of a job.
    package static func of(_ job: JobSnapshot) -> String { job.project }
}
