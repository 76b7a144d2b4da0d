import Cluster
import Coordination
import Testing
import Wire

@Suite("frames between an agent and a slot")
struct SlotFrameTests {
    private let report = SlotReport.progress(
        iteration: 3, isWarmingUp: true, divergences: 1, stepSize: 0.5, gradientEvaluations: 70)

    private func words(_ values: [UInt64]) -> [UInt8] {
        values.flatMap { value in (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) } }
    }

    @Test("come back whole however their bytes are cut, one after the other", arguments: [1, 7, 24, 1000])
    func pieces(count: Int) throws {
        let blobs: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 9, count: 5000)]
        let bytes = SlotFrame.encode(report, blobs: blobs) + SlotFrame.encode(SlotReport.stopped, blobs: [])
        var buffer = SlotFrameBuffer()
        var found: [(SlotReport, [[UInt8]])] = []
        for start in stride(from: 0, to: bytes.count, by: count) {
            buffer.append(bytes[start..<min(start + count, bytes.count)])
            while let (message, blobs) = try buffer.next(SlotReport.self) { found.append((message, blobs)) }
        }
        #expect(found.map(\.1) == [blobs, []])
        guard case .progress(3, true, 1, 0.5, 70)? = found.first?.0, case .stopped? = found.last?.0 else {
            Issue.record("\(found)")
            return
        }
    }

    @Test("that are not whole yet are waited for")
    func truncated() throws {
        let bytes = SlotFrame.encode(report, blobs: [[1, 2, 3]])
        for count in 0..<bytes.count {
            var buffer = SlotFrameBuffer()
            buffer.append(bytes[..<count])
            let frame = try buffer.next(SlotReport.self)
            #expect(frame == nil)
        }
    }

    @Test("carry a step size that is no number", arguments: [Double.infinity, -.infinity, .nan])
    func noNumber(stepSize: Double) throws {
        let report = SlotReport.progress(
            iteration: 0, isWarmingUp: true, divergences: 0, stepSize: stepSize, gradientEvaluations: 0)
        var buffer = SlotFrameBuffer()
        buffer.append(SlotFrame.encode(report, blobs: []))
        guard case .progress(_, _, _, let found, _)? = try buffer.next(SlotReport.self)?.message else {
            Issue.record("no progress came back")
            return
        }
        #expect(found == stepSize || found.isNaN && stepSize.isNaN)
    }

    @Test("with lengths that cannot be are refused")
    func impossible() {
        let text = Array("{}".utf8)
        let frames: [[UInt8]] = [
            words([.max, 0, 0]), words([0, .max, 0]), words([0, 0, .max]), words([1 << 63, 1 << 63, 1]),
            words([UInt64(SlotFrame.byteCountMax) + 1, 0, 0]),
            // Blobs that end before they should, after, or in the middle of their length.
            words([2, 8, 2]) + text + words([0]), words([2, 8, 0]) + text + words([0]),
            words([2, 9, 1]) + text + words([2]) + [1], words([2, 9, 1]) + text + words([0]) + [1],
            words([2, 3, 1]) + text + [1, 2, 3], words([2, 8, 1]) + text + words([.max]),
            // A text that is no message.
            words([2, 0, 0]) + text, words([2, 0, 0]) + [0xff, 0xfe], words([0, 0, 0]),
        ]
        for frame in frames {
            var buffer = SlotFrameBuffer()
            buffer.append(frame)
            #expect(throws: (any Error).self, "\(frame)") { _ = try buffer.next(SlotReport.self) }
        }
    }

    @Test("of random and of damaged bytes are refused or waited for, and nothing traps")
    func random() {
        var generator = SystemRandomNumberGenerator()
        let whole = SlotFrame.encode(report, blobs: [[1, 2, 3], [4]])
        for round in 0..<20_000 {
            var bytes = whole
            if round % 2 == 0 {
                // Small lengths, so that bodies are looked at too.
                let lengths = (0..<3).map { _ in UInt64.random(in: 0...40, using: &generator) }
                bytes = words(lengths)
                bytes += (0..<100).map { _ in UInt8.random(in: 0...255, using: &generator) }
            } else {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
                    1 << UInt8.random(in: 0...7, using: &generator)
            }
            var buffer = SlotFrameBuffer()
            buffer.append(bytes)
            guard let frame = try? buffer.next(SlotReport.self) else { continue }
            _ = try? SlotEvent(frame.message, blobs: frame.blobs)
        }
    }

    @Test("with reports that make no sense are refused")
    func senseless() {
        let digest = String(repeating: "ab", count: 32)
        let reports: [(SlotReport, [[UInt8]])] = [
            (.progress(iteration: -1, isWarmingUp: true, divergences: 0, stepSize: 1, gradientEvaluations: 0), []),
            (.progress(iteration: 1, isWarmingUp: true, divergences: -1, stepSize: 1, gradientEvaluations: 0), []),
            (.progress(iteration: 1, isWarmingUp: true, divergences: 0, stepSize: 1, gradientEvaluations: -1), []),
            (.checkpoint(iteration: 1, digests: [], chainDigestBefore: digest, chainDigestAfter: digest), []),
            (.checkpoint(iteration: 1, digests: [digest], chainDigestBefore: digest, chainDigestAfter: digest), []),
            (.checkpoint(iteration: 1, digests: ["x"], chainDigestBefore: digest, chainDigestAfter: digest), [[1]]),
            (.checkpoint(iteration: 1, digests: [digest], chainDigestBefore: "", chainDigestAfter: digest), [[1]]),
            (.checkpoint(iteration: -1, digests: [digest], chainDigestBefore: digest, chainDigestAfter: digest), [[1]]),
        ]
        for (report, blobs) in reports {
            #expect(throws: SlotFrameError.malformed, "\(report)") { _ = try SlotEvent(report, blobs: blobs) }
        }
    }
}
