import Wire

/// When a running task cuts a checkpoint. Small states follow the interval that was asked for. Large ones take long to
/// be stored: they are cut so rarely that this stays a small part of the work, and in such numbers that memory holds
/// them.
package struct CheckpointRhythm {
    /// Draws in hand beyond which a checkpoint of a small state is cut early: few are lost with a slot, and few are held.
    package static let blockByteCountMin = 512 << 10
    /// No block is larger, whatever its state.
    private static let blockByteCountMax = 64 << 20
    /// Cuts, and bytes in them, that may wait to be stored; one of any size may.
    private static let waitingMax = 4
    private static let waitingByteCountMax = 32 << 20
    /// Storing takes at most one part in so many of the time.
    private static let storingShare: Double = 10

    private let interval: Double
    private var waiting: [(cutAt: Double, byteCount: Int)] = []
    private var pause: Double = 0
    private var stateByteCount = 0
    private var lastCut: Double

    /// - Parameters:
    ///   - interval: seconds between two cuts that are stored in no time.
    ///   - now: a moment of any clock, in seconds.
    package init(interval: Double, at now: Double) {
        self.interval = interval
        lastCut = now
    }

    /// True while another cut may join those that wait.
    package var mayCut: Bool {
        waiting.isEmpty
            || waiting.count < Self.waitingMax
                && waiting.reduce(stateByteCount) { $0 + $1.byteCount } <= Self.waitingByteCountMax
    }

    /// Draws of so many bytes are not to be kept in hand.
    package func isFull(blockByteCount: Int) -> Bool {
        blockByteCount >= max(Self.blockByteCountMin, min(stateByteCount, Self.blockByteCountMax))
    }

    package func isDue(at now: Double, blockByteCount: Int) -> Bool {
        now - lastCut >= max(interval, pause) || isFull(blockByteCount: blockByteCount)
    }

    /// - Parameter now: when the cut was begun.
    package mutating func noteCut(stateByteCount: Int, blockByteCount: Int, at now: Double) {
        self.stateByteCount = stateByteCount
        waiting.append((now, stateByteCount + blockByteCount))
        lastCut = now
    }

    /// The oldest `count` cuts are stored.
    package mutating func noteStored(_ count: Int, at now: Double) {
        for cut in waiting.prefix(count) where stateByteCount > Limits.frameByteCountMax {
            pause = Self.storingShare * (now - cut.cutAt)
        }
        waiting.removeFirst(min(count, waiting.count))
    }
}
