import Coordination
import Kernels

/// Random decisions of one part of a simulated world. Each part has a stream of its own, so that to leave out a fault
/// does not change what chance decides elsewhere more than it must.
struct Chance {
    /// Who decides: one stream each.
    enum Part: UInt32 {
        case scenario, network, disk, coordinator, worker, slot
    }

    private var stream: RandomStream

    init(seed: UInt64, part: Part, index: Int = 0) {
        stream = RandomStream(
            key: StreamKey(seed: seed, kind: part.rawValue, index: UInt32(index)), iteration: 0, site: 0)
    }

    mutating func happens(_ probability: Double) -> Bool { probability > 0 && stream.uniform() < probability }

    mutating func number(_ range: ClosedRange<Int>) -> Int {
        range.lowerBound + Int(stream.word() % UInt64(range.count))
    }

    mutating func duration(_ range: ClosedRange<Nanoseconds>) -> Nanoseconds {
        range.lowerBound + stream.word() % (range.upperBound - range.lowerBound + 1)
    }

    /// Short more often than long: uniform in the logarithm.
    mutating func skewedDuration(_ range: ClosedRange<Nanoseconds>) -> Nanoseconds {
        let ratio = Double(range.upperBound) / Double(range.lowerBound)
        return Nanoseconds(Double(range.lowerBound) * Elementary.exp(stream.uniform() * Elementary.log(ratio)))
    }

    mutating func element<Element>(of elements: [Element]) -> Element { elements[number(0...elements.count - 1)] }
}
