import Cluster
import Synchronization
import Testing

@Suite("a cluster of processes on this machine")
struct LocalClusterTests {
    /// Waits until the cluster has given up.
    private func failure(of cluster: LocalCluster) throws -> String {
        try #require(cluster.waitForEnd(.seconds(120)))
        return try #require(cluster.failureText, "the cluster says nothing of its dead workers")
    }

    @Test("says so when its workers have died too often, and how the last one died")
    func deaths() throws {
        let ends = Mutex(0)
        let cluster = LocalCluster(
            workers: 2, program: "/bin/sh", arguments: ["-c", "exit 3"], restarts: RestartLimit(endsMax: 4)
        ) { _ in ends.withLock { $0 += 1 } }
        let text = try failure(of: cluster)
        #expect(text.contains("4 times in a row"))
        #expect(text.contains("exit code 3"))
        #expect(text.contains("Mend: "))
        #expect(ends.withLock { $0 } == 8)
        cluster.stop(patience: .seconds(1))
    }

    @Test("says so when no process can be started")
    func noProgram() throws {
        let cluster = LocalCluster(
            workers: 1, program: "/nowhere/tutti", arguments: [], restarts: RestartLimit(endsMax: 2)
        ) { _ in }
        #expect(try failure(of: cluster).contains("cannot start /nowhere/tutti"))
        cluster.stop(patience: .seconds(1))
    }

    @Test("has workers as long as one of them lives, and ends what it started")
    func living() {
        let cluster = LocalCluster(
            workers: 2, program: "/bin/sh", arguments: ["-c", "exec sleep 1000"], restarts: RestartLimit(endsMax: 1)
        ) { _ in }
        #expect(cluster.failureText == nil)
        cluster.stop(patience: .zero)
        #expect(cluster.failureText == nil)
    }

    @Test("counts ends in a row: whoever has lived long begins a new one")
    func row() {
        var limit = RestartLimit(endsMax: 3, lifeMin: 60)
        limit.noteEnd(afterSeconds: 0.1)
        limit.noteEnd(afterSeconds: 59)
        #expect(!limit.isReached)
        limit.noteEnd(afterSeconds: 60)
        limit.noteEnd(afterSeconds: 1)
        #expect(!limit.isReached)
        limit.noteEnd(afterSeconds: 1)
        #expect(limit.isReached)
    }
}
