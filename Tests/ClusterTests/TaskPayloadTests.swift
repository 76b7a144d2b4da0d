import Cluster
import Fitting
import Testing

@Suite("task payloads")
struct TaskPayloadTests {
    private let base: FitSettings
    private let settings: FitSettings

    init() throws {
        base = FitSettings(try smallModel(named: "payload").1.specification)
        var settings = base
        settings.seed = .max
        settings.chains = 3
        settings.warmup = 0
        settings.resamples = 5
        settings.targetAcceptance = 0.85
        self.settings = settings
    }

    /// Settings of every kind of task, with tasks that their plans have and one that they do not.
    private var plans: [(settings: FitSettings, tasks: [FitTask], beyond: FitTask)] {
        var alone = settings
        (alone.resamples, alone.blockLength) = (0, nil)
        var pooled = settings
        pooled.until = .ess
        pooled.start = .pooled
        let (calibration, slices, alternatives) = (
            settings.studying(.calibration(replications: 3)),
            settings.studying(.timeSlices(count: 2, horizon: 8)),
            settings.studying(.alternatives(count: 11))
        )
        var (batches, maxima) = (settings, settings)
        batches.resamplesPerTask = 2
        maxima.resampleMethod = .map
        let placebos = settings.studying(.placebo(fits: 2, count: 7))
        return [
            (settings, FitPlan(settings).tasks, .chain(3)),
            (settings, [.chain(0), .chain(2), .resample(4)], .resample(5)),
            (settings, [.scout(3)], .scout(4)),
            (settings, [], .resampleBatch(0)),
            (batches, FitPlan(batches).tasks, .resampleBatch(3)),
            (batches, [], .resample(0)),
            (maxima, FitPlan(maxima).tasks, .resampleBatch(5)),
            (alone, FitPlan(alone).tasks, .scout(0)),
            (settings, [], .replication(0)),
            (pooled, FitPlan(pooled).tasks, .scout(ScoutRun.scouts)),
            (calibration, FitPlan(calibration).tasks, .replication(3)),
            (calibration, [], .chain(0)),
            (slices, FitPlan(slices).tasks, .slice(2, chain: 0)),
            (slices, [], .slice(1, chain: 3)),
            (alternatives, FitPlan(alternatives).tasks, .alternative(11, chain: 0)),
            (placebos, FitPlan(placebos).tasks, .placebo(2, chain: 0)),
        ]
    }

    @Test("come back from their bytes, and are refused of a task that the plan does not have")
    func roundTrip() {
        for (settings, tasks, beyond) in plans {
            for task in tasks {
                let payload = TaskPayload(task: task, settings: settings)
                #expect(TaskPayload(decoding: payload.encoded, base: base) == payload)
            }
            #expect(TaskPayload(decoding: TaskPayload(task: beyond, settings: settings).encoded, base: base) == nil)
        }
    }

    @Test("say nothing of what the model file alone decides")
    func otherBase() {
        var other = base
        other.seed = 77
        other.chains = 9
        other.study = .alternatives(count: 2)
        let payload = TaskPayload(task: .chain(1), settings: settings)
        #expect(TaskPayload(decoding: payload.encoded, base: other) == payload)
    }

    @Test("are refused when cut, lengthened, or written in another way")
    func refused() {
        for (settings, tasks, _) in plans {
            for task in tasks {
                let bytes = TaskPayload(task: task, settings: settings).encoded
                for count in 0..<bytes.count {
                    #expect(TaskPayload(decoding: Array(bytes[..<count]), base: base) == nil)
                }
                #expect(TaskPayload(decoding: bytes + [0], base: base) == nil)
                // Field 15, which is unknown; and the settings a second time, which protobuf would merge.
                #expect(TaskPayload(decoding: bytes + [0x78, 1], base: base) == nil)
                #expect(TaskPayload(decoding: bytes + bytes, base: base) == nil)
            }
        }
    }

    @Test("with numbers that no fit has are refused")
    func ranges() {
        let changes: [(inout FitSettings) -> Void] = [
            { $0.targetAcceptance = 1 }, { $0.targetAcceptance = .nan }, { $0.targetAcceptance = 0 },
            { $0.draws = 0 }, { $0.warmup = Int(Int32.max) }, { $0.resamples = Int(Int32.max) },
            { $0.resamplesPerTask = Int(Int32.max) },
            { $0.study = .timeSlices(count: 1, horizon: 0) }, { $0.study = .placebo(fits: 3, count: 2) },
        ]
        for change in changes {
            var settings = settings
            change(&settings)
            let task: FitTask =
                switch settings.study {
                case nil: .chain(0)
                case .placebo: .placebo(0, chain: 0)
                default: .slice(0, chain: 0)
                }
            #expect(TaskPayload(decoding: TaskPayload(task: task, settings: settings).encoded, base: base) == nil)
        }
    }

    @Test("with any one byte changed are refused or state another task; none traps")
    func mutations() {
        let payload = TaskPayload(task: .resample(3), settings: settings)
        for position in payload.encoded.indices {
            for value in UInt8.min...UInt8.max where payload.encoded[position] != value {
                var bytes = payload.encoded
                bytes[position] = value
                #expect(TaskPayload(decoding: bytes, base: base) != payload)
            }
        }
    }
}

extension FitSettings {
    fileprivate func studying(_ study: Study) -> FitSettings {
        var settings = self
        settings.study = study
        return settings
    }
}
