import Kernels

/// A reordering of a circle of periods by whole blocks: within a block each period keeps what came before it.
package enum BlockShuffle {
    /// By period: the period whose values it gets.
    ///
    /// The circle is cut anywhere with equal chance, into blocks of as many periods as are asked for, or of one or two more
    /// where those do not fill it. Blocks change places along one cycle through all of them (Sattolo, "An algorithm to
    /// generate a random cyclic permutation", Information Processing Letters 22, 1986), so that none is where it was.
    ///
    /// - Parameter block: periods, so few that there are two blocks.
    package static func sources(count: Int, blockLength block: Int, key: StreamKey) -> [Int] {
        precondition(block >= 1 && 2 * block <= count, "one block has no other place")
        var stream = RandomStream(key: key, iteration: 0, site: 0)
        let blocks = count / block
        let cut = below(count, &stream)
        let bounds = (0...blocks).map { $0 * count / blocks }
        var order = Array(0..<blocks)
        for last in (1..<blocks).reversed() { order.swapAt(last, below(last, &stream)) }
        let moved = order.flatMap { Array(bounds[$0]..<bounds[$0 + 1]) }
        var sources = [Int](repeating: 0, count: count)
        for (place, source) in moved.enumerated() { sources[(cut + place) % count] = (cut + source) % count }
        return sources
    }

    /// A whole number from 0 on, each with equal chance.
    private static func below(_ count: Int, _ stream: inout RandomStream) -> Int {
        // A uniform number is below 1, but its product may round to the count.
        min(Int(stream.uniform() * Double(count)), count - 1)
    }
}
