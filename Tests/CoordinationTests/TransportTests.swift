import Coordination
import Testing
import Wire

@Suite("the transport of states")
struct TransportTests {
    @Test(
        "takes a state of any size: that of 5,000 parameters with a dense metric is stored and comes back to the byte")
    func large() throws {
        // The lower triangles of a metric and of the covariance that adapts it.
        let parameters = 5000
        let task = SyntheticTask(stateByteCount: 8 * parameters * (parameters + 1), drawByteCount: 3 << 20)
        #expect(task.stateByteCount > 200_000_000)
        var transport = Transport(task, seed: 1)
        #expect(transport.run { $0.ledger.contains { if case .checkpointed = $0 { true } else { false } } })
        let state = try #require(transport.coordinator.snapshot(of: JobID(1)))
        #expect(state.tasks[0].iteration == 1)
        #expect(transport.disk.values.contains { $0.count == task.stateByteCount })
        // Another worker goes on from it: its slot is handed the same bytes.
        transport.replaceWorker()
        #expect(transport.run { $0.resumedFrom.last == 1 })
        #expect(transport.longestFrame <= Limits.frameByteCountMax)
        #expect(transport.failures == ["worker ended"])
    }

    @Test("lets heartbeats go between the parts of a state")
    func heartbeats() {
        var transport = Transport(SyntheticTask(stateByteCount: 20 << 20, drawByteCount: 10), seed: 1)
        // Its 80 parts and more take 8 s and more on this slow link, four intervals of heartbeats.
        transport.turnDuration = Transport.second / 10
        #expect(transport.run { $0.disk.values.contains { $0.count == 20 << 20 } })
        #expect(transport.heartbeatsAmongParts >= 3)
        #expect(transport.longestFrame <= Limits.frameByteCountMax)
    }

    /// 10 Mbit/s.
    private static let narrow = 1.25e6

    @Test(
        "holds no heartbeat up on a wire of 10 Mbit/s, whatever travels",
        arguments: [(1000, 1000), (250_000, 250_000), (900_000, 500_000), (8 << 20, 8 << 20)])
    func narrowWire(stateByteCount: Int, drawByteCount: Int) {
        let task = SyntheticTask(stateByteCount: stateByteCount, drawByteCount: drawByteCount)
        var transport = Transport(task, seed: 1)
        transport.bytesPerSecond = Self.narrow
        #expect(transport.run { $0.ledger.count { if case .checkpointed = $0 { true } else { false } } >= 3 })
        // The last state comes back to another worker.
        transport.replaceWorker()
        #expect(transport.run { $0.isAssembled })
        #expect(transport.failures == ["worker ended"])
        #expect(transport.longestHeartbeat < Transport.second / 2)
    }

    @Test("keeps nothing of a state that has been replaced, or whose task is done")
    func released() {
        let task = SyntheticTask(stateByteCount: 3 << 20, drawByteCount: 2 << 20)
        var transport = Transport(task, seed: 1)
        #expect(transport.run { $0.isAssembled })
        let blocks = Set((0..<SyntheticTask.iterations).map { task.block($0).digest })
        #expect(Set(transport.disk.keys) == blocks)
        #expect(transport.arriving.isEmpty)
    }

    @Test(
        "is exact whatever is lost and whoever is killed, with small states, large ones and large draws",
        arguments: [(1000, 1000), (3 << 20, 1000), (1 << 20, 2 << 20), ((1 << 20) + 1, (1 << 20) + 1)])
    func disturbed(stateByteCount: Int, drawByteCount: Int) throws {
        let task = SyntheticTask(stateByteCount: stateByteCount, drawByteCount: drawByteCount)
        for seed in 0..<12 as Range<UInt64> {
            var transport = Transport(task, seed: seed)
            transport.lossProbability = 0.05
            for kill in 0..<6 as Range<UInt64> {
                _ = transport.run(turns: Int(7 + 13 * (seed + kill) % 40)) { $0.isAssembled }
                if transport.isAssembled { break }
                if (seed + kill) % 2 == 0 { transport.restartCoordinator() } else { transport.replaceWorker() }
            }
            #expect(transport.run { $0.isAssembled }, "seed \(seed)")
            let snapshot = try #require(transport.coordinator.snapshot(of: JobID(1)))
            #expect(snapshot.tasks[0].blocks == (0..<SyntheticTask.iterations).map { task.block($0).digest })
            #expect(snapshot.tasks[0].result == task.chain(SyntheticTask.iterations))
            #expect(snapshot.tasks[0].blocks.allSatisfy { transport.disk[$0]?.count == drawByteCount })
            #expect(transport.arriving.isEmpty)
            transport.restartCoordinator()
            #expect(transport.disk.count == SyntheticTask.iterations)
        }
    }

    @Test("refuses a state that is not what its digest says, and the attempt is made again")
    func damaged() {
        var transport = Transport(SyntheticTask(stateByteCount: 3 << 20, drawByteCount: 10), seed: 1)
        transport.damagedPart = 4
        #expect(transport.run { $0.isAssembled })
        #expect(transport.failures == ["a blob that is not what its digest says was refused"])
        #expect(transport.resumedFrom == [0, 0])
    }
}
