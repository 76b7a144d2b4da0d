import Coordination

/// How many bytes projects may have stored. The bounds are on what is submitted: draws of what runs are stored whatever
/// they take.
struct StorageBounds {
    let shares: [String: ProjectShare]
    let housekeeper: Housekeeper

    /// - Parameters:
    ///   - jobs: all that there are.
    ///   - again: a new job is wanted also where the same content was submitted before.
    /// - Throws: `SubmissionRefusal` where the project has as much as it may; `CoordinatorError` where that cannot be
    ///   measured now.
    func check(_ submission: FitSubmission, beside jobs: [JobSnapshot], again: Bool) throws {
        let project = submission.project
        guard let bytesMax = shares[project]?.bytesMax else { return }
        let own = jobs.filter { Project.of($0) == project }
        // What is there already takes no more room.
        let isThere = own.contains {
            $0.digest == submission.digest && $0.state != .failed && $0.state != .cancelled
                && $0.folded?.isExpired != true
        }
        guard again || !isThere else { return }
        let stored: Int
        do {
            stored = try housekeeper.byteCount(of: own)
        } catch {
            throw CoordinatorError(description: "what the project has stored cannot be measured: \(error)")
        }
        guard stored + submission.bundle.count > bytesMax else { return }
        throw SubmissionRefusal(
            description: "project '\(project)' has \(MemorySize.words(stored)) stored of at most "
                + "\(MemorySize.words(bytesMax)), and this submission has \(MemorySize.words(submission.bundle.count)). "
                + "Mend: let older results go by a rule of retention (`keep_days`, `tutti jobs --unpin`), or ask for more "
                + "(`bytes_max` of the project).")
    }
}
