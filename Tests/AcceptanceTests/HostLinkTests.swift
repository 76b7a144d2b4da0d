import Foundation
import Glibc
import Testing

/// What happens to a fit when the wire between its hosts is cut.
@Suite(
    "coordinator and workers on two hosts", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: TwoHosts.obstacle == nil, Comment(rawValue: TwoHosts.obstacle ?? "")))
struct HostLinkTests {
    /// Long enough that a wire can be cut in its midst.
    private static let long = ["--chains", "2", "--warmup", "500", "--draws", "2500", "--resamples", "2"]

    private let site: TwoHostSite

    init() throws { site = try TwoHostSite() }

    @Test("a fit has the bytes of one machine")
    func soundWire() throws {
        let cluster = try site.startCluster(lease: 15)
        defer { cluster.end() }
        try site.expectSameBytes(try site.submit(TwoHostSite.short), TwoHostSite.short)
        let log = cluster.leave()
        #expect(log.count { $0.contains("worker joined") } == 2, "\(log.joined(separator: "\n"))")
        #expect(!log.contains { $0.contains("refused") || $0.contains("lost") })
    }

    @Test("a wire that is cut for less than the lease costs nothing")
    func shortCut() throws {
        let cluster = try site.startCluster(lease: 20)
        defer { cluster.end() }
        let submission = try site.submit(Self.long)
        for worker in cluster.workers { #expect(site.wait(for: 1, "started", in: worker)) }
        try site.hosts.cut()
        // Three heartbeats without an answer: two fifths of the lease.
        for worker in cluster.workers { #expect(site.wait(for: 1, "the coordinator is silent", in: worker)) }
        try site.hosts.mend()
        try site.expectSameBytes(submission, Self.long)
        let log = cluster.leave()
        #expect(!log.contains { $0.contains("worker lost") }, "\(log.joined(separator: "\n"))")
        #expect(try site.place.manifest("remote").tasks.allSatisfy { $0.attempts.count == 1 })
        #expect(try site.place.manifest("remote").recomputedIterations == 0)
    }

    @Test("a wire that is cut for longer than the lease costs work done twice, and no bytes")
    func longCut() throws {
        let cluster = try site.startCluster(lease: 3)
        defer { cluster.end() }
        let submission = try site.submit(Self.long)
        for worker in cluster.workers { #expect(site.wait(for: 1, "started", in: worker)) }
        try site.hosts.cut()
        #expect(site.wait(for: 2, "worker lost", in: cluster.coordinator))
        try site.hosts.mend()
        try site.expectSameBytes(submission, Self.long)
        let log = cluster.leave()
        #expect(log.count { $0.contains("worker joined") } >= 4, "\(log.joined(separator: "\n"))")
        #expect(try site.place.manifest("remote").tasks.contains { $0.attempts.count > 1 })
    }
}
