/// What a project may have of the cluster.
package struct ProjectShare: Sendable, Hashable, Codable {
    /// Its share of slot time beside other projects that want some: twice the weight, twice the time. Above 0.
    package var weight: Double
    /// Slots that it holds at once at most; nil without a bound.
    package var slotsMax: Int?
    /// Tasks that it has unfinished at most: a submission beyond is refused; nil without a bound.
    package var tasksMax: Int?
    /// Bytes that are stored for its jobs at most: a submission beyond is refused, by who stores them; nil without a bound.
    package var bytesMax: Int?

    package init(weight: Double = 1, slotsMax: Int? = nil, tasksMax: Int? = nil, bytesMax: Int? = nil) {
        self.weight = weight
        self.slotsMax = slotsMax
        self.tasksMax = tasksMax
        self.bytesMax = bytesMax
    }
}

/// Slot time of each project against its weight, by stride scheduling (Waldspurger and Weihl 1995): who stands lowest is
/// served first. Counted from this coordinator's start.
struct FairShare {
    private struct Project {
        /// Slot time of what has ended, in nanoseconds over the weight.
        var used: Double = 0
        /// When the attempts began that run now, and their sum: slot time so far is `count × now − sum`.
        var running = 0
        var starts: Double = 0
    }

    private let shares: [String: ProjectShare]
    private var projects: [String: Project] = [:]
    /// Mean duration of an attempt, in nanoseconds: what a new one is taken to use, so that slots that are given in one
    /// moment are shared too.
    private var meanDuration: Double = 1_000_000_000

    init(shares: [String: ProjectShare]) {
        self.shares = shares
    }

    func share(of project: String) -> ProjectShare { shares[project] ?? ProjectShare() }

    func running(_ project: String) -> Int { projects[project]?.running ?? 0 }

    /// True when the project holds as many slots as it may.
    /// - Parameter waiting: grants that wait for a slot and count as holding one.
    func isAtCap(_ project: String, with waiting: Int) -> Bool {
        guard let slotsMax = share(of: project).slotsMax else { return false }
        return running(project) + waiting >= slotsMax
    }

    /// How much the project has had, in nanoseconds of slot time over its weight.
    /// - Parameter waiting: grants that wait for a slot: each is taken to use as much as others did.
    func standing(of project: String, with waiting: Int = 0, at now: Nanoseconds) -> Double {
        guard waiting > 0 || projects[project] != nil else { return 0 }
        let state = projects[project] ?? Project()
        let underWay =
            Double(state.running) * Double(now) - state.starts + Double(state.running + waiting) * meanDuration
        return state.used + underWay / share(of: project).weight
    }

    /// The slots that the project's weight entitles it to, of `slots` in all, beside projects that want some.
    func entitlement(of project: String, slots: Int, beside wanting: Set<String>) -> Double {
        let weights = wanting.union([project]).sorted().reduce(0) { $0 + share(of: $1).weight }
        return Double(slots) * share(of: project).weight / weights
    }

    /// Projects that hold slots, with how many.
    var holders: [(project: String, running: Int)] {
        projects.filter { $0.value.running > 0 }.map { ($0.key, $0.value.running) }.sorted { $0.project < $1.project }
    }

    /// The project wants slots again: while it wanted none it has not saved up what others have used.
    mutating func enter(_ project: String, beside wanting: Set<String>, at now: Nanoseconds) {
        guard running(project) == 0, !wanting.contains(project) else { return }
        let floor = wanting.sorted().map { standing(of: $0, at: now) }.min() ?? 0
        projects[project, default: Project()].used = max(projects[project]?.used ?? 0, floor)
    }

    mutating func noteStart(_ project: String, at now: Nanoseconds) {
        projects[project, default: Project()].running += 1
        projects[project, default: Project()].starts += Double(now)
    }

    mutating func noteEnd(_ project: String, startedAt start: Nanoseconds, at now: Nanoseconds) {
        guard var state = projects[project], state.running > 0 else { return }
        let duration = Double(now) - Double(start)
        state.running -= 1
        state.starts -= Double(start)
        state.used += duration / share(of: project).weight
        projects[project] = state
        meanDuration += (duration - meanDuration) / 16
    }
}
