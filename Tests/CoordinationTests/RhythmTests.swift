import Coordination
import Testing

@Suite("the rhythm of checkpoints")
struct RhythmTests {
    @Test("of small states is the interval, with four cuts under way")
    func small() {
        var rhythm = CheckpointRhythm(interval: 2, at: 100)
        #expect(!rhythm.isDue(at: 101.9, blockByteCount: 0) && rhythm.isDue(at: 102, blockByteCount: 0))
        // However long the disk takes.
        rhythm.noteCut(stateByteCount: 10_000, blockByteCount: 10_000, at: 102)
        rhythm.noteStored(1, at: 110)
        #expect(rhythm.isDue(at: 110, blockByteCount: 0))
        for _ in 0..<4 {
            #expect(rhythm.mayCut)
            rhythm.noteCut(stateByteCount: 10_000, blockByteCount: 10_000, at: 110)
        }
        #expect(!rhythm.mayCut)
        rhythm.noteStored(1, at: 111)
        #expect(rhythm.mayCut)
        #expect(rhythm.isFull(blockByteCount: 512 << 10) && !rhythm.isFull(blockByteCount: 511 << 10))
    }

    @Test("of states that take long to be stored leaves ten times as long between them, with one cut under way")
    func large() {
        var rhythm = CheckpointRhythm(interval: 2, at: 0)
        rhythm.noteCut(stateByteCount: 200 << 20, blockByteCount: 1 << 20, at: 2)
        #expect(!rhythm.mayCut)
        rhythm.noteStored(1, at: 5)
        #expect(rhythm.mayCut)
        #expect(!rhythm.isDue(at: 31.9, blockByteCount: 0) && rhythm.isDue(at: 32, blockByteCount: 0))
        // A block may grow as its state has, within memory.
        #expect(!rhythm.isFull(blockByteCount: 63 << 20) && rhythm.isFull(blockByteCount: 64 << 20))
    }
}
