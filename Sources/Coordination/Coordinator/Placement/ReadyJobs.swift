import Wire

/// Jobs with tasks that wait to be granted, apart by what decides their turn: who is of a higher class goes first, then
/// the project that has had least, then who came first.
struct ReadyJobs {
    struct Lane: Hashable {
        var priority: Int
        var project: String
        var needs: TaskNeeds
    }

    /// In the order of submission.
    private(set) var lanes: [Lane: [JobID]] = [:]
    private var laneOfJob: [JobID: Lane] = [:]

    var isEmpty: Bool { lanes.isEmpty }

    /// The job that came first with each kind of need.
    var firstJobs: [TaskNeeds: JobID] {
        Dictionary(lanes.map { ($0.key.needs, $0.value[0]) }, uniquingKeysWith: min)
    }

    /// Puts the job into a lane, or takes it out of all.
    mutating func set(_ job: JobID, _ lane: Lane?) {
        guard laneOfJob[job] != lane else { return }
        if let old = laneOfJob[job] {
            lanes[old]?.removeAll { $0 == job }
            if lanes[old]?.isEmpty == true { lanes[old] = nil }
        }
        laneOfJob[job] = lane
        guard let lane else { return }
        let jobs = lanes[lane] ?? []
        let place = jobs.lastIndex { $0 < job }.map { $0 + 1 } ?? 0
        lanes[lane, default: []].insert(job, at: place)
    }

    /// The lanes in the order in which they are to be served.
    func inTurn(_ standing: (String) -> Double) -> [Lane] {
        // Most of the time there is one.
        if lanes.count == 1, let lane = lanes.first?.key { return [lane] }
        return lanes.map { (lane: $0.key, standing: standing($0.key.project), first: $0.value[0]) }
            .sorted {
                ($1.lane.priority, $0.standing, $0.lane.project, $0.first)
                    < ($0.lane.priority, $1.standing, $1.lane.project, $1.first)
            }
            .map(\.lane)
    }
}
