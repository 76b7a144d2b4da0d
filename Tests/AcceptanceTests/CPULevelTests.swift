import CLinux
import Testing

@Suite("builds for wide vectors")
struct CPULevelTests {
    private func missing(_ level: Int32, _ available: UInt32) -> String? {
        tutti_missing_cpu_feature(level, available).map { String(cString: $0) }
    }

    @Test("a build asks for the features of its level and of no higher one")
    func missingFeatures() {
        #expect(missing(0, 0) == nil && missing(1, 0) == nil)
        #expect(missing(3, 0) == "avx")
        #expect(missing(3, 0b1_1101) == "avx2")
        #expect(missing(3, 0b1_1111) == nil)
        #expect(missing(4, 0b1_1111) == "avx512f")
        #expect(missing(4, 0b11_1111_1111) == nil)
    }

    @Test("the version names the level that the program is compiled for")
    func version() throws {
        let names = [1: "(x86-64)", 3: "(x86-64-v3)", 4: "(x86-64-v4)"]
        let outcome = try TuttiProcess.run(["--version"])
        #expect(outcome.code == 0)
        if let name = names[Int(tutti_compiled_cpu_level())] { #expect(outcome.output.contains(name)) }
    }
}
