import CoordinationSimulation
import Testing

private func chains(_ count: Int, iterations: Int) -> [Scenario.Task] {
    (0..<count).map {
        Scenario.Task(key: UInt64($0 + 1), iterations: iterations, warmUp: 2, stateByteCount: 40, pace: .seconds(1))
    }
}

/// What happens in a world without chance: messages and commits take 1 ms, iterations 1 s, a checkpoint is cut at the
/// first iteration end after 2 s, a lease lasts 15 s, and the fit is submitted at 1 s.
private func timeline(
    _ workers: [Int], _ tasks: [Scenario.Task], _ faults: [PlannedFault] = [],
    change: (inout Scenario) -> Void = { _ in }
) -> String {
    let fit = Scenario.Job(name: "fit", submittedAt: .seconds(1), tasks: tasks)
    var scenario = Scenario(workers: workers, jobs: [fit], faults: faults)
    scenario.calmFrom = .seconds(60)
    change(&scenario)
    var simulation = Simulation(scenario, records: true)
    let report = simulation.run()
    #expect(report.violation == nil)
    return report.timeline.lines.map(\.description).joined(separator: "\n")
}

/// Time, node, event: each is to be checked by eye against the protocol.
@Suite("schedules")
struct ScheduleTests {
    /// Every second iteration end is stored.
    @Test("a plain fit")
    func plain() {
        #expect(
            timeline([2], chains(2, iterations: 6))
                == """
                   0.000  coordinator  starts with 0 entries, epoch 1
                   0.000  worker1      starts
                   0.100  worker1      connected
                   0.195  coordinator  worker1.1 joined with 2 slots
                   0.196  worker1      joined
                   1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                   1.002  coordinator  job 1 chain 2 epoch 1 is granted to worker1.1 from 0
                   1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                   1.005  worker1      job 1 chain 2 epoch 1 starts from 0
                   3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                   3.008  coordinator  job 1 chain 2 epoch 1 is stored up to 2
                   5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                   5.008  coordinator  job 1 chain 2 epoch 1 is stored up to 4
                   7.007  coordinator  job 1 chain 1 epoch 1 is stored up to 6
                   7.008  coordinator  job 1 chain 2 epoch 1 is stored up to 6
                   7.059  client       'fit' has succeeded
                """)
    }

    /// Its last word came at 5.006 s, so its lease ends at 20.006 s; its chain goes on elsewhere from 4.
    @Test("a worker is killed")
    func workerKilled() {
        #expect(
            timeline(
                [1, 1], chains(2, iterations: 10), [PlannedFault(at: .seconds(5.5), .killWorker(0, away: .seconds(60)))]
            )
                == """
                   0.000  coordinator  starts with 0 entries, epoch 1
                   0.000  worker1      starts
                   0.000  worker2      starts
                   0.100  worker1      connected
                   0.100  worker2      connected
                   0.195  coordinator  worker1.1 joined with 1 slots
                   0.196  worker1      joined
                   0.210  coordinator  worker2.1 joined with 1 slots
                   0.211  worker2      joined
                   1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                   1.002  coordinator  job 1 chain 2 epoch 1 is granted to worker2.1 from 0
                   1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                   1.005  worker2      job 1 chain 2 epoch 1 starts from 0
                   3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                   3.008  coordinator  job 1 chain 2 epoch 1 is stored up to 2
                   5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                   5.008  coordinator  job 1 chain 2 epoch 1 is stored up to 4
                   5.500  worker1      is killed
                   7.007  coordinator  job 1 chain 2 epoch 1 is stored up to 6
                   9.007  coordinator  job 1 chain 2 epoch 1 is stored up to 8
                  11.007  coordinator  job 1 chain 2 epoch 1 is stored up to 10
                  20.006  coordinator  lost worker1.1: worker lost
                  20.007  coordinator  job 1 chain 1 epoch 1 ended: worker lost
                  20.008  coordinator  job 1 chain 1 epoch 2 is granted to worker2.1 from 4
                  20.011  worker2      job 1 chain 1 epoch 2 starts from 4
                  22.013  coordinator  job 1 chain 1 epoch 2 is stored up to 6
                  24.013  coordinator  job 1 chain 1 epoch 2 is stored up to 8
                  26.013  coordinator  job 1 chain 1 epoch 2 is stored up to 10
                  26.065  client       'fit' has succeeded
                """)
    }

    /// With it goes the checkpoint that came at 5.006 s: it is sent again, and the attempt keeps its epoch.
    @Test("the coordinator loses its power")
    func coordinatorKilled() {
        #expect(
            timeline(
                [1], chains(1, iterations: 10),
                [
                    PlannedFault(
                        at: .seconds(4.5), .crashCoordinator(.powerLost, afterSteps: 0, away: .seconds(3)))
                ])
                    == """
                       0.000  coordinator  starts with 0 entries, epoch 1
                       0.000  worker1      starts
                       0.100  worker1      connected
                       0.195  coordinator  worker1.1 joined with 1 slots
                       0.196  worker1      joined
                       1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                       1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                       3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                       5.006  coordinator  loses its power
                       8.006  coordinator  starts with 3 entries, epoch 2
                       8.006  worker1      connected
                       8.199  coordinator  worker1.1 joined with 1 slots
                       8.200  worker1      joined
                       8.202  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                       8.203  coordinator  job 1 chain 1 epoch 1 is stored up to 6
                       9.007  coordinator  job 1 chain 1 epoch 1 is stored up to 8
                      11.007  coordinator  job 1 chain 1 epoch 1 is stored up to 10
                      11.059  client       'fit' has succeeded
                    """)
    }

    /// The lease would end at 20.006 s. What was cut meanwhile is stored in order; nobody else is asked.
    @Test("a partition heals before the lease ends")
    func healedBefore() {
        #expect(
            timeline(
                [1, 1], chains(1, iterations: 20),
                [PlannedFault(at: .seconds(5.5), .clog(0, [.toCoordinator, .toWorker], during: .seconds(10)))])
                    == """
                       0.000  coordinator  starts with 0 entries, epoch 1
                       0.000  worker1      starts
                       0.000  worker2      starts
                       0.100  worker1      connected
                       0.100  worker2      connected
                       0.195  coordinator  worker1.1 joined with 1 slots
                       0.196  worker1      joined
                       0.210  coordinator  worker2.1 joined with 1 slots
                       0.211  worker2      joined
                       1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                       1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                       3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                       5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                       5.500  worker1      nothing passes either way
                      11.008  worker1      the coordinator is silent
                      11.500  worker1      the transport gives the connection up
                      15.500  worker1      messages pass again
                      15.500  worker1      connected
                      15.894  coordinator  worker1.1 joined with 1 slots
                      15.895  worker1      joined
                      15.897  coordinator  job 1 chain 1 epoch 1 is stored up to 6
                      15.898  coordinator  job 1 chain 1 epoch 1 is stored up to 8
                      15.898  coordinator  job 1 chain 1 epoch 1 is stored up to 10
                      15.898  coordinator  job 1 chain 1 epoch 1 is stored up to 12
                      16.007  coordinator  job 1 chain 1 epoch 1 is stored up to 15
                      18.007  coordinator  job 1 chain 1 epoch 1 is stored up to 17
                      20.007  coordinator  job 1 chain 1 epoch 1 is stored up to 19
                      21.007  coordinator  job 1 chain 1 epoch 1 is stored up to 20
                      21.059  client       'fit' has succeeded
                    """)
    }

    /// From 20.006 s the chain is free, and goes on elsewhere from 4; the old owner drops it when it is back.
    @Test("a partition heals after the lease has ended")
    func healedAfter() {
        #expect(
            timeline(
                [1, 1], chains(1, iterations: 30),
                [PlannedFault(at: .seconds(5.5), .clog(0, [.toCoordinator, .toWorker], during: .seconds(20)))])
                    == """
                       0.000  coordinator  starts with 0 entries, epoch 1
                       0.000  worker1      starts
                       0.000  worker2      starts
                       0.100  worker1      connected
                       0.100  worker2      connected
                       0.195  coordinator  worker1.1 joined with 1 slots
                       0.196  worker1      joined
                       0.210  coordinator  worker2.1 joined with 1 slots
                       0.211  worker2      joined
                       1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                       1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                       3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                       5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                       5.500  worker1      nothing passes either way
                      11.008  worker1      the coordinator is silent
                      11.500  worker1      the transport gives the connection up
                      20.006  coordinator  lost worker1.1: worker lost
                      20.007  coordinator  job 1 chain 1 epoch 1 ended: worker lost
                      20.008  coordinator  job 1 chain 1 epoch 2 is granted to worker2.1 from 4
                      20.013  worker2      job 1 chain 1 epoch 2 starts from 4
                      22.015  coordinator  job 1 chain 1 epoch 2 is stored up to 6
                      24.015  coordinator  job 1 chain 1 epoch 2 is stored up to 8
                      25.500  worker1      messages pass again
                      25.500  worker1      connected
                      26.015  coordinator  job 1 chain 1 epoch 2 is stored up to 10
                      27.271  coordinator  worker1.1 joined with 1 slots
                      27.272  worker1      joined
                      27.272  worker1      slot 1 is killed
                      28.015  coordinator  job 1 chain 1 epoch 2 is stored up to 12
                      30.015  coordinator  job 1 chain 1 epoch 2 is stored up to 14
                      32.015  coordinator  job 1 chain 1 epoch 2 is stored up to 16
                      34.015  coordinator  job 1 chain 1 epoch 2 is stored up to 18
                      36.015  coordinator  job 1 chain 1 epoch 2 is stored up to 20
                      38.015  coordinator  job 1 chain 1 epoch 2 is stored up to 22
                      40.015  coordinator  job 1 chain 1 epoch 2 is stored up to 24
                      42.015  coordinator  job 1 chain 1 epoch 2 is stored up to 26
                      44.015  coordinator  job 1 chain 1 epoch 2 is stored up to 28
                      46.015  coordinator  job 1 chain 1 epoch 2 is stored up to 30
                      46.067  client       'fit' has succeeded
                    """)
    }

    /// It stops at the next iteration end, leaves when that is stored, and its chain waits for the other worker.
    @Test("a worker drains")
    func drain() {
        #expect(
            timeline(
                [1, 1], chains(2, iterations: 10),
                [PlannedFault(at: .seconds(5.5), .drainWorker(0, away: .seconds(60)))])
                    == """
                       0.000  coordinator  starts with 0 entries, epoch 1
                       0.000  worker1      starts
                       0.000  worker2      starts
                       0.100  worker1      connected
                       0.100  worker2      connected
                       0.195  coordinator  worker1.1 joined with 1 slots
                       0.196  worker1      joined
                       0.210  coordinator  worker2.1 joined with 1 slots
                       0.211  worker2      joined
                       1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                       1.002  coordinator  job 1 chain 2 epoch 1 is granted to worker2.1 from 0
                       1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                       1.005  worker2      job 1 chain 2 epoch 1 starts from 0
                       3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                       3.008  coordinator  job 1 chain 2 epoch 1 is stored up to 2
                       5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                       5.008  coordinator  job 1 chain 2 epoch 1 is stored up to 4
                       5.500  worker1      drains: asked to leave
                       6.007  coordinator  job 1 chain 1 epoch 1 is stored up to 5
                       6.008  coordinator  job 1 chain 1 epoch 1 ended: worker drained
                       6.009  worker1      leaves with code 0
                       6.010  coordinator  worker1.1: drained
                       7.007  coordinator  job 1 chain 2 epoch 1 is stored up to 6
                       9.007  coordinator  job 1 chain 2 epoch 1 is stored up to 8
                      11.007  coordinator  job 1 chain 2 epoch 1 is stored up to 10
                      11.008  coordinator  job 1 chain 1 epoch 2 is granted to worker2.1 from 5
                      11.011  worker2      job 1 chain 1 epoch 2 starts from 5
                      13.013  coordinator  job 1 chain 1 epoch 2 is stored up to 7
                      15.013  coordinator  job 1 chain 1 epoch 2 is stored up to 9
                      16.013  coordinator  job 1 chain 1 epoch 2 is stored up to 10
                      16.065  client       'fit' has succeeded
                    """)
    }

    /// What it has cut is known to be stored at 5.008 s: twenty seconds without a further iteration later it is killed, and the
    /// chain goes on at once from what was stored.
    @Test("a slot stands still")
    func stoppedSlot() {
        #expect(
            timeline([1], chains(1, iterations: 10), [PlannedFault(at: .seconds(5.5), .stopSlot(worker: 0, slot: 0))])
                == """
                   0.000  coordinator  starts with 0 entries, epoch 1
                   0.000  worker1      starts
                   0.100  worker1      connected
                   0.195  coordinator  worker1.1 joined with 1 slots
                   0.196  worker1      joined
                   1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                   1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                   3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                   5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                   5.500  worker1      slot 1 stands still for good
                  25.008  worker1      slot 1 is killed
                  25.008  worker1      job 1 chain 1 epoch 1 ended: the slot process stood still and was killed
                  25.010  coordinator  job 1 chain 1 epoch 1 ended: the slot process stood still and was killed
                  25.011  coordinator  job 1 chain 1 epoch 2 is granted to worker1.1 from 4
                  25.015  worker1      job 1 chain 1 epoch 2 starts from 4
                  27.017  coordinator  job 1 chain 1 epoch 2 is stored up to 6
                  29.017  coordinator  job 1 chain 1 epoch 2 is stored up to 8
                  31.017  coordinator  job 1 chain 1 epoch 2 is stored up to 10
                  31.069  client       'fit' has succeeded
                """)
    }

    /// It is away from 5.006 s on. What is cut meanwhile is on the worker's disk, all draws and the last two states, when the
    /// worker is killed too; whoever takes its place hands it in.
    @Test("a worker is killed while the coordinator is away")
    func spool() {
        #expect(
            timeline(
                [1], chains(1, iterations: 30),
                [
                    PlannedFault(at: .seconds(4.5), .crashCoordinator(.killed, afterSteps: 0, away: .seconds(20))),
                    PlannedFault(at: .seconds(22.5), .killWorker(0, away: .seconds(1))),
                ]
            ) { $0.spool = 1 << 20 }
                == """
                   0.000  coordinator  starts with 0 entries, epoch 1
                   0.000  worker1      starts
                   0.100  worker1      connected
                   0.196  coordinator  worker1.1 joined with 1 slots
                   0.197  worker1      joined
                   1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                   1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                   3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                   5.006  coordinator  is killed
                  10.199  worker1      the coordinator is silent
                  22.500  worker1      is killed
                  23.500  worker1      starts
                  23.500  worker1      hands in 5 outcomes of its spool
                  25.006  coordinator  starts with 3 entries, epoch 2
                  25.100  worker1      connected
                  25.401  coordinator  worker1.2 joined with 1 slots
                  25.402  worker1      joined
                  25.404  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                  25.405  coordinator  job 1 chain 1 epoch 1 is stored up to 6
                  25.405  coordinator  job 1 chain 1 epoch 1 is stored up to 8
                  25.405  coordinator  job 1 chain 1 epoch 1 is stored up to 18
                  25.405  coordinator  job 1 chain 1 epoch 1 is stored up to 20
                  25.405  coordinator  job 1 chain 1 epoch 1 ended: the worker was killed and started again
                  25.405  coordinator  job 1 chain 1 epoch 2 is granted to worker1.2 from 20
                  25.410  worker1      job 1 chain 1 epoch 2 starts from 20
                  27.412  coordinator  job 1 chain 1 epoch 2 is stored up to 22
                  29.412  coordinator  job 1 chain 1 epoch 2 is stored up to 24
                  31.412  coordinator  job 1 chain 1 epoch 2 is stored up to 26
                  33.412  coordinator  job 1 chain 1 epoch 2 is stored up to 28
                  35.412  coordinator  job 1 chain 1 epoch 2 is stored up to 30
                  35.464  client       'fit' has succeeded
                """)
    }

    /// The host ends the worker at 26 s. Of that 5 s are for the drain and 12 s for a start: it leaves at 21 s with its chain
    /// cut, and its successor has no end.
    @Test("a host's time is over")
    func walltime() {
        #expect(
            timeline([1], chains(1, iterations: 24)) {
                $0.walltime = .seconds(26)
                $0.drainLimit = .seconds(5)
                $0.calmFrom = .seconds(20)
            }
                == """
                   0.000  coordinator  starts with 0 entries, epoch 1
                   0.000  worker1      starts
                   0.100  worker1      connected
                   0.195  coordinator  worker1.1 joined with 1 slots
                   0.196  worker1      joined
                   1.002  coordinator  job 1 chain 1 epoch 1 is granted to worker1.1 from 0
                   1.005  worker1      job 1 chain 1 epoch 1 starts from 0
                   3.007  coordinator  job 1 chain 1 epoch 1 is stored up to 2
                   5.007  coordinator  job 1 chain 1 epoch 1 is stored up to 4
                   7.007  coordinator  job 1 chain 1 epoch 1 is stored up to 6
                   9.007  coordinator  job 1 chain 1 epoch 1 is stored up to 8
                  11.007  coordinator  job 1 chain 1 epoch 1 is stored up to 10
                  13.007  coordinator  job 1 chain 1 epoch 1 is stored up to 12
                  15.007  coordinator  job 1 chain 1 epoch 1 is stored up to 14
                  17.007  coordinator  job 1 chain 1 epoch 1 is stored up to 16
                  19.007  coordinator  job 1 chain 1 epoch 1 is stored up to 18
                  20.000  world        from here on nothing goes wrong
                  21.000  worker1      drains: the host's time is nearly over
                  21.007  coordinator  job 1 chain 1 epoch 1 is stored up to 20
                  21.008  coordinator  job 1 chain 1 epoch 1 ended: worker drained
                  21.009  worker1      leaves with code 0
                  21.010  coordinator  worker1.1: drained
                  22.009  worker1      starts
                  22.109  worker1      connected
                  22.202  coordinator  worker1.2 joined with 1 slots
                  22.203  worker1      joined
                  22.203  coordinator  job 1 chain 1 epoch 2 is granted to worker1.2 from 20
                  22.208  worker1      job 1 chain 1 epoch 2 starts from 20
                  24.210  coordinator  job 1 chain 1 epoch 2 is stored up to 22
                  26.210  coordinator  job 1 chain 1 epoch 2 is stored up to 24
                  26.262  client       'fit' has succeeded
                """)
    }
}
