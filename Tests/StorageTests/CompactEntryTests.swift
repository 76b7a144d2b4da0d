import Storage
import Testing

@Suite("the compact form of entries") struct CompactEntryTests {
    private let entries = everyEntry(3, digest: digest(1))

    @Test("is theirs of which there are many, and comes back equal")
    func roundTrip() throws {
        var count = 0
        for entry in entries {
            guard let bytes = try CompactEntry.bytes(entry) else { continue }
            count += 1
            #expect(CompactEntry.entry(bytes) == entry)
        }
        #expect(count == 6)
    }

    @Test("no bytes trap who reads them, and none cut short is taken")
    func rubbish() throws {
        for entry in entries {
            guard let bytes = try CompactEntry.bytes(entry) else { continue }
            for count in bytes.indices { #expect(CompactEntry.entry(Array(bytes.prefix(count))) == nil) }
            #expect(CompactEntry.entry(bytes + [0]) == nil)
            for index in bytes.indices {
                for change in [1, 0x80, 0xFF] as [UInt8] {
                    var changed = bytes
                    changed[index] ^= change
                    // Another entry or none; the digest beside it tells them apart.
                    #expect(CompactEntry.entry(changed) != entry)
                }
            }
        }
    }
}
