import Cluster
import Coordination
import Foundation
import HTTPTypes
import HummingbirdCore
import NIOCore

/// Pages for people. The document is for programs and does not have them.
extension API {
    private static let refresh = Operation.Parameter(
        name: "refresh", values: .choice(["off"]), text: "Without scripts: not to read the page anew.")
    private static let eventsMax = 200
    private static let waitingMax = 50
    private static let comparedMax = 200

    var pages: [Operation] {
        var pages = [
            page("showOverview", "/") { call in
                OverviewPage(overview: await overview(call.caller), nights: nightHistories(call.caller)).page
            },
            page(
                "showJobs", "/jobs",
                query: [
                    // A form sends the field where nothing is chosen as well.
                    .init(
                        name: "state", values: .choice(QueueReply.jobStates + [""]), text: "Only jobs in this state."),
                    .init(name: "after", values: .job, text: "Only older ones."),
                ], jobsPage),
            page("showJob", "/jobs/{job}", path: [Self.jobParameter], jobPage),
            page("showQueue", "/queue", queuePage),
            page("showWorkers", "/workers") { call in WorkersPage(workers: workers(call.caller).workers).page },
            page("showEvents", "/events") { call in
                EventsPage(events: Array(events(call.caller).prefix(Self.eventsMax))).page
            },
            page(
                "showComparison", "/compare",
                query: [
                    .init(name: "left", values: .job, text: "The first job."),
                    .init(name: "right", values: .job, text: "The second job."),
                ], comparePage),
        ]
        if nightsFolder != nil {
            pages.append(
                page("showNights", "/nights") { call in
                    guard let nights = nightHistories(call.caller) else {
                        throw Problem(.forbidden, "nights are of no project: this takes a token of the role operator")
                    }
                    return NightsPage(nights: nights).page
                })
        }
        return pages + signingOperations
    }

    /// A page, and as server-sent events what changes of it.
    private func page(
        _ name: String, _ path: String, path parameters: [Operation.Parameter] = [],
        query: [Operation.Parameter] = [], _ build: @escaping @Sendable (Call) async throws -> Page
    ) -> Operation {
        Operation(
            name: name, path: path, summary: "", isPage: true, pathParameters: parameters,
            query: query + [Self.refresh],
            answers: [
                Operation.Answer(
                    status: 200, text: "The page.", content: ["text/html": [:], "text/event-stream": [:]])
            ],
            handler: { call in
                let first = try await build(call)
                let accepted = Acceptance(call.request.headers[.accept])
                if accepted.takes("text/event-stream"), !accepted.takes("text/html") {
                    return PageStream(api: self, call: call, page: build).response
                }
                return frame(call.caller, refreshes: call.query["refresh"] == nil).response(first)
            })
    }

    /// The frame of pages for a caller; nil for one who is not known.
    func frame(_ caller: Caller?, refreshes: Bool = true) -> PageFrame {
        guard let caller else { return PageFrame(places: [], signedIn: nil, refreshes: false) }
        return PageFrame(
            places: Page.Place.allCases.filter { $0 != .nights || nightHistoriesAreShown(caller) },
            signedIn: caller.session == nil ? nil : caller.token?.name, refreshes: refreshes)
    }

    /// Whether a caller's right to look on still holds.
    func isWelcome(_ caller: Caller) -> Bool {
        guard let token = caller.token else { return tokens == nil }
        guard tokens?.holds(token) == true else { return false }
        return caller.session.map { sessions.token(of: $0) != nil } ?? true
    }

    // MARK: What is on them

    /// Nights are of models, which have no project: they are for operators.
    private func nightHistoriesAreShown(_ caller: Caller) -> Bool { nightsFolder != nil && caller.role == .operator }

    private func nightHistories(_ caller: Caller) -> [NightHistory]? {
        guard let nightsFolder, caller.role == .operator else { return nil }
        // A folder that the first night will make is not there yet.
        return (try? NightHistory.all(inFolder: nightsFolder)) ?? []
    }

    private func jobsPage(_ call: Call) -> Page {
        let after = call.query["after"].flatMap { UInt64($0) } ?? .max
        let state = call.query["state"].flatMap { $0.isEmpty ? nil : $0 }
        let jobs = service.jobs.filter { job in
            job.id.number < after && (state == nil || job.state.rawValue == state) && call.caller.sees(job)
        }
        let shown = jobs.suffix(Self.jobsPerPageUnasked).reversed().map(summary)
        return JobsPage(
            jobs: shown, state: state, next: jobs.count > shown.count ? shown.last?.id : nil
        ).page
    }

    private func jobPage(_ call: Call) async throws -> Page {
        let job = try job(call)
        let isWaiting = ClusterOverview.isWaiting(job) || job.state == .held
        let id = String(job.id.number)
        var files: [ResultEntry]?
        var fit: FinishedFit?
        if job.state == .succeeded {
            let folder = service.resultsFolder(of: job.id)
            files = try? ResultEntry.list(in: folder)
            fit = FinishedFit(folder: folder)
        }
        return JobDetailPage(
            job: live(job), sentence: isWaiting ? await reasons(of: [job])[job.id.number]?.sentence : nil,
            events: events(call.caller).filter { $0.job == id }, files: files, fit: fit
        ).page
    }

    private func queuePage(_ call: Call) async -> Page {
        let content = service.content
        let jobs = content.jobs.filter(call.caller.sees)
        let all = ClusterOverview.waiting(jobs)
        let shown = Array(all.prefix(Self.waitingMax))
        let reasons = await reasons(of: shown)
        return QueuePage(
            queue: QueueReply(jobs: jobs, workers: content.workers),
            waiting: shown.map { WaitingJob(summary($0), reasons[$0.id.number]) }, count: all.count
        ).page
    }

    private func comparePage(_ call: Call) throws -> Page {
        let jobs = service.jobs.reversed().filter { $0.state == .succeeded && call.caller.sees($0) }
        func side(_ name: String) throws -> ComparePage.Side? {
            guard let number = call.query[name] else { return nil }
            guard let job = jobs.first(where: { String($0.id.number) == number }) else {
                throw Problem.notFound("there is no job '\(number)' that has succeeded")
            }
            return ComparePage.Side(
                job: summary(job), fit: FinishedFit(folder: service.resultsFolder(of: job.id)))
        }
        return ComparePage(
            choices: jobs.prefix(Self.comparedMax).map(summary), left: try side("left"), right: try side("right")
        ).page
    }
}
