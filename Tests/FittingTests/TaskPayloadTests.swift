import Fitting
import MarketingMix
import ModelDefinition
import Testing

@Suite("task payloads")
struct TaskPayloadTests {
    private let settings: FitSettings = {
        var settings = FitSettings(FitFixture.specification)
        settings.seed = .max
        settings.chains = 3
        settings.resamples = 5
        settings.targetAcceptance = 0.85
        return settings
    }()

    @Test("say of the schedule what is unusual, and nothing that they said before")
    func schedule() throws {
        let base = FitSettings(FitFixture.specification)
        var unusual = settings
        unusual.until = .ess
        unusual.start = .pooled
        for task in [FitTask.scout(3), .chain(0)] {
            let payload = TaskPayload(task: task, settings: unusual)
            #expect(try #require(TaskPayload(decoding: payload.encoded, base: base)) == payload)
        }
        #expect(TaskPayload(decoding: TaskPayload(task: .scout(4), settings: unusual).encoded, base: base) == nil)
        #expect(TaskPayload(decoding: TaskPayload(task: .scout(0), settings: settings).encoded, base: base) == nil)
        #expect(TaskPayload(task: .chain(0), settings: settings).encoded.suffix(8).allSatisfy { $0 == 0 })
    }

    @Test("come back from their bytes", arguments: [FitTask.chain(0), .chain(2), .resample(4)])
    func roundTrip(task: FitTask) throws {
        let payload = TaskPayload(task: task, settings: settings)
        let base = FitSettings(FitFixture.specification)
        let decoded = try #require(TaskPayload(decoding: payload.encoded, base: base))
        #expect(decoded == payload)
    }

    @Test("are refused when cut, lengthened or of a task that the plan does not have")
    func refused() {
        let base = FitSettings(FitFixture.specification)
        let bytes = TaskPayload(task: .chain(1), settings: settings).encoded
        for count in 0..<bytes.count { #expect(TaskPayload(decoding: Array(bytes[..<count]), base: base) == nil) }
        #expect(TaskPayload(decoding: bytes + [0], base: base) == nil)
        let beyond = TaskPayload(task: .chain(3), settings: settings).encoded
        #expect(TaskPayload(decoding: beyond, base: base) == nil)
    }

    @Test("with any one byte changed are refused or state another task; none traps")
    func mutations() {
        let base = FitSettings(FitFixture.specification)
        let payload = TaskPayload(task: .resample(3), settings: settings)
        for position in payload.encoded.indices {
            for value in [UInt8(0), 1, 127, 128, 255] where payload.encoded[position] != value {
                var bytes = payload.encoded
                bytes[position] = value
                #expect(TaskPayload(decoding: bytes, base: base) != payload)
            }
        }
    }
}
