import Wire

// Which task goes to which worker, and who gives way.
extension Coordinator {
    /// Gives ready tasks to free slots: by class, then to the project that has had least, then in the order of
    /// submission. Looked at again only when a task, a slot or a right has become free.
    mutating func placeWhatIsReady() {
        guard hasBegun else { return }
        noteBegun()
        takeBackWhatIsLate()
        let hasNews = [needsPlacement, queue.takeNewlyReady(), sessions.takeNewlyFree()].contains(true)
        needsPlacement = false
        guard hasNews else { return }
        while sessions.hasFreeSlots, let (task, session) = nextPlacement() { grant(task, to: session) }
        while let (task, session) = nextPrefetch() { grant(task, to: session) }
        askForRoom()
    }

    private func nextPlacement() -> (TaskID, Session)? {
        guard !queue.ready.isEmpty else { return nil }
        for lane in lanesInTurn {
            guard !isAtCap(lane.project), sessions.bestFree(where: { suits($0, lane.needs) }) != nil else {
                continue
            }
            for job in queue.ready.lanes[lane] ?? [] {
                for index in queue.records[job]?.ready.heads ?? [] {
                    let task = TaskID(job: job, index: UInt32(index))
                    if let session = place(for: task, needs: lane.needs) { return (task, session) }
                }
            }
        }
        return nil
    }

    /// A free slot for the task; not where it ended badly before, unless there is no other worker for it at all.
    private func place(for task: TaskID, needs: TaskNeeds) -> Session? {
        guard let record = queue.task(task) else { return nil }
        let first = sessions.bestFree { fits(record, $0, needs) && !record.avoided.contains($0.worker) }
        guard first == nil, !record.avoided.isEmpty, !hasOther(record, needs: needs) else { return first }
        return sessions.bestFree { fits(record, $0, needs) }
    }

    /// True when the task would be given to the worker if that had a free slot.
    private func mayRun(_ task: TaskID, on session: Session, needs: TaskNeeds) -> Bool {
        guard let record = queue.task(task), fits(record, session, needs) else { return false }
        return !record.avoided.contains(session.worker) || !hasOther(record, needs: needs)
    }

    /// True when a worker could run the task, at once or later, on which it has not ended badly.
    private func hasOther(_ record: TaskRecord, needs: TaskNeeds) -> Bool {
        sessions.all.contains {
            $0.isOpen && $0.slotsMax > 0 && fits(record, $0, needs) && !record.avoided.contains($0.worker)
        }
    }

    private func fits(_ record: TaskRecord, _ session: Session, _ needs: TaskNeeds) -> Bool {
        let tooFew = record.memoryFailures >= settings.tries.memoryFailures - 1 ? record.memoryTooFew : 0
        return suits(session, needs) && (tooFew == 0 || session.offer.memory > tooFew)
    }

    /// The tasks of a lane that differ from one another, as far as that matters here.
    private func waitingTasks(of lane: ReadyJobs.Lane) -> [TaskID] {
        (queue.ready.lanes[lane] ?? []).prefix(Self.waitingJobsMax).flatMap { job in
            (queue.records[job]?.ready.heads ?? []).map { TaskID(job: job, index: UInt32($0)) }
        }
    }

    /// Jobs of a lane for which running attempts are asked to give way at one time.
    private static let waitingJobsMax = 16

    /// True when the worker can run tasks of these needs, with time to bring them to a first checkpoint.
    func suits(_ session: Session, _ needs: TaskNeeds) -> Bool { Self.suits(session, needs, at: now, settings) }

    private static func suits(
        _ session: Session, _ needs: TaskNeeds, at now: Nanoseconds, _ settings: CoordinatorSettings
    ) -> Bool {
        guard session.offer.meets(needs) else { return false }
        return session.offer.walltimeEnd.map {
            !session.takesNothingMore && now + Lifespan.firstCheckpoint(interval: settings.checkpoint) <= $0
        } ?? true
    }

    private mutating func grant(_ task: TaskID, to session: Session) {
        guard let record = queue.task(task) else { return }
        let attempt = AttemptID(task: task, epoch: record.epoch + 1)
        let entry = LedgerEntry.granted(attempt, worker: session.worker)
        queue.apply(entry)
        if session.isFull, let project = queue.records[task.job]?.project {
            prefetched.add(attempt, of: project, at: now)
        }
        sessions.add(Holding(attempt: attempt, isSent: false, isListed: false), to: session.number)
        noteBegun()
        outbox.store(
            entry,
            then: [
                .sendGrant(attempt),
                .log(
                    .granted(
                        attempt, label: record.specification.label, worker: session.worker,
                        fromIteration: record.knownIteration)),
            ])
    }

    // MARK: Who has had how much

    /// What has come to a slot counts from now on.
    private mutating func noteBegun() {
        for attempt in sessions.takeBegun() { noteStart(of: attempt) }
    }

    mutating func noteStart(of attempt: AttemptID) {
        prefetched.remove(attempt)
        guard let record = queue.records[attempt.task.job], !runs.contains(attempt) else { return }
        runs.start(
            attempt, RunningAttempts.Run(priority: record.priority, project: record.project, start: now))
        fairShare.noteStart(record.project, at: now)
    }

    mutating func noteEnd(of attempt: AttemptID) {
        prefetched.remove(attempt)
        guard let run = runs.end(attempt) else { return }
        fairShare.noteEnd(run.project, startedAt: run.start, at: now)
    }

    /// True when the project holds as many slots as it may, with what waits for one at a worker.
    func isAtCap(_ project: String) -> Bool { fairShare.isAtCap(project, with: prefetched.count(of: project)) }

    /// Projects that hold slots or have tasks that wait for one.
    private var wanting: Set<String> {
        Set(queue.ready.lanes.keys.map(\.project)).union(fairShare.holders.map(\.project))
    }

    /// The job is about to wait for slots.
    mutating func enter(_ project: String) {
        fairShare.enter(project, beside: wanting, at: now)
    }

    // MARK: Who gives way

    /// Asks running attempts to give way at their next checkpoint: to a job of a higher class that has no slot it could
    /// use, and to a project that has a slot less than its share while another has one more.
    private mutating func askForRoom() {
        guard !queue.ready.isEmpty else { return }
        for lane in lanesInTurn {
            guard runs.hasOthers(than: lane.project, upTo: lane.priority), !isAtCap(lane.project) else { continue }
            let waiting = queue.ready.lanes[lane]?.reduce(0) { $0 + (queue.records[$1]?.ready.count ?? 0) } ?? 0
            while runs.yieldingCount < waiting, let attempt = yielder(to: lane) { askToYield(attempt) }
            // Lower classes do not take what this one waits for.
            if runs.yieldingCount > 0 { return }
        }
    }

    /// Who is to give way: of the lowest class, of the project that stands highest, who began last.
    private mutating func yielder(to lane: ReadyJobs.Lane) -> AttemptID? {
        let waiting = waitingTasks(of: lane)
        let room = { [sessions] (attempt: AttemptID) in
            guard let session = sessions.holder(of: attempt), session.wouldHaveRoom else { return false }
            // Who gave way for a task that does not go there would do so again and again.
            return waiting.contains { self.mayRun($0, on: session, needs: lane.needs) }
        }
        if let attempt = runs.last(
            below: lane.priority, standing: { standing(of: $0) }, where: room)
        {
            return attempt
        }
        let (slots, wanting) = (sessions.slotCount, wanting)
        let entitlement = { [fairShare] in fairShare.entitlement(of: $0, slots: slots, beside: wanting) }
        let expected = fairShare.running(lane.project) + runs.yieldingCount
        guard Double(expected) + 1 <= entitlement(lane.project) else { return nil }
        let rich = fairShare.holders.filter {
            $0.project != lane.project
                && Double($0.running - runs.yieldingCount(of: $0.project)) - 1 >= entitlement($0.project)
        }
        let turn = Self.turn(settings)
        let projects = Set(rich.map(\.project))
        if let attempt = runs.last(
            of: projects, upTo: lane.priority, startedBefore: now - min(now, turn), where: room)
        {
            return attempt
        }
        nextTurn = runs.firstStart(of: projects, upTo: lane.priority).map { max($0 + turn, now + 1) }
        return nil
    }

    /// How long an attempt runs at least before another project of its class takes its turn, in nanoseconds.
    static func turn(_ settings: CoordinatorSettings) -> Nanoseconds { 10 * settings.checkpoint }

    mutating func askToYield(_ attempt: AttemptID) {
        if prefetched.contains(attempt) { takeBack(attempt) }
        guard runs.noteYielding(attempt) else { return }
        // What waits behind it would take the slot.
        if let session = sessions.holder(of: attempt) {
            sessions.prefetched(of: session.number).forEach { takeBack($0) }
        }
        outbox.afterStored(.yield(attempt))
    }
}

/// What runs, by class and project.
struct RunningAttempts {
    struct Run {
        var priority: Int
        var project: String
        var start: Nanoseconds
        var isYielding = false
    }

    private struct Group: Hashable {
        var priority: Int
        var project: String
    }

    private var runs: [AttemptID: Run] = [:]
    /// In the order in which they began.
    private var groups: [Group: [AttemptID]] = [:]
    /// Those that were asked to give way, in all and by project.
    private(set) var yieldingCount = 0
    private var yielding: [String: Int] = [:]

    func yieldingCount(of project: String) -> Int { yielding[project] ?? 0 }

    mutating func start(_ attempt: AttemptID, _ run: Run) {
        runs[attempt] = run
        groups[Group(priority: run.priority, project: run.project), default: []].append(attempt)
    }

    mutating func end(_ attempt: AttemptID) -> Run? {
        guard let run = runs.removeValue(forKey: attempt) else { return nil }
        if run.isYielding { noteYielding(of: run.project, change: -1) }
        let group = Group(priority: run.priority, project: run.project)
        if let index = groups[group]?.lastIndex(of: attempt) { groups[group]?.remove(at: index) }
        if groups[group]?.isEmpty == true { groups[group] = nil }
        return run
    }

    /// False when it was asked before, or does not run.
    mutating func noteYielding(_ attempt: AttemptID) -> Bool {
        guard runs[attempt]?.isYielding == false else { return false }
        runs[attempt]?.isYielding = true
        noteYielding(of: runs[attempt]!.project, change: 1)
        return true
    }

    private mutating func noteYielding(of project: String, change: Int) {
        yieldingCount += change
        yielding[project, default: 0] += change
    }

    /// When the first began of those that were not asked yet.
    func firstStart(of projects: Set<String>, upTo priority: Int) -> Nanoseconds? {
        groups.filter { projects.contains($0.key.project) && $0.key.priority <= priority }
            .compactMap { _, attempts in
                attempts.lazy.compactMap { runs[$0] }.first { !$0.isYielding }?.start
            }
            .min()
    }

    func contains(_ attempt: AttemptID) -> Bool { runs[attempt] != nil }

    func isYielding(_ attempt: AttemptID) -> Bool { runs[attempt]?.isYielding ?? false }

    /// The job of these waits in another class now.
    mutating func move(_ attempts: [AttemptID], to priority: Int) {
        for attempt in attempts {
            let wasYielding = runs[attempt]?.isYielding ?? false
            guard var run = end(attempt) else { continue }
            run.priority = priority
            start(attempt, run)
            if wasYielding { noteYielding(of: run.project, change: 1) }
        }
    }

    /// True when something runs that might give way to a job of this project and class: of a lower class, or of another
    /// project.
    func hasOthers(than project: String, upTo priority: Int) -> Bool {
        groups.keys.contains { $0.priority < priority || $0.priority == priority && $0.project != project }
    }

    /// Of a class below the priority: the lowest, of the project that stands highest, the last that began.
    func last(
        below priority: Int, standing: (String) -> Double, where suits: (AttemptID) -> Bool
    ) -> AttemptID? {
        let order = groups.keys.filter { $0.priority < priority }
            .map { (group: $0, standing: standing($0.project)) }
            .sorted {
                ($0.group.priority, $1.standing, $0.group.project) < ($1.group.priority, $0.standing, $1.group.project)
            }
        return Self.first(order.map(\.group)) { last(of: $0, startedBefore: .max, where: suits) }
    }

    func last(
        of projects: Set<String>, upTo priority: Int, startedBefore limit: Nanoseconds,
        where suits: (AttemptID) -> Bool
    ) -> AttemptID? {
        let order = groups.keys.filter { projects.contains($0.project) && $0.priority <= priority }
            .sorted { ($0.priority, $0.project) < ($1.priority, $1.project) }
        return Self.first(order) { last(of: $0, startedBefore: limit, where: suits) }
    }

    private static func first(_ groups: [Group], _ last: (Group) -> AttemptID?) -> AttemptID? {
        for group in groups {
            if let attempt = last(group) { return attempt }
        }
        return nil
    }

    private func last(
        of group: Group, startedBefore limit: Nanoseconds, where suits: (AttemptID) -> Bool
    ) -> AttemptID? {
        groups[group]?.last { attempt in
            runs[attempt].map { !$0.isYielding && $0.start <= limit } ?? false && suits(attempt)
        }
    }
}
