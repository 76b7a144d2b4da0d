import Foundation

/// What a coordinator holds of memory while draws pass: workers that compute nothing and hand in blocks as fast as they
/// are stored. Jobs are cancelled before the disk is full.
struct FlowBenchmark {
    /// As long as a slot lets the draws of a small model grow.
    static let blockByteCount = 512 << 10
    /// Of one job, before it is cancelled.
    private static let jobByteCount = 1 << 30

    /// Bytes in all.
    let byteCount: Int

    /// - Parameter crew: workers that pour.
    func rows(_ coordinator: CoordinatorProcess, _ crew: Crew) throws -> [Row] {
        // The first job fills buffers and caches.
        try pass(coordinator, crew) {}
        var memory: [Double] = []
        let begin = Moment.now()
        var passed = 0
        while passed < byteCount { passed += try pass(coordinator, crew) { memory.append(coordinator.memory) } }
        let seconds = Moment.now() - begin
        memory.sort()
        let median = memory[memory.count / 2]
        return [
            Row("draws passed, in blocks of \(Self.blockByteCount >> 10) KiB", Double(passed) / 1e9, "GB"),
            Row("draws stored", Double(passed) / 1e6 / seconds, "MB/s"),
            Row("coordinator's memory meanwhile, median", median / 1e6, "MB"),
            Row(
                "the farthest from it", max(memory[memory.count - 1] - median, median - memory[0]) / 1e6, "MB",
                .atMost(50)),
        ]
    }

    /// Lets one job's draws pass, and calls `look` after each block.
    /// - Returns: bytes.
    @discardableResult
    private func pass(_ coordinator: CoordinatorProcess, _ crew: Crew, look: () -> Void) throws -> Int {
        let before = try crew.observations.wait(for: "draws") { $0.storedByteCount }
        let job = try coordinator.ask("submit 4 0")
        let after = try crew.observations.wait(for: "draws") { content in
            look()
            return content.storedByteCount - before >= Self.jobByteCount ? content.storedByteCount : nil
        }
        _ = try coordinator.ask("cancel \(job)")
        return after - before
    }
}
