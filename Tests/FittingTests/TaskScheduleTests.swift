import Fitting
import Kernels
import Testing

@Suite("tasks over workers")
struct TaskScheduleTests {
    /// Servers that are watched in small steps of time: each that is idle takes the first task of the plan that may begin.
    private func simulatedEnd(_ schedule: TaskSchedule, workers: Int) -> Double {
        var waiting =
            schedule.scouts.map { (0, $0) } + schedule.chains.map { (1, $0) } + schedule.resamples.map { (2, $0) }
        var running: [(kind: Int, left: Int)] = []
        var steps = 0
        while !waiting.isEmpty || !running.isEmpty {
            while running.count < workers {
                let hasScouts = waiting.contains { $0.0 == 0 } || running.contains { $0.kind == 0 }
                let first = schedule.chainsWait ? 1 : 2
                guard let place = waiting.firstIndex(where: { $0.0 < first || !hasScouts }) else { break }
                let task = waiting.remove(at: place)
                running.append((task.0, Int(task.1)))
            }
            steps += 1
            for index in running.indices { running[index].left -= 1 }
            running.removeAll { $0.left == 0 }
        }
        return Double(steps)
    }

    @Test("end when servers that take them one by one end")
    func simulation() {
        var stream = RandomStream(key: StreamKey(seed: 3, kind: 99, index: 0), iteration: 0, site: 0)
        func seconds(_ countMax: Double) -> [Double] {
            (0..<Int(stream.uniform() * countMax)).map { _ in Double(1 + Int(stream.uniform() * 12)) }
        }
        for _ in 0..<400 {
            let schedule = TaskSchedule(
                scouts: seconds(5), chains: seconds(10), chainsWait: stream.bit(), resamples: seconds(14))
            for workers in [1, 2, 3, 5, 8, 40] {
                #expect(
                    schedule.end(workers: workers) == simulatedEnd(schedule, workers: workers),
                    "\(schedule) with \(workers)")
            }
        }
    }

    @Test("one worker takes the sum, as many as tasks the longest, with scouts before chains that wait")
    func bounds() {
        let schedule = TaskSchedule(scouts: [2, 3], chains: [5, 4, 6], chainsWait: true, resamples: [1, 1])
        #expect(schedule.end(workers: 1) == 22)
        #expect(schedule.end(workers: 7) == 9)
        let independent = TaskSchedule(scouts: [2, 3], chains: [5, 4, 6], chainsWait: false, resamples: [1, 1])
        #expect(independent.end(workers: 7) == 6)
        // Two chains and a resample end at 8; the last chain could only begin then.
        #expect(TaskSchedule(scouts: [], chains: [8, 8, 8], chainsWait: false, resamples: [2]).end(workers: 2) == 16)
        #expect(TaskSchedule(scouts: [], chains: [], chainsWait: false, resamples: []).end(workers: 3) == 0)
    }

    @Test("the fewest workers are told with which more have nothing left to gain")
    func enough() {
        let even = TaskSchedule(scouts: [], chains: Array(repeating: 10, count: 4), chainsWait: false, resamples: [])
        #expect(even.enoughWorkers() == 4)
        // Two long chains and twenty short tasks: three workers are done when the chains are.
        let mixed = TaskSchedule(
            scouts: [], chains: [20, 20], chainsWait: false, resamples: Array(repeating: 1, count: 20))
        #expect(mixed.enoughWorkers() == 3)
        // What is left beside the tasks makes their end matter less.
        #expect(even.enoughWorkers(before: 1000) == 2)
        #expect(TaskSchedule(scouts: [], chains: [5], chainsWait: false, resamples: []).enoughWorkers() == 1)
    }
}
