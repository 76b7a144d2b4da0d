import Coordination
import Wire

extension SlotEvent {
    /// What a slot process has said; throws when it makes no sense.
    package init(_ report: SlotReport, blobs: [[UInt8]]) throws(SlotFrameError) {
        func digest(_ text: String) throws(SlotFrameError) -> Digest {
            guard let digest = Digest(text) else { throw .malformed }
            return digest
        }
        func count(_ number: Int) throws(SlotFrameError) -> Int {
            guard number >= 0 else { throw .malformed }
            return number
        }
        switch report {
        case .progress(let iteration, let isWarmingUp, let divergences, let stepSize, let gradientEvaluations):
            self = .progress(
                iteration: try count(iteration), isWarmingUp: isWarmingUp, divergences: try count(divergences),
                stepSize: stepSize, gradientEvaluations: try count(gradientEvaluations))
        case .checkpoint(let iteration, let digests, let before, let after):
            guard digests.count == blobs.count, (1...2).contains(blobs.count) else { throw .malformed }
            // The process that made them has hashed them: to hash a large state here would hold up heartbeats.
            let state = Blob(digest: try digest(digests[0]), bytes: blobs[0])
            let block = blobs.count > 1 ? Blob(digest: try digest(digests[1]), bytes: blobs[1]) : nil
            self = .checkpoint(
                iteration: try count(iteration), state: state, block: block, chainBefore: try digest(before),
                chainAfter: try digest(after))
        case .finished(let result, let gradientEvaluations, let divergences, let cpu, let wall):
            self = .finished(
                digest: try digest(result),
                cost: AttemptCost(
                    gradientEvaluations: try count(gradientEvaluations), divergences: try count(divergences),
                    cpuNanoseconds: cpu, wallNanoseconds: wall))
        case .stopped:
            self = .stopped
        case .failed(let text):
            self = .failed(text: text)
        }
    }
}
