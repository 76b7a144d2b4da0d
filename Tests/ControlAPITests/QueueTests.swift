import Cluster
import Coordination
import Foundation
import HTTPTypes
import Testing
import Wire

@Suite("the queue over HTTP")
struct QueueTests {
    private func body(_ text: String) -> Data { Data(text.utf8) }

    private let json: HTTPFields = [.contentType: "application/json"]

    @Test("pauses and resumes a job, moves it to another class, and says why it waits")
    func changes() async throws {
        let coordinator = try TestCoordinator(entries: [Jobs.submitted(1)] + Jobs.finished(2))
        let paused = try await coordinator.ask(.post, "/v1/jobs/1/pause")
        #expect(try paused.decoded(JobSummary.self).state == "paused")
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/pause").status == 200)
        #expect(try await coordinator.ask(.get, "/v1/jobs/1/why").decoded(WaitReply.self).reason == "paused")
        #expect(try await coordinator.ask(.get, "/v1/jobs?state=paused").decoded(JobPage.self).jobs.count == 1)
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/resume").decoded(JobSummary.self).state == "queued")
        let moved = try await coordinator.ask(
            .post, "/v1/jobs/1/priority", headers: json, body: body("{\"priority\": \"urgent\"}"))
        #expect(try moved.decoded(JobSummary.self).priority == "urgent")
        let why = try await coordinator.ask(.get, "/v1/jobs/1/why").decoded(WaitReply.self)
        #expect(why.reason == "no_worker" && why.sentence.hasPrefix("No worker is connected at all."))
        #expect(try await coordinator.ask(.get, "/v1/jobs/2/why").decoded(WaitReply.self).reason == "over")
        for word in ["pause", "resume"] {
            #expect(try await coordinator.ask(.post, "/v1/jobs/2/\(word)").status == 409)
            #expect(try await coordinator.ask(.post, "/v1/jobs/9/\(word)").status == 404)
        }
        #expect(try await coordinator.ask(.get, "/v1/jobs/9/why").status == 404)
    }

    @Test("pins a job and lists it so, for those who may change it")
    func pins() async throws {
        let coordinator = try TestCoordinator(
            tokens: [("s", .submitter, "default"), ("l", .observer, "default"), ("e", .submitter, "other")],
            entries: [Jobs.submitted(1)] + Jobs.finished(2))
        for job in 1...2 {
            let pinned = try await coordinator.ask(.post, "/v1/jobs/\(job)/pin", token: "s")
            #expect(try pinned.decoded(JobSummary.self).isPinned)
        }
        #expect(try await coordinator.ask(.post, "/v1/jobs/2/pin", token: "s").status == 200)
        let page = try await coordinator.ask(.get, "/v1/jobs", token: "l").decoded(JobPage.self)
        #expect(page.jobs.map(\.isPinned) == [true, true])
        #expect(try await coordinator.ask(.get, "/v1/jobs/1", token: "l").decoded(JobDetail.self).summary.isPinned)
        let unpinned = try await coordinator.ask(.post, "/v1/jobs/1/unpin", token: "s")
        #expect(try !unpinned.decoded(JobSummary.self).isPinned)
        #expect(coordinator.service.isPinned(Jobs.id(2)) && !coordinator.service.isPinned(Jobs.id(1)))
        for word in ["pin", "unpin"] {
            #expect(try await coordinator.ask(.post, "/v1/jobs/2/\(word)", token: "l").status == 403)
            #expect(try await coordinator.ask(.post, "/v1/jobs/2/\(word)", token: "e").status == 404)
            #expect(try await coordinator.ask(.post, "/v1/jobs/9/\(word)", token: "s").status == 404)
        }
        #expect(coordinator.service.isPinned(Jobs.id(2)), "whoever may not change it has not")
    }

    @Test("a pin of what the rule of retention has removed is refused")
    func latePin() async throws {
        let coordinator = try TestCoordinator(entries: Jobs.finished(1), expired: [Jobs.id(1)])
        let reply = try await coordinator.ask(.post, "/v1/jobs/1/pin")
        #expect(reply.status == 409 && reply.problem.contains("Mend: submit it again."))
    }

    @Test("jobs of a portfolio say so, and are listed by its name")
    func portfolios() async throws {
        let coordinator = try TestCoordinator()
        func submit(_ seed: Int, _ portfolio: [String: Any]?) async throws -> Reply {
            let body = try Jobs.submission {
                $0["settings"] = ["chains": 2, "draws": 50, "warmup": 50, "seed": seed]
                if let portfolio { $0["queue"] = ["portfolio": portfolio] }
            }
            return try await coordinator.ask(.post, "/v1/jobs", headers: json, body: body)
        }
        #expect(try await submit(1, ["name": "europe & co", "model": "uk"]).status == 201)
        #expect(try await submit(2, nil).status == 201)
        #expect(try await submit(3, ["name": "asia", "model": "jp"]).status == 201)
        #expect(
            try await submit(1, ["name": "asia", "model": "uk"]).status == 200, "where it stands is not its content")
        let page = try await coordinator.ask(.get, "/v1/jobs?portfolio=europe%20%26%20co").decoded(JobPage.self)
        #expect(page.jobs.map(\.id) == ["1"])
        #expect(page.jobs[0].portfolio == PortfolioPlace(name: "europe & co", model: "uk"))
        let all = try await coordinator.ask(.get, "/v1/jobs").decoded(JobPage.self).jobs
        #expect(all.map(\.portfolio?.name) == ["asia", nil, "europe & co"])
        #expect(try await coordinator.ask(.get, "/v1/jobs?portfolio=none").decoded(JobPage.self).jobs.isEmpty)
        for wrong in [["name": "", "model": "x"], ["name": "x", "model": "a\nb"]] {
            #expect(try await submit(4, wrong).status == 422, "\(wrong)")
        }
        for wrong in [["name": "x"], ["name": "x", "model": "y", "path": "z"], ["name": 1, "model": "y"]]
            as [[String: Any]]
        {
            #expect(try await submit(4, wrong).status == 400, "\(wrong)")
        }
    }

    @Test("a job that is held says so, why, and what can be done; it is resumed")
    func held() async throws {
        let task = TaskID(job: Jobs.id(1), index: 1)
        let coordinator = try TestCoordinator(entries: [
            Jobs.submitted(1), .granted(AttemptID(task: task, epoch: 1), worker: "w"),
            .ended(AttemptID(task: task, epoch: 1), outcome: "boom", lastIteration: 4, blame: .crash),
            .quarantined(task, text: "at iteration 4 on different workers: boom"),
        ])
        let page = try await coordinator.ask(.get, "/v1/jobs?state=held").decoded(JobPage.self)
        #expect(page.jobs.map(\.state) == ["held"] && page.jobs[0].taskCounts.quarantined == 1)
        #expect(page.jobs[0].text == "chain 2 is quarantined: at iteration 4 on different workers: boom")
        #expect(!page.jobs[0].isAtRest, "the other task waits")
        let why = try await coordinator.ask(.get, "/v1/jobs/1/why").decoded(WaitReply.self)
        #expect(why.reason == "held")
        for part in ["chain 2", "boom", "tutti replay 1 chain 2 --state", "tutti resume 1", "tutti cancel 1"] {
            #expect(why.sentence.contains(part), "\(why.sentence)")
        }
        #expect(try await coordinator.ask(.get, "/v1/jobs/1").decoded(JobDetail.self).tasks[1].state == "quarantined")
        #expect(try await coordinator.ask(.get, "/metrics").text.contains("tutti_tasks{state=\"quarantined\"} 1"))
        #expect(try await coordinator.ask(.post, "/v1/jobs/1/resume").decoded(JobSummary.self).state == "running")
    }

    @Test("a class is one that there is, and a higher one is for operators")
    func priorities() async throws {
        let coordinator = try TestCoordinator(
            tokens: [("s", .submitter, "default"), ("o", .operator, "default"), ("l", .observer, "default")],
            entries: [Jobs.submitted(1)])
        func ask(_ token: String, _ text: String) async throws -> Reply {
            try await coordinator.ask(
                .post, "/v1/jobs/1/priority", token: token, headers: json, body: body(text))
        }
        #expect(try await ask("s", "{\"priority\": \"low\"}").status == 200)
        #expect(try await ask("s", "{\"priority\": \"high\"}").status == 403)
        #expect(try await ask("l", "{\"priority\": \"low\"}").status == 403)
        #expect(try await ask("o", "{\"priority\": \"high\"}").status == 200)
        let unknown = try await ask("o", "{\"priority\": \"huge\"}")
        #expect(unknown.status == 422)
        #expect(unknown.problem == "'priority' is 'huge'. Mend: give one of low, normal, high, urgent.")
        #expect(try await ask("o", "{\"priority\": \"low\", \"why\": 1}").status == 400)
        #expect(try await ask("o", "{}").status == 400)
    }

    @Test("a submission says how it stands in the queue")
    func wishes() async throws {
        let coordinator = try TestCoordinator(
            tokens: [("a", .submitter, "brand-a"), ("b", .submitter, "brand-b"), ("o", .operator, "default")])
        func submit(_ token: String, _ queue: [String: Any]) async throws -> Reply {
            let body = try Jobs.submission {
                $0["queue"] = queue
                $0["again"] = true
            }
            return try await coordinator.ask(.post, "/v1/jobs", token: token, headers: json, body: body)
        }
        let first = try await submit("a", ["priority": "low", "memory": 1 << 30, "tags": ["zone=a"]])
        #expect(first.status == 201)
        let job = try #require(coordinator.service.job(Jobs.id(1)))
        #expect(job.priority == -1 && job.project == "brand-a")
        #expect(try await coordinator.ask(.get, "/v1/jobs/1", token: "b").status == 404, "another project's")
        let after = try await submit("b", ["after": ["1"]])
        #expect(after.status == 422 && after.problem == "job 1, which it is to follow, does not exist")
        #expect(try await submit("o", ["after": ["1"], "deadline": "2999-01-01T00:00:00Z"]).status == 201)
        #expect(
            try await coordinator.ask(.get, "/v1/jobs/2/why", token: "o").decoded(WaitReply.self).reason == "after")
        for wrong in [
            ["priority": "huge"], ["after": ["one"]], ["deadline": "tomorrow"], ["deadline": "2001-01-01T00:00:00Z"],
            ["tags": [""]],
        ] as [[String: Any]] {
            let reply = try await submit("o", wrong)
            #expect(reply.status == 422, "\(wrong): \(reply.problem)")
        }
        #expect(try await submit("o", ["memory": -1]).status == 400)
        #expect(try await submit("o", ["urgency": 1]).status == 400)
        #expect(try await submit("a", ["priority": "high"]).status == 403)
    }
}
