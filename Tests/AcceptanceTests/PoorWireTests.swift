import Foundation
import Glibc
import Testing

/// What crosses a wire that is narrow or loses packets. Not one suite with the cuts of `HostLinkTests`: both wait more than
/// they compute, and go on side by side.
@Suite(
    "coordinator and workers on two hosts with a poor wire", .serialized, .timeLimit(.minutes(5)),
    .enabled(if: TwoHosts.obstacle == nil, Comment(rawValue: TwoHosts.obstacle ?? "")))
struct PoorWireTests {
    private let site: TwoHostSite

    init() throws { site = try TwoHostSite() }

    @Test("a wire that loses three of ten packets loses nothing of a fit")
    func lossyWire() throws {
        let cluster = try site.startCluster(lease: 15)
        defer { cluster.end() }
        try site.hosts.losePackets(tenths: 3)
        try site.expectSameBytes(try site.submit(TwoHostSite.short), TwoHostSite.short)
        #expect(try site.hosts.lostPackets() > 20)
    }

    @Test("data that two workers of one host share cross the wire once, and a second job's not at all")
    func shared() throws {
        let byteCount = 8_000_000
        let model = try site.place.writeBulkyModel(byteCount: byteCount)
        let cluster = try site.startCluster(lease: 15, cache: site.place.path("cache"))
        defer { cluster.end() }
        let plan = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "0"]
        try site.expectSameBytes(try site.submit(plan, model: model), plan, model: model)
        let once = try site.hosts.receivedByteCount()
        #expect(once > byteCount && once < byteCount * 3 / 2, "\(once) bytes")
        for worker in cluster.workers { #expect(worker.waitForComplaint { $0.contains("started") }) }
        let again = try site.submit(plan + ["--seed", "7"], model: model).wait()
        #expect([0, 3].contains(again.code), "\(again.complaints)")
        #expect(try site.hosts.receivedByteCount() - once < byteCount / 2)
    }

    @Test(
        "large data cross a narrow wire to two workers without holding up a heartbeat",
        arguments: [("10mbit", 5_000_000), ("2mbit", 1_500_000)])
    func narrowWire(rate: String, byteCount: Int) throws {
        let model = try site.place.writeBulkyModel(byteCount: byteCount)
        let cluster = try site.startCluster(lease: 3)
        defer { cluster.end() }
        try site.hosts.narrow(to: rate)
        let plan = ["--chains", "2", "--warmup", "60", "--draws", "60", "--resamples", "0"]
        try site.expectSameBytes(try site.submit(plan, model: model), plan, model: model)
        let log = cluster.leave()
        #expect(!log.contains { $0.contains("worker lost") }, "\(log.joined(separator: "\n"))")
        #expect(log.count { $0.contains("worker joined") } == 2)
        for worker in cluster.workers { #expect(!worker.wait().complaints.contains("the coordinator is silent")) }
    }
}
