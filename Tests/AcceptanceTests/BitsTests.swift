import Testing

struct BitsTests {
    @Test("the numeric core computes the same bits where the C library sees a processor without AVX2 and FMA")
    func maskedProcessor() throws {
        func fingerprint(_ environment: [String: String]) throws -> String {
            let outcome = try TuttiProcess.run(["doctor"], environment: environment)
            #expect(outcome.code == 0, "\(outcome.complaints)")
            let line = try #require(outcome.output.split(separator: "\n").first { $0.hasPrefix("fingerprint ") })
            return try #require(line.split(separator: " ").map(String.init).last)
        }
        let plain = try fingerprint([:])
        #expect(plain.count == 64)
        #expect(try fingerprint(["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA"]) == plain)
        #expect(try fingerprint(["GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-FMA,-AVX,-AVX512F,-FMA4"]) == plain)
    }

    @Test("the program says its version and the level that it was built for")
    func version() throws {
        let outcome = try TuttiProcess.run(["--version"])
        #expect(outcome.code == 0)
        let version = try Regex(#"\d+\.\d+\.\d+ \((x86-64|x86-64-v3|x86-64-v4|arm64|other)\)"#)
        #expect(outcome.output.wholeMatch(of: version) != nil, "\(outcome.output)")
    }
}
